package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.run.CallPolicy;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.engine.Planned.Said;
import dev.agentrunner.port.Confinement;
import dev.agentrunner.port.Processes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Tools that start programs. */
final class RunningTools {

  private static final int SECONDS = 120;
  private static final int SECONDS_MAX = 900;
  private static final int COMMAND_CHARS_MAX = 16_000;

  private RunningTools() {}

  /** {@code run_command}. */
  static final class RunCommand implements AgentTools.Tool {

    private static final ToolSpec SPEC =
        new ToolSpec(
            CallPolicy.RUN_COMMAND,
            "Run a shell command in the task's folder and see what it prints. There is no terminal and usually no network, and only the task's folder can be written to. Commands that only look run at once; others may need a person's leave.",
            new Parameters()
                .need("command", "string", "A line for sh.")
                .may(
                    "timeout",
                    "integer",
                    "Seconds after which it is ended; %d by default, at most %d."
                        .formatted(SECONDS, SECONDS_MAX))
                .schema());

    @Override
    public ToolSpec spec() {
      return SPEC;
    }

    @Override
    public Planned plan(Arguments arguments, Reach reach) {
      String line = arguments.text("command");
      if (line.length() > COMMAND_CHARS_MAX) {
        throw new Arguments.Unfit(
            "The command is too long (%d characters). Write a script with write_file and run that."
                .formatted(line.length()));
      }
      int seconds = Math.clamp(arguments.whole("timeout", SECONDS), 1, SECONDS_MAX);
      Confinement confinement =
          reach
              .confinements()
              .of(reach.folder(), reach.settings().network(line), reach.settings().variables());
      boolean looks = reach.verdict() instanceof Verdict.Allow(boolean readOnly) && readOnly;
      return new Planned.Runs(
          new Processes.Job(
              new Command.Shell(line),
              reach.folder(),
              Map.of(),
              Duration.ofSeconds(seconds),
              Optional.of(confinement)),
          looks);
    }
  }

  /** What the model is told of a command that has ended. */
  static Said said(HookResult result) {
    String output =
        result.output().isEmpty() ? "(it printed nothing)" : result.output().stripTrailing();
    return switch (result.end()) {
      case HookResult.Exited(int code) ->
          new Said("exit code %d%n%s".formatted(code, output), code != 0, true);
      case HookResult.TimedOut(Duration limit) ->
          new Said(
              "ended after %d s, since it took too long%n%s".formatted(limit.toSeconds(), output),
              true,
              true);
      case HookResult.NotStarted(String why) ->
          Said.wrong(
              "The command was not run: %s. Do without commands; the file tools work."
                  .formatted(why));
      case HookResult.Interrupted() -> cutOff();
    };
  }

  /** What it is told of one that nobody saw end. */
  static Said cutOff() {
    return Said.wrong(
        "The command was interrupted: agent-runner was stopped while it ran. It may have done all of its work, some or none; look before you run it again.");
  }
}
