package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code output}. */
@Command(
    name = "output",
    mixinStandardHelpOptions = true,
    description = "Look up what is printed for machines.")
final class OutputCommand implements Runnable {

  private final Tools tools;

  @Spec private CommandSpec spec;

  OutputCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "schema",
      mixinStandardHelpOptions = true,
      description = {
        "Print the JSON Schema of what --output json prints.",
        "",
        "For the lines of run and resume, and for the object of status."
      })
  int schema() {
    byte[] schema = Schemas.of("output");
    tools.screen().out().write(schema, 0, schema.length);
    return ExitCode.DONE.number();
  }
}
