package dev.agentrunner.port;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.task.Command;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts other programs and never leaves one behind. Safe for use by many threads. */
public interface Processes {

  /**
   * Runs a command to its end and returns what came of it; when it returns, the command and
   * everything it started are gone, daemons it left behind included. Its standard input is empty.
   * Never throws for what the command does.
   *
   * @param output is handed chunks of raw output, errors among it in the order written, for the log
   *     that people read: the first 256 KiB as they come, the last 256 KiB at the end, with a line
   *     between them about what was left out
   * @param stop when requested, the command is ended and the result is {@link
   *     HookResult.Interrupted}
   */
  HookResult run(Job job, Consumer<byte[]> output, StopSignal stop);

  /**
   * What to run.
   *
   * @param folder an absolute path, where it runs
   * @param environment added to the runner's own
   * @param timeout after which its whole process tree is ended
   * @param confinement what it is held to; where the machine cannot do that, it is {@link
   *     HookResult.NotStarted}. Empty for a command of the user's own.
   */
  record Job(
      Command command,
      String folder,
      Map<String, String> environment,
      Duration timeout,
      Optional<Confinement> confinement) {

    public Job {
      environment = Map.copyOf(environment);
    }
  }
}
