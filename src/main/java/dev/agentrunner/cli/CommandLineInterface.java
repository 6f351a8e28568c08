package dev.agentrunner.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line as a person meets it: arguments in, exit code out. */
public final class CommandLineInterface {

  private final String versionLine;

  /**
   * @param versionLine what {@code --version} prints
   */
  public CommandLineInterface(String versionLine) {
    this.versionLine = versionLine;
  }

  /** Runs what {@code args} ask for and returns the exit code. */
  public int run(String... args) {
    var commandLine = new CommandLine(new Root());
    commandLine.getCommandSpec().version(versionLine);
    return commandLine.execute(args);
  }

  @Command(
      name = "agent-runner",
      mixinStandardHelpOptions = true,
      description =
          "Drives an LLM coding agent through a list of tasks until each is verified done.")
  private static final class Root implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }
}
