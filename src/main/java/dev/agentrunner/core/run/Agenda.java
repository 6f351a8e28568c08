package dev.agentrunner.core.run;

import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which of the tasks that are not over can be worked on now. */
record Agenda(TaskStates tasks, Plan plan) {

  /** The first that neither waits for a person nor for a task that does. */
  Optional<TaskState> first() {
    for (int i = tasks.firstOpen(); i < tasks.size(); i++) {
      TaskState task = tasks.get(i);
      boolean held = task.status().isFinal() || task.isParked() || (isPending(task) && waits(task));
      if (!held) {
        return Optional.of(task);
      }
    }
    return Optional.empty();
  }

  /**
   * Those that may be gone on with or taken up beside each other, in the order in which they are to
   * be decided about.
   *
   * @param jobs at most so many; positive
   */
  List<TaskState> atOnce(int jobs) {
    List<TaskState> underway = new ArrayList<>();
    List<TaskState> coming = new ArrayList<>();
    for (int i = tasks.firstOpen(); i < tasks.size() && coming.size() < jobs; i++) {
      TaskState task = tasks.get(i);
      if (task.status() == TaskStatus.RUNNING && !task.isParked()) {
        if (task.worktree().isEmpty()) {
          return List.of(task); // It works in the user's folder, where nobody may come between.
        }
        // Whoever is at the merge lets the others go on.
        underway.add(MergeStep.isAtIt(task) ? 0 : underway.size(), task);
      } else if (isPending(task) && !waits(task)) {
        coming.add(task);
      }
    }
    underway.addAll(coming);
    return List.copyOf(underway.subList(0, Math.min(jobs, underway.size())));
  }

  private static boolean isPending(TaskState task) {
    return task.status() == TaskStatus.PENDING;
  }

  /** Tasks come after those they need: one that is still open by then is not going to end. */
  private boolean waits(TaskState task) {
    Task defined = plan.task(task.id());
    for (TaskId needed : defined.dependsOn()) {
      if (tasks.has(needed) && !tasks.task(needed).status().isFinal()) {
        return true;
      }
    }
    return false;
  }

  /** What people are to be told when nothing can be worked on: the questions, a line each. */
  Optional<String> questions() {
    List<String> lines = new ArrayList<>();
    for (TaskState task : tasks) {
      if (task.isParked() && task.stage().orElse(null) instanceof Stage.Asking asking) {
        String what = asking.escalation().summary().lines().findFirst().orElse("");
        lines.add(task.id() + ": " + what);
      }
    }
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
  }
}
