package dev.agentrunner.core.report;

import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunEvent.StepInterrupted;
import dev.agentrunner.core.run.RunState;
import java.util.List;
import java.util.Optional;

/** Where a run stands, to somebody who comes to look. */
public sealed interface Standing {

  /** It has ended; nothing more happens in it. */
  record Over() implements Standing {}

  /** It waits to be resumed, and says why. */
  record Paused(RunPaused pause) implements Standing {}

  /**
   * Somebody is at it.
   *
   * @param holder who, for people
   */
  record GoingOn(String holder) implements Standing {}

  /**
   * It ended without a word: killed, crashed, or the power went.
   *
   * @param underWay what was begun and has no end
   */
  record CutOff(List<StepInterrupted> underWay) implements Standing {

    public CutOff {
      underWay = List.copyOf(underWay);
    }
  }

  /**
   * @param holder who has the project for a run right now; empty if nobody
   */
  static Standing of(RunState state, Optional<String> holder) {
    if (state.status().isFinal()) {
      return new Over();
    }
    if (state.pause().isPresent()) {
      return new Paused(state.pause().get());
    }
    return holder.<Standing>map(GoingOn::new).orElseGet(() -> new CutOff(state.openSteps()));
  }
}
