package dev.agentrunner;

import dev.agentrunner.cli.CommandLineInterface;
import dev.agentrunner.cli.Screen;
import java.io.Console;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Puts the program together: which adapter stands behind which port. */
final class Wiring {

  private Wiring() {}

  /**
   * The command line of this process: its terminal, environment, folder and clock.
   *
   * @param halt ends the process at once
   */
  static CommandLineInterface commandLine(IntConsumer halt) {
    Map<String, String> environment = System.getenv();
    Path here = Path.of("").toAbsolutePath();
    InstantSource clock = InstantSource.system();
    ProcessMask mask = new ProcessMask(environment);
    Screen screen = screen(environment).masked(mask);
    // What is logged goes the same way as all else, through the mask.
    System.setErr(screen.err());
    return new CommandLineInterface(
        new CommandLineInterface.Tools(
            new LocalWorkbench(here, environment, clock, screen.err()::println, mask),
            screen,
            System.in,
            clock,
            Version.line(),
            halt));
  }

  private static Screen screen(Map<String, String> environment) {
    boolean terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    boolean ink =
        terminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    boolean attended = terminal && environment.getOrDefault("CI", "").isEmpty();
    return new Screen(System.out, System.err, ink, attended);
  }
}
