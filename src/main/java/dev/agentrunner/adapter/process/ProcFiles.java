package dev.agentrunner.adapter.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What Linux tells of its processes, proc(5). A process may be gone by the time that it is asked
 * about.
 */
final class ProcFiles {

  private ProcFiles() {}

  /** Whether {@code /proc} is there and numbers processes as the JDK does. */
  static boolean usable() {
    try {
      String self = new File("/proc/self").getCanonicalFile().getName();
      return self.equals(Long.toString(ProcessHandle.current().pid()));
    } catch (IOException e) {
      return false;
    }
  }

  /** Numbers of all processes. */
  static LongStream pids() {
    String[] names = new File("/proc").list();
    return Stream.of(names == null ? new String[0] : names)
        .filter(name -> Character.isDigit(name.charAt(0)))
        .mapToLong(Long::parseLong);
  }

  /**
   * The number that was last given to a process or thread; numbers go up until they start again at
   * the bottom.
   */
  static Optional<Long> lastPid() {
    return read("loadavg")
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip())
        .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)));
  }

  /** How many threads there are on the machine. */
  static Optional<Long> tasks() {
    return read("loadavg")
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
        .map(line -> Long.parseLong(line.substring(line.indexOf('/') + 1).split(" ")[0]));
  }

  static Optional<Stat> stat(long pid) {
    return read(pid + "/stat")
        .map(bytes -> Stat.parse(pid, new String(bytes, StandardCharsets.ISO_8859_1)));
  }

  /**
   * Its environment, as it was started with or as it has overwritten it; empty if it may not be
   * read.
   */
  static Optional<byte[]> environ(long pid) {
    return read(pid + "/environ");
  }

  static Optional<byte[]> limits(long pid) {
    return read(pid + "/limits");
  }

  static boolean exists(long pid) {
    return new File("/proc/" + pid).exists();
  }

  private static Optional<byte[]> read(String name) {
    try (var in = new FileInputStream("/proc/" + name)) {
      return Optional.of(in.readAllBytes());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * One process.
   *
   * @param state such as {@code S}, {@code Z}
   * @param startTicks since boot; together with the number it tells one process from all others
   */
  record Stat(long pid, char state, long parent, long session, long flags, long startTicks) {

    private static final long KERNEL_THREAD = 0x0020_0000;

    static Stat parse(long pid, String line) {
      // The name is in brackets and may hold anything, brackets and spaces too; what follows the
      // last one is regular.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
      return new Stat(
          pid,
          fields[0].charAt(0),
          Long.parseLong(fields[1]),
          Long.parseLong(fields[3]),
          Long.parseLong(fields[6]),
          Long.parseLong(fields[19]));
    }

    /**
     * Whether it still runs code: one that has ended and only waits for its parent to notice does
     * not.
     */
    boolean alive() {
      return state != 'Z' && state != 'X';
    }

    boolean kernelThread() {
      return (flags & KERNEL_THREAD) != 0;
    }
  }
}
