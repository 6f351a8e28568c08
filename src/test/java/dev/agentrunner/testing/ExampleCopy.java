package dev.agentrunner.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of the examples that ship, without what somebody's own runs left behind. */
public final class ExampleCopy {

  private ExampleCopy() {}

  /** Copies the example of that name into {@code folder}, which is made, and returns it. */
  public static Path of(String example, Path folder) throws IOException {
    return tree(Path.of("examples", example), folder);
  }

  /** The same with all examples, each in a folder of its name. */
  public static Path all(Path folder) throws IOException {
    try (Stream<Path> examples = Files.list(Path.of("examples"))) {
      for (Path example : examples.filter(Files::isDirectory).toList()) {
        tree(example, folder.resolve(example.getFileName().toString()));
      }
    }
    return folder;
  }

  private static Path tree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path name = from.relativize(file);
        if (ships(name)) {
          Path copy = to.resolve(name.toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    return to;
  }

  private static boolean ships(Path name) {
    boolean kept = name.startsWith(".agent-runner");
    return !name.startsWith("work") && (!kept || name.endsWith("config.yml"));
  }
}
