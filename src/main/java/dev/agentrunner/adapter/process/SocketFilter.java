package dev.agentrunner.adapter.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A program for the kernel that refuses sockets other than those between processes of the machine,
 * as Landlock knows of TCP alone. See seccomp(2); each instruction is a code, how far to jump if
 * true and if false, and a number.
 */
final class SocketFilter {

  private static final int LOAD = 0x20;
  private static final int EQUAL = 0x15;
  private static final int AT_LEAST = 0x35;
  private static final int RETURN = 0x06;

  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int FIRST_ARGUMENT = 16;

  private static final int ALLOWED = 0x7FFF_0000;

  /** {@code EPERM}. */
  private static final int REFUSED = 0x0005_0001;

  private static final int AF_UNIX = 1;

  /** Rings take orders that no filter sees, sockets among them. */
  private static final int IO_URING_SETUP = 425;

  /** From here on the numbers are those of another way to make calls, x32. */
  private static final int OTHER_NUMBERS = 0x4000_0000;

  private SocketFilter() {}

  /**
   * Valid as long as {@code arena} is open.
   *
   * @param architecture the only one whose calls are known
   * @param socket the number of socket(2)
   */
  static MemorySegment program(Arena arena, int architecture, int socket) {
    int[][] instructions = {
      {LOAD, 0, 0, ARCHITECTURE},
      {EQUAL, 0, 7, architecture},
      {LOAD, 0, 0, NUMBER},
      {AT_LEAST, 5, 0, OTHER_NUMBERS},
      {EQUAL, 4, 0, IO_URING_SETUP},
      {EQUAL, 0, 2, socket},
      {LOAD, 0, 0, FIRST_ARGUMENT},
      {EQUAL, 0, 1, AF_UNIX},
      {RETURN, 0, 0, ALLOWED},
      {RETURN, 0, 0, REFUSED},
    };
    MemorySegment code = arena.allocate(8L * instructions.length, 8);
    for (int i = 0; i < instructions.length; i++) {
      code.set(JAVA_SHORT, 8L * i, (short) instructions[i][0]);
      code.set(JAVA_BYTE, 8L * i + 2, (byte) instructions[i][1]);
      code.set(JAVA_BYTE, 8L * i + 3, (byte) instructions[i][2]);
      code.set(JAVA_INT, 8L * i + 4, instructions[i][3]);
    }
    MemorySegment program = arena.allocate(16, 8);
    program.set(JAVA_SHORT, 0, (short) instructions.length);
    program.set(ADDRESS, 8, code);
    return program;
  }
}
