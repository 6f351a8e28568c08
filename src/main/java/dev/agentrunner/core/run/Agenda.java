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
