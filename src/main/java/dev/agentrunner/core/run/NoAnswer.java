package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.ModelFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What comes next when a provider does not answer. */
record NoAnswer(Position place, Conversation talk) {

  private static final Duration UNKNOWN_WINDOW = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** How long a provider that does not answer is left alone while others do. */
  private static final Duration AWHILE = Duration.ofMinutes(15);

  Step next(ModelFailure failure) {
    Optional<String> other =
        failure instanceof ModelFailure.Unusable
            ? place.chain().after(talk.provider())
            : place.chain().insteadOf(talk.provider());
    return switch (failure) {
      case ModelFailure.Canceled canceled ->
          Position.pause(PauseReason.INTERRUPTED, canceled.message(), Optional.empty());
      case ModelFailure.Transient t ->
          other
              .map(name -> hand(name, t, lost(t, Optional.of(later(AWHILE)))))
              .orElseGet(() ->
                  Position.pause(
                      PauseReason.ENVIRONMENT,
                      t.message() + " (gave up for now)",
                      Optional.empty()));
      case ModelFailure.Denied denied ->
          other
              .map(name -> hand(name, denied, lost(denied, Optional.empty())))
              .orElseGet(() ->
                  Position.pause(PauseReason.ENVIRONMENT, denied.message(), Optional.empty()));
      case ModelFailure.Window window -> hold(window, other);
      case ModelFailure.Unusable unusable ->
          other
              .map(name -> hand(name, unusable))
              .orElseGet(() ->
                  // While nothing was said, another attempt would only send the very same request.
                  talk.replies() == 0
                      ? place.giveUp(unusable.message())
                      : place.fail(unusable.message()));
    };
  }

  private Step hold(ModelFailure.Window window, Optional<String> other) {
    TaskState at = place.at();
    Instant told = window.resetsAt().orElse(place.state().at().plus(UNKNOWN_WINDOW));
    // A reset that is already past would have two providers hand the work to and fro.
    Instant resetsAt = other.isPresent() && told.isBefore(later(MARGIN)) ? later(MARGIN) : told;
    var reached = new RunEvent.LimitReached(at.id(), talk.provider(), window.message(), resetsAt);
    Optional<Instant> earliest =
        place
            .chain()
            .opensAt()
            .filter(opens -> opens.isAfter(place.now()) && opens.isBefore(resetsAt));
    return other
        .map(name -> hand(name, window, reached))
        .orElseGet(() ->
            Step.Note.of(
                reached,
                new RunEvent.RunPaused(
                    PauseReason.QUOTA, window.message(), Optional.of(earliest.orElse(resetsAt)))));
  }

  private Instant later(Duration wait) {
    return place.state().at().plus(wait);
  }

  private RunEvent lost(ModelFailure why, Optional<Instant> until) {
    return new RunEvent.ProviderLost(place.at().id(), talk.provider(), why.message(), until);
  }

  private Step hand(String to, ModelFailure why, RunEvent... closing) {
    TaskState at = place.at();
    boolean fresh =
        place.plan().settings().worksAlone(talk.provider())
            || place.plan().settings().worksAlone(to);
    return new Step.SwitchProvider(
        at.id(), at.attempts(), List.of(closing), talk.provider(), to, fresh, why.message());
  }
}
