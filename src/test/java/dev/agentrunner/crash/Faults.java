package dev.agentrunner.crash;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Everything that can go wrong around a run short of its being killed. */
final class Faults {

  private final Cases cases;
  private final long seed;

  Faults(Program program, Path folder, PrintStream out, long seed) {
    this.cases = new Cases(program, folder, out);
    this.seed = seed;
  }

  /** Those with the clock alone; returns how many were found broken. */
  int checkClock() throws IOException, InterruptedException {
    new ClockFaults(cases).check();
    return cases.broken();
  }

  /** Returns how many cases were found broken. */
  int check() throws IOException, InterruptedException {
    new SignalFaults(cases).check();
    new LockFaults(cases, seed).check();
    new DiskFaults(cases).check();
    new DamageFaults(cases).check();
    new HookFaults(cases).check();
    new ClockFaults(cases).check();
    return cases.broken();
  }
}
