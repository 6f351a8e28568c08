package dev.agentrunner.server;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells the steps of a run from its events: what was begun, when, and how it ended. */
final class Steps implements Consumer<Recorded> {

  private final List<Step> steps = new ArrayList<>();

  /** Positions in {@link #steps} of those that have not ended, by what they are. */
  private final Map<String, Integer> open = new LinkedHashMap<>();

  /**
   * A step.
   *
   * @param number 1, 2, 3 … within the run
   * @param kind {@code hook}, {@code model}, {@code tool}, {@code commit}, {@code push}, {@code
   *     approval}
   * @param name of the hook or tool, or which turn
   * @param status {@code running}, {@code completed}, {@code failed}, {@code skipped} or {@code
   *     interrupted}
   * @param seq of its first event
   * @param lastSeq of its last event so far
   */
  record Step(
      int number,
      String task,
      int attempt,
      String kind,
      String name,
      String status,
      long seq,
      long lastSeq,
      Instant startedAt,
      Optional<Instant> endedAt) {

    Step ended(String how, Recorded by) {
      return new Step(
          number, task, attempt, kind, name, how, seq, by.seq(), startedAt, Optional.of(by.at()));
    }
  }

  List<Step> all() {
    return List.copyOf(steps);
  }

  @Override
  public void accept(Recorded recorded) {
    if (!(recorded.event() instanceof RunEvent.OfAttempt event)) {
      return;
    }
    switch (event) {
      case RunEvent.HookStarted e -> begin(recorded, e, "hook", hook(e.stage(), e.hook().value()));
      case RunEvent.HookEnded e ->
          end(recorded, e, "hook", hook(e.stage(), e.hook().value()), e.result().passed());
      case RunEvent.HookSkipped e -> {
        String name = hook(e.stage(), e.hook().value());
        begin(recorded, e, "hook", name);
        end(recorded, e, "hook", name, "skipped");
      }
      case RunEvent.ModelAsked e -> begin(recorded, e, "model", "turn " + e.turn());
      case RunEvent.ModelReplied e -> end(recorded, e, "model", "turn " + e.turn(), true);
      case RunEvent.ModelFailed e -> end(recorded, e, "model", "turn " + e.turn(), false);
      case RunEvent.ToolCalled e -> begin(recorded, e, "tool", e.name());
      case RunEvent.ToolReturned e -> endTool(recorded, e, e.result().failed());
      case RunEvent.EditApplied e -> endTool(recorded, e, false);
      case RunEvent.EditRefused e -> endTool(recorded, e, true);
      case RunEvent.GitCommitting e -> begin(recorded, e, "commit", "commit");
      case RunEvent.GitCommitted e -> end(recorded, e, "commit", "commit", true);
      case RunEvent.GitPushing e -> begin(recorded, e, "push", "push");
      case RunEvent.GitPushed e -> end(recorded, e, "push", "push", true);
      case RunEvent.GitDeclined e -> {
        String kind = e.step().name().toLowerCase(Locale.ROOT);
        end(recorded, e, kind, kind, false);
      }
      case RunEvent.ApprovalRequested e -> begin(recorded, e, "approval", "approval");
      case RunEvent.ApprovalGiven e -> end(recorded, e, "approval", "approval", true);
      case RunEvent.StepInterrupted e -> interrupt(recorded, e);
      default -> {
        // It is no step of its own.
      }
    }
  }

  private static String hook(Enum<?> stage, String id) {
    return Shown.lower(stage) + " " + id;
  }

  private static String key(RunEvent.OfAttempt event, String kind, String name) {
    return String.join("\n", event.task().value(), kind, name);
  }

  private void begin(Recorded recorded, RunEvent.OfAttempt event, String kind, String name) {
    // What was begun before and is begun again was cut off in between.
    end(recorded, event, kind, name, "interrupted");
    open.put(key(event, kind, name), steps.size());
    steps.add(
        new Step(
            steps.size() + 1,
            event.task().value(),
            event.attempt(),
            kind,
            name,
            "running",
            recorded.seq(),
            recorded.seq(),
            recorded.at(),
            Optional.empty()));
  }

  private void end(
      Recorded recorded, RunEvent.OfAttempt event, String kind, String name, boolean well) {
    end(recorded, event, kind, name, well ? "completed" : "failed");
  }

  private void end(
      Recorded recorded, RunEvent.OfAttempt event, String kind, String name, String how) {
    Integer at = open.remove(key(event, kind, name));
    if (at != null) {
      steps.set(at, steps.get(at).ended(how, recorded));
    }
  }

  /** One tool runs at a time within a task. */
  private void endTool(Recorded recorded, RunEvent.OfAttempt event, boolean failed) {
    openOf(event, "tool").ifPresent(step -> end(recorded, event, "tool", step.name(), !failed));
  }

  private void interrupt(Recorded recorded, RunEvent.OfAttempt event) {
    for (Step step : List.copyOf(steps)) {
      if (step.status().equals("running") && step.task().equals(event.task().value())) {
        end(recorded, event, step.kind(), step.name(), "interrupted");
      }
    }
  }

  private Optional<Step> openOf(RunEvent.OfAttempt event, String kind) {
    return open.values().stream()
        .map(steps::get)
        .filter(step -> step.kind().equals(kind) && step.task().equals(event.task().value()))
        .findFirst();
  }
}
