package dev.agentrunner;

import dev.agentrunner.adapter.files.FileEventLog;
import dev.agentrunner.adapter.files.FileEventLog.Reading;
import dev.agentrunner.adapter.files.FollowedLog;
import dev.agentrunner.adapter.files.ProjectLock;
import dev.agentrunner.adapter.files.RunFolders;
import dev.agentrunner.adapter.files.StateFile;
import dev.agentrunner.cli.Workbench.Following;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.LogCheck;
import dev.agentrunner.core.run.HookStage;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.Artifacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The runs below a project's {@code .agent-runner}, read without disturbing one that is going on.
 */
final class LocalHistory implements History {

  private final RunFolders folders;
  private final UnaryOperator<Path> shown;

  LocalHistory(RunFolders folders, UnaryOperator<Path> shown) {
    this.folders = folders;
    this.shown = shown;
  }

  @Override
  public List<RunId> runs() {
    List<RunId> runs = new ArrayList<>(folders.newestFirst());
    // A run whose log is gone is still known by its state.
    withoutLog().map(RunState::run).filter(run -> !runs.contains(run)).ifPresent(runs::addFirst);
    return runs;
  }

  @Override
  public Optional<RunStarted> beginning(RunId run) {
    return folders
        .first(run)
        .map(Recorded::event)
        .filter(RunStarted.class::isInstance)
        .map(RunStarted.class::cast)
        .or(() ->
            withoutLog().filter(state -> state.run().equals(run)).flatMap(LocalHistory::started));
  }

  private static Optional<RunStarted> started(RunState state) {
    return state
        .started()
        .map(start ->
            new RunStarted(
                start.list(),
                state.tasks().stream().map(TaskState::planned).toList(),
                start.provider(),
                start.model(),
                start.version()));
  }

  @Override
  public RunState state(RunId run) {
    return switch (new StateFile(folders).read()) {
      case StateFile.Found.State(RunState state) when state.run().equals(run) -> fold(state);
      case StateFile.Found.WithoutLog(RunState state) when state.run().equals(run) -> state;
      default -> replay(run);
    };
  }

  private Optional<RunState> withoutLog() {
    return new StateFile(folders).read() instanceof StateFile.Found.WithoutLog(RunState state)
        ? Optional.of(state)
        : Optional.empty();
  }

  @Override
  public RunState replay(RunId run) {
    return fold(RunState.empty(run));
  }

  private RunState fold(RunState from) {
    Fold fold = new Fold(from);
    try (var log = new FileEventLog(folders, Reading.AT_A_GLANCE)) {
      log.read(from.run(), from.seq(), fold);
    }
    return fold.state;
  }

  /** Adds up events as they come. */
  static final class Fold implements Consumer<Recorded> {
    private RunState state;

    Fold(RunState from) {
      this.state = from;
    }

    RunState state() {
      return state;
    }

    @Override
    public void accept(Recorded recorded) {
      state = state.after(recorded);
    }
  }

  @Override
  public LogCheck check(RunId run) {
    Fold fold = new Fold(RunState.empty(run));
    try (var log = new FileEventLog(folders, Reading.CHECKED)) {
      return switch (log.verify(run, fold)) {
        case FileEventLog.Verdict.Broken(String where) -> new LogCheck.Broken(where);
        case FileEventLog.Verdict.Whole(long events, String digest, boolean torn) ->
            lost(run, events)
                .<LogCheck>map(LogCheck.Broken::new)
                .orElseGet(() -> new LogCheck.Whole(events, digest, torn));
      };
    } catch (IllegalStateException e) {
      return new LogCheck.Broken(
          "%s holds what cannot have happened: %s."
              .formatted(shown.apply(folders.events(run)), e.getMessage()));
    }
  }

  /**
   * A state is only written once its last event is durable: a log that ends before lost its end.
   */
  private Optional<String> lost(RunId run, long events) {
    return new StateFile(folders).read() instanceof StateFile.Found.State(RunState state)
            && state.run().equals(run)
            && state.seq() > events
        ? Optional.of(
            "%s ends with event %d, and the state knows of event %d: its end is lost."
                .formatted(shown.apply(folders.events(run)), events, state.seq()))
        : Optional.empty();
  }

  @Override
  public void events(RunId run, Consumer<Recorded> reader) {
    try (var log = new FileEventLog(folders, Reading.AT_A_GLANCE)) {
      log.read(run, 0, reader);
    }
  }

  @Override
  public Following follow(RunId run) {
    FollowedLog log = FollowedLog.of(folders, run);
    return new Following() {
      @Override
      public void more(Consumer<Recorded> reader) {
        log.more(reader);
      }

      @Override
      public void close() {
        log.close();
      }
    };
  }

  @Override
  public byte[] printed(RunId run, TaskId task, HookStage stage, int max) {
    return folders.logs(run).end(task, stage == HookStage.PRE ? "pre.log" : "post.log", max);
  }

  @Override
  public boolean isWorkedOn() {
    return ProjectLock.mayBeHeld(folders);
  }

  @Override
  public Artifacts artifacts(RunId run) {
    return folders.artifacts(run);
  }

  @Override
  public String folder(RunId run) {
    return shown.apply(folders.folder(run)).toString();
  }

  @Override
  public Optional<String> holder() {
    return ProjectLock.holder(folders);
  }
}
