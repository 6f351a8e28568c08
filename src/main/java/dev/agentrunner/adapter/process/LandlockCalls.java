package dev.agentrunner.adapter.process;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;

/**
 * Gives up rights of the calling thread, for good: landlock(7), seccomp(2) and capabilities(7), by
 * the one function of the C library that makes any call. Whatever the thread starts has given them
 * up too; the other threads have not.
 */
final class LandlockCalls {

  private static final MethodHandle SYSCALL = syscall();

  private static final int CREATE_RULESET = 444;
  private static final int ADD_RULE = 445;
  private static final int RESTRICT_SELF = 446;
  private static final long ASK_VERSION = 1;
  private static final long BENEATH_PATH = 1;

  /** Bind and connect. */
  private static final long TCP = 3;

  /** Signals to processes, and abstract sockets, outside of what the thread starts. */
  private static final long SCOPES = 3;

  private static final int ABI_OF_SCOPES = 6;

  private static final long HERE = -100;
  private static final long PATH_ONLY_CLOSE_ON_EXEC = 0x28_0000;
  private static final long NO_NEW_PRIVILEGES = 38;
  private static final long DROP_FROM_BOUNDING_SET = 24;
  private static final int CAPABILITIES_MAX = 63;
  private static final long SET_SECCOMP = 22;
  private static final long FILTER = 2;

  private LandlockCalls() {}

  /** Numbers that differ between processors. */
  private record Numbers(int openat, int close, int prctl, int socket, int auditArch) {

    static final Numbers NONE = new Numbers(-1, -1, -1, -1, 0);

    static Numbers ofThisProcessor() {
      return switch (System.getProperty("os.arch")) {
        case "amd64" -> new Numbers(257, 3, 157, 41, 0xC000_003E);
        case "aarch64" -> new Numbers(56, 57, 167, 198, 0xC000_00B7);
        default -> NONE;
      };
    }
  }

  @SuppressWarnings("restricted") // The launcher, the jar and the native image allow it.
  private static MethodHandle syscall() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.firstVariadicArg(1));
  }

  private static long call(long number, long a, long b, long c, long d, long e) {
    try {
      return (long) SYSCALL.invokeExact(number, a, b, c, d, e);
    } catch (Throwable thrown) {
      throw new IllegalStateException("a call that takes and gives numbers", thrown);
    }
  }

  /** The version of the kernel's interface; 0 or less where there is none. */
  static int abi() {
    boolean known =
        System.getProperty("os.name").equals("Linux")
            && !Numbers.ofThisProcessor().equals(Numbers.NONE);
    return known ? (int) call(CREATE_RULESET, 0, 0, ASK_VERSION, 0, 0) : 0;
  }

  /**
   * From now on this thread has, of {@code handled}, only the rights given.
   *
   * @param rights what may be done at and below each path
   * @param network whether it may make sockets other than those between processes
   */
  static void restrict(int abi, long handled, Map<Path, Long> rights, boolean network) {
    Numbers numbers = Numbers.ofThisProcessor();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(24, 8);
      set.set(JAVA_LONG, 0, handled);
      set.set(JAVA_LONG, 8, network ? 0 : TCP);
      set.set(JAVA_LONG, 16, abi >= ABI_OF_SCOPES ? SCOPES : 0);
      long size = abi >= ABI_OF_SCOPES ? 24 : 16;
      long ruleset = must(call(CREATE_RULESET, set.address(), size, 0, 0, 0), "make rules");
      rights.forEach((path, allowed) -> allow(arena, numbers, ruleset, path, allowed));
      for (long capability = 0; capability <= CAPABILITIES_MAX; capability++) {
        // Refused to those who have none; then there is nothing to give up.
        long _ = call(numbers.prctl, DROP_FROM_BOUNDING_SET, capability, 0, 0, 0);
      }
      must(call(numbers.prctl, NO_NEW_PRIVILEGES, 1, 0, 0, 0), "give up new privileges");
      must(call(RESTRICT_SELF, ruleset, 0, 0, 0, 0), "restrict itself");
      long _ = call(numbers.close, ruleset, 0, 0, 0, 0);
      if (!network) {
        MemorySegment program = SocketFilter.program(arena, numbers.auditArch, numbers.socket);
        must(call(numbers.prctl, SET_SECCOMP, FILTER, program.address(), 0, 0), "give up sockets");
      }
    }
  }

  /** A path that is gone by now needs no rule. */
  private static void allow(Arena arena, Numbers numbers, long ruleset, Path path, long allowed) {
    MemorySegment name = arena.allocateFrom(path.toString());
    long opened = call(numbers.openat, HERE, name.address(), PATH_ONLY_CLOSE_ON_EXEC, 0, 0);
    if (opened < 0) {
      return;
    }
    // Packed: 12 bytes without a gap.
    MemorySegment rule = arena.allocate(12, 8);
    rule.set(JAVA_LONG_UNALIGNED, 0, allowed);
    rule.set(JAVA_INT_UNALIGNED, 8, (int) opened);
    long added = call(ADD_RULE, ruleset, BENEATH_PATH, rule.address(), 0, 0);
    long _ = call(numbers.close, opened, 0, 0, 0, 0);
    must(added, "allow " + path);
  }

  private static long must(long answer, String what) {
    if (answer < 0) {
      throw new IllegalStateException("Landlock: this thread could not " + what);
    }
    return answer;
  }
}
