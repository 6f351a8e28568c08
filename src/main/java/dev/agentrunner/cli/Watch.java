package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.Following;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.port.StopSignal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Shows a run that another process plays, by its log alone. */
final class Watch {

  private static final long LOOK_MILLIS = 250;

  private final History history;
  private final LiveView view;
  private RunState state;
  private boolean joined;

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
      boolean atWork = history.isWorkedOn();
      while (!state.status().isFinal()
          && atWork
          && !left.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        // Asked before the log is read: whoever goes in between has written what is read now.
        atWork = history.isWorkedOn();
        log.more(this::take);
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
}
