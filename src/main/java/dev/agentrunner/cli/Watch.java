package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.Following;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.core.run.HookStage;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.Stage;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.port.StopSignal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shows a run that another process plays, by its log alone. */
final class Watch {

  private static final long LOOK_MILLIS = 250;
  private static final int END_BYTES = 4096;

  /** What {@code PeopleLogs} puts above the output of each hook. */
  private static final Pattern HEADING = Pattern.compile("=== \\S+ \\S+ \\(attempt \\d+\\) ===\\R");

  private final History history;
  private final LiveView view;
  private RunState state;
  private boolean joined;
  private String printed = "";

  Watch(History history, RunId run, LiveView view) {
    this.history = history;
    this.view = view;
    this.state = RunState.empty(run);
  }

  /** Returns, with what the run has come to, when it is over or left, or nobody is at work. */
  RunState follow() {
    StopSignal stop = new StopSignal();
    Signals.heededBy(stop, code -> view.release());
    CountDownLatch left = new CountDownLatch(1);
    try (Following log = history.follow(state.run());
        var _ = stop.onRequest(left::countDown)) {
      log.more(this::take);
      if (state.status().isFinal()) {
        return state;
      }
      view.join(state, left::countDown);
      joined = true;
      showPrinted();
      boolean atWork = history.isWorkedOn();
      while (!state.status().isFinal()
          && atWork
          && !left.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        // Asked before the log is read: whoever goes in between has written what is read now.
        atWork = history.isWorkedOn();
        log.more(this::take);
        showPrinted();
      }
      return state;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return state;
    } finally {
      view.release();
    }
  }

  private void take(Recorded recorded) {
    state = state.after(recorded);
    if (joined) {
      view.recorded(recorded, state);
    } else {
      view.caughtUp(recorded, state);
    }
  }

  /** The log has nothing of what a hook prints before it is over; what is kept for people has. */
  private void showPrinted() {
    Optional<TaskState> task = state.tasks().current();
    Optional<HookStage> hooks = task.flatMap(TaskState::stage).flatMap(Watch::running);
    if (task.isEmpty() || hooks.isEmpty()) {
      return;
    }
    byte[] end = history.printed(state.run(), task.get().id(), hooks.get(), END_BYTES);
    String text = new String(end, StandardCharsets.UTF_8);
    if (!text.equals(printed)) {
      printed = text;
      Matcher heading = HEADING.matcher(text);
      view.printed(
          task.get().id(),
          text.substring(heading.results().mapToInt(MatchResult::end).max().orElse(0)));
    }
  }

  private static Optional<HookStage> running(Stage stage) {
    return switch (stage) {
      case Stage.Preparing(int _, Optional<HookId> open, var _) -> open.map(hook -> HookStage.PRE);
      case Stage.Judging(String _, int _, Optional<HookId> open, var _) ->
          open.map(hook -> HookStage.POST);
      case Stage.Ready _, Stage.Talking _, Stage.Delivering _, Stage.Asking _ -> Optional.empty();
    };
  }
}
