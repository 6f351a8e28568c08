package dev.agentrunner.cli;

import dev.agentrunner.core.report.Question;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunEvent.StepInterrupted;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Why a run is where it is, in plain words.
 *
 * @param now what is past and what is yet to come is told by it
 * @param shown how a moment is written
 */
record StopReason(Instant now, Function<Instant, String> shown) {

  /** Sentences, a line each. */
  List<String> of(Standing standing, RunState state) {
    return switch (standing) {
      case Standing.Over _ -> ended(state);
      case Standing.Paused(RunPaused pause) -> paused(pause, Question.of(state));
      case Standing.GoingOn(String holder) -> goingOn(holder, state);
      case Standing.CutOff(List<StepInterrupted> underWay) -> cutOff(underWay, state);
    };
  }

  private static List<String> ended(RunState state) {
    String reason = state.started().map(RunState.Start::reason).orElse("");
    return switch (state.status()) {
      case COMPLETED -> completed(state);
      case FAILED -> List.of("It came to its end: " + reason + ".");
      case CANCELED -> List.of("It was given up: " + reason + ".");
      case QUEUED, RUNNING -> throw new IllegalStateException("not over: " + state.status());
    };
  }

  private static List<String> completed(RunState state) {
    List<String> lines = new ArrayList<>();
    long left =
        state.tasks().stream().filter(task -> task.status() != TaskStatus.COMPLETED).count();
    lines.add(
        left == 0
            ? "Every task is done."
            : "It came to its end; %s left out.".formatted(Words.count(left, "task")));
    long unverified =
        state.tasks().stream()
            .filter(task -> task.status() == TaskStatus.COMPLETED && !task.verified())
            .count();
    if (unverified > 0) {
      lines.add(
          "%s done only by the agent's own word: no post-hook stood guard."
              .formatted(Words.count(unverified, "task")));
    }
    return lines;
  }

  private List<String> paused(RunPaused pause, Optional<Question> question) {
    return switch (pause.reason()) {
      case INTERRUPTED ->
          List.of("It was stopped by Ctrl+C or a signal: %s.".formatted(pause.message()));
      case QUOTA ->
          List.of(
              "A quota is used up: " + pause.message(),
              pause.resumeAt().map(this::back).orElse("When it is back is not known."));
      case BUDGET -> List.of("What you allow it to spend is spent: " + pause.message());
      case NEEDS_PERSON ->
          List.of(
              "A person must decide, and nobody was there to ask:",
              question
                  .map(asked -> asked.task() + ": " + asked.summary())
                  .orElse(pause.message())
                  .indent(2)
                  .stripTrailing());
      case ENVIRONMENT ->
          List.of("The machine or the provider did not play along: " + pause.message());
    };
  }

  private String back(Instant at) {
    return at.isAfter(now)
        ? "It is back at %s.".formatted(shown.apply(at))
        : "It was due back at %s: nothing stands in the way any more.".formatted(shown.apply(at));
  }

  private static List<String> goingOn(String holder, RunState state) {
    List<String> lines = new ArrayList<>();
    lines.add("It has not stopped: %s is at it.".formatted(holder));
    state
        .openSteps()
        .forEach(step -> lines.add("Under way: %s: %s".formatted(step.task(), step.step())));
    return lines;
  }

  private static List<String> cutOff(List<StepInterrupted> underWay, RunState state) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "The program ended without a word: killed, crashed, or the power went. Nobody is at it now.");
    if (state.seq() == 0) {
      lines.add("Nothing was written down before that, and nothing was done.");
      return lines;
    }
    for (StepInterrupted step : underWay) {
      lines.add(
          "Under way was: %s: %s. %s"
              .formatted(step.task(), step.step(), whatBecomesOf(step.step())));
    }
    lines.add(
        "What stands in the log up to event %d is kept, and not done again."
            .formatted(state.seq()));
    return lines;
  }

  private static String whatBecomesOf(String step) {
    if (step.equals("push")) {
      return "It may have gone through or not: on resume you are asked.";
    }
    return step.startsWith("question")
        ? "It is asked again on resume, and the provider may charge for both."
        : "It is looked into or done again on resume.";
  }
}
