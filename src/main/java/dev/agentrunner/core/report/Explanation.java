package dev.agentrunner.core.report;

import dev.agentrunner.core.run.RunEvent.StepInterrupted;
import dev.agentrunner.core.task.TaskId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a run is where it is, and how it goes on.
 *
 * @param files what tasks changed in their folders; only tasks of which something is known
 * @param next what can be done now, the first thing first; empty if nothing is left
 */
public record Explanation(
    RunReport report, Standing standing, Map<TaskId, TaskFiles> files, List<Next> next) {

  public Explanation {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    next = List.copyOf(next);
  }

  /**
   * What a task changed in its folder.
   *
   * @param edited by the agent's tools
   * @param others by commands, hooks, or an agent's own program
   * @param inDoubt about to be written when the run was cut off
   * @param undoable whether it is kept how the folder looked before
   * @param restored whether it was all taken back
   */
  public record TaskFiles(
      List<String> edited,
      List<String> others,
      List<String> inDoubt,
      boolean undoable,
      boolean restored) {

    public TaskFiles {
      edited = List.copyOf(edited);
      others = List.copyOf(others);
      inDoubt = List.copyOf(inDoubt);
    }

    public boolean isEmpty() {
      return edited.isEmpty() && others.isEmpty() && inDoubt.isEmpty();
    }
  }

  /**
   * A command that makes sense now.
   *
   * @param when and what for, for people; empty where it needs no words
   */
  public record Next(String when, String command) {}

  public Optional<Question> question() {
    return standing instanceof Standing.Over ? Optional.empty() : Question.of(report.state());
  }

  /** What was begun and has no end. */
  public List<StepInterrupted> underWay() {
    return switch (standing) {
      case Standing.CutOff(List<StepInterrupted> steps) -> steps;
      case Standing.GoingOn _ -> report.state().openSteps();
      case Standing.Over _, Standing.Paused _ -> List.of();
    };
  }
}
