package dev.agentrunner;

import dev.agentrunner.cli.CommandLineInterface;
import dev.agentrunner.cli.Screen;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** The program as somebody in a folder meets it: arguments in; exit code and output out. */
final class FrontDoor {

  private final Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] typed = {};
  private boolean ink;
  private String path = System.getenv("PATH");

  FrontDoor(Path folder) {
    this.folder = folder;
  }

  /** With programs found in {@code place} before all others. */
  FrontDoor withPath(Path place) {
    path = place + File.pathSeparator + path;
    return this;
  }

  /** What standard input holds from now on. */
  void type(byte[] bytes) {
    typed = bytes.clone();
  }

  void wantColours() {
    ink = true;
  }

  int run(String... args) {
    out.reset();
    err.reset();
    Map<String, String> environment = Map.of("PATH", path);
    ProcessMask mask = new ProcessMask(environment);
    Screen screen =
        new Screen(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            ink,
            false);
    InstantSource clock = InstantSource.system();
    return new CommandLineInterface(
            new CommandLineInterface.Tools(
                new LocalWorkbench(folder, environment, clock, notice -> {}, mask),
                screen.masked(mask),
                new ByteArrayInputStream(typed),
                clock,
                "agent-runner test",
                code -> {}))
        .run(args);
  }

  /** What the last run printed. */
  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What the last run complained of. */
  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
