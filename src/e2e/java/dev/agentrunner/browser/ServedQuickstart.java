package dev.agentrunner.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The real program, serving a copy of the quickstart on a port of its own; its model plays from the
 * cassette that ships with it.
 */
final class ServedQuickstart implements AutoCloseable {

  private static final String LISTENING = "Listening on ";
  private static final String KEY = "The first key, shown this once: ";

  private final Process program;
  private final String address;
  private String key = "";

  /**
   * @param folder to make the project and the server's files in
   * @param options of {@code serve}
   */
  ServedQuickstart(Path folder, String... options) {
    try {
      Path project = folder.resolve("demo");
      copy(Path.of("examples/quickstart"), project);
      Path home = Files.createDirectories(folder.resolve("home"));
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "--enable-native-access=ALL-UNNAMED",
                  "-Duser.home=" + home,
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.agentrunner.Main",
                  "serve",
                  "--port",
                  "0",
                  "--project",
                  "demo=" + project));
      command.addAll(List.of(options));
      ProcessBuilder builder = new ProcessBuilder(command).directory(project.toFile());
      builder.environment().put("HOME", home.toString());
      program = builder.redirectErrorStream(true).start();
      address = read(program.inputReader(), List.of(options).contains("--init"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path name = from.relativize(file);
        boolean leftover = name.startsWith("work") || name.startsWith(".agent-runner/runs");
        if (!leftover) {
          Path copy = to.resolve(name.toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }

  private String read(BufferedReader out, boolean withKey) throws IOException {
    String found = "";
    List<String> said = new ArrayList<>();
    while (found.isEmpty() || (withKey && key.isEmpty())) {
      String line = out.readLine();
      if (line == null) {
        throw new AssertionError("serve ended: " + said);
      }
      said.add(line);
      if (line.startsWith(LISTENING)) {
        found = line.substring(LISTENING.length());
      } else if (line.startsWith(KEY)) {
        key = line.substring(KEY.length());
      }
    }
    return found;
  }

  /** Such as {@code http://127.0.0.1:49152}. */
  String address() {
    return address;
  }

  /** The key that {@code --init} made. */
  String key() {
    return key;
  }

  @Override
  public void close() {
    program.destroyForcibly().onExit().join();
  }
}
