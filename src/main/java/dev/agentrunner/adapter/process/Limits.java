package dev.agentrunner.adapter.process;

import dev.agentrunner.port.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Bounds that the kernel keeps for each process, set by a program that turns into the command. */
final class Limits {

  private static final Path OURS = Path.of("/proc/self/limits");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final int NAME_LENGTH = 26;

  private Limits() {}

  /** Put before a command; empty where the machine has no such program. */
  static List<String> before(Optional<String> prlimit, Confinement confinement) {
    if (prlimit.isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>(List.of(prlimit.get()));
    words.add(limit("--nproc", "Max processes", confinement.processesMax()));
    words.add(limit("--fsize", "Max file size", confinement.fileBytesMax()));
    words.add("--core=0");
    memoryBytes().ifPresent(bytes -> words.add(limit("--data", "Max data size", bytes)));
    return words;
  }

  /** Nobody may raise a limit that was set before. */
  private static String limit(String option, String name, long most) {
    long least = Math.min(most, ours(name).orElse(most));
    return option + "=" + least;
  }

  private static OptionalLong ours(String name) {
    return lines(OURS)
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(NAME_LENGTH).strip().split(" +")[1])
        .filter(hard -> !hard.equals("unlimited"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  /** One process that wants more than the machine has is told so, instead of all being killed. */
  private static OptionalLong memoryBytes() {
    return lines(MEMORY)
        .filter(line -> line.startsWith("MemTotal:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst();
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      return Stream.of();
    }
  }
}
