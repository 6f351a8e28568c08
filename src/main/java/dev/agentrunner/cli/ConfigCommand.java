package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Sources;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code config}. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Look at the configuration.")
final class ConfigCommand implements Runnable {

  private final Tools tools;

  @Spec private CommandSpec spec;

  ConfigCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private Prepared prepare(Place place) {
    return tools
        .workbench()
        .prepare(
            new Sources(
                place.directory(), place.config(), Optional.empty(), Map.of(), Optional.empty()));
  }

  @Command(
      name = "validate",
      mixinStandardHelpOptions = true,
      description = "Check the configuration; every fault is shown with its place and a cure.")
  int validate(@Mixin Place place) {
    Prepared prepared = prepare(place);
    prepared.warnings().forEach(tools.screen().err()::println);
    tools
        .screen()
        .out()
        .println(
            prepared.files().isEmpty()
                ? "No configuration file; the defaults hold."
                : "Valid: " + String.join(", ", prepared.files()));
    return ExitCode.DONE.number();
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show every setting in force. Secrets are masked.")
  int show(
      @Mixin Place place,
      @Option(names = "--origin", description = "Say where each one is from.") boolean origin) {
    Prepared prepared = prepare(place);
    prepared.warnings().forEach(tools.screen().err()::println);
    for (Workbench.Value value : prepared.values()) {
      String line = value.key() + ": " + Screen.harmless(value.shown());
      tools.screen().out().println(origin ? "%-52s # %s".formatted(line, value.origin()) : line);
    }
    return ExitCode.DONE.number();
  }
}
