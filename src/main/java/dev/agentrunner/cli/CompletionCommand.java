package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code completion}. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Print a script that completes commands and options in your shell.",
      "",
      "bash, in ~/.bashrc: source <(agent-runner completion bash)",
      "zsh, in ~/.zshrc: source <(agent-runner completion zsh)",
      "fish, in ~/.config/fish/config.fish: agent-runner completion fish | source"
    },
    sortOptions = false)
final class CompletionCommand implements Callable<Integer> {

  /** Shells that scripts are known for. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  private static final String PROGRAM = "agent-runner";

  private final Tools tools;
  private final Supplier<CommandLine> whole;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.bash;

  /**
   * @param whole every command there is
   */
  CompletionCommand(Tools tools, Supplier<CommandLine> whole) {
    this.tools = tools;
    this.whole = whole;
  }

  @Override
  public Integer call() {
    String script =
        switch (shell) {
          // The script sees by itself in which of the two it is.
          case bash, zsh -> AutoComplete.bash(PROGRAM, whole.get());
          case fish -> new FishCompletion(PROGRAM).of(whole.get());
        };
    tools.screen().out().print(script);
    return ExitCode.DONE.number();
  }
}
