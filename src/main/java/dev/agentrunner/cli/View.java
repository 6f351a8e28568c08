package dev.agentrunner.cli;

import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.engine.Steering;
import dev.agentrunner.port.Payer;
import dev.agentrunner.port.RunWatcher;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** One way to show a run while it goes on, and its end. */
interface View extends RunWatcher {

  /** How the run can be steered; told before {@link #opening}. */
  default void helm(Helm helm) {}

  /** Where people are asked while this shows the run; empty for where they always are. */
  default Optional<Dialogue> dialogue() {
    return Optional.empty();
  }

  /** Before the first event: what is about to be run, as lines for people. */
  void opening(Opening opening);

  /** The run is held by a quota until {@code due}; told every second while it is. */
  void waiting(Instant due, Instant now);

  /** Gives the terminal back as it was. Callable from any thread, and more than once. */
  default void release() {}

  /**
   * After the last event.
   *
   * @param ending how it ended and what to do next
   */
  void closing(Ending ending);

  /**
   * The means to steer a run that goes on.
   *
   * @param stop asks it to stop; called again, ends the program at once
   * @param changes what a task has changed so far, as a unified diff with secrets masked; may take
   *     a moment
   */
  record Helm(Steering steering, Runnable stop, Function<TaskState, String> changes) {}

  /**
   * What is about to be run.
   *
   * @param decision what was found of earlier runs and is done about it; empty if there is nothing
   *     to say
   * @param payers of all who will work, each once
   * @param limits tells how the user's own quotas stand
   */
  record Opening(
      String version,
      Workbench.Prepared prepared,
      Workbench.Listed list,
      String decision,
      List<Payer> payers,
      Supplier<List<AccountLimits>> limits) {

    public Opening {
      payers = List.copyOf(payers);
    }

    /** Lines for people that say who pays; always the first of a run. */
    List<String> paying() {
      return payers.stream().map(payer -> "%-9s%s".formatted("pays", payer.shown())).toList();
    }
  }

  /**
   * How it ended.
   *
   * @param changes what was changed, as a unified diff; empty if nothing was
   * @param proposals of tasks that are over
   * @param folder where the run's logs are
   * @param next the command to go on with; empty if there is nothing to do
   */
  record Ending(
      RunState state,
      ExitCode exit,
      String changes,
      List<Proposal> proposals,
      String folder,
      Optional<String> next) {

    public Ending {
      proposals = List.copyOf(proposals);
    }
  }
}
