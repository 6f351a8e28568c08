package dev.agentrunner.cli;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.Brief;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import java.util.List;
import java.util.stream.Collectors;

/** What is known of the tasks of a run that goes on, read when it is asked for. */
record RunBackground(Workbench workbench, Workbench.Prepared prepared, RunId run, List<Task> tasks)
    implements Background {

  @Override
  public String diff(TaskId task) {
    return new Changes(workbench, prepared).soFar(run, state().tasks().task(task), tasks);
  }

  @Override
  public String brief(TaskId task) {
    return tasks.stream()
        .filter(one -> one.id().equals(task))
        .map(one -> shown(one.brief()))
        .findFirst()
        .orElse("");
  }

  private static String shown(Brief brief) {
    String acceptance =
        brief.acceptance().stream().map(line -> "- " + line + "\n").collect(Collectors.joining());
    return "# %s%n%n%s%n%n%s".formatted(brief.title(), brief.description().strip(), acceptance);
  }

  @Override
  public String advice(TaskId task) {
    return state().tasks().task(task).lessons().advice().orElse("");
  }

  private RunState state() {
    return workbench.history(prepared.project()).state(run);
  }
}
