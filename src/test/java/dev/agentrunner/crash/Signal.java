package dev.agentrunner.crash;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Signals of the system; sent without a program in between, as that would take milliseconds. */
@SuppressWarnings("restricted")
enum Signal {
  HUP(1),
  INT(2),
  KILL(9),
  TERM(15),
  CONT(18),
  STOP(19);

  private static final MethodHandle SEND =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /** Sends it to {@code process} alone. */
  void to(Process process) {
    send((int) process.pid());
  }

  /** Sends it to the process group that {@code leader} leads. */
  void toGroupOf(Process leader) {
    send((int) -leader.pid());
  }

  private void send(int target) {
    try {
      // Whether anybody was left to take it is for the caller to see.
      int ignored = (int) SEND.invokeExact(target, number);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
