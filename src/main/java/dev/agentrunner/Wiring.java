package dev.agentrunner;

import dev.agentrunner.cli.CommandLineInterface;
import dev.agentrunner.cli.Screen;
import java.io.Console;
import java.io.FileOutputStream;
import java.io.FileDescriptor;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** Puts the program together: which adapter stands behind which port. */
final class Wiring {

  private Wiring() {}

  /** The command line of this process: its terminal, environment, folder and clock. */
  static CommandLineInterface commandLine() {
    Map<String, String> environment = System.getenv();
    Path here = Path.of("").toAbsolutePath();
    InstantSource clock = InstantSource.system();
    return new CommandLineInterface(
        new CommandLineInterface.Tools(
            new LocalWorkbench(here, environment, clock, System.err::println),
            screen(environment),
            System.in,
            clock,
            Version.line(),
            Runtime.getRuntime()::halt));
  }

  private static Screen screen(Map<String, String> environment) {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    boolean ink =
        terminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    boolean attended = terminal && environment.getOrDefault("CI", "").isEmpty();
    return new Screen(System.out, System.err, ink, attended);
  }
}
