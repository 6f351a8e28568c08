package dev.agentrunner.testing;

import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Brief;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Delivery;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.Gates;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Task lists and plans in few words. The hooks {@code setup} and {@code tests} run the commands of
 * the same name.
 */
public final class Tasks {

  public static final Bounds BOUNDS = new Bounds(3, 20, 10_000, Duration.ofMinutes(10));

  private Tasks() {}

  public static Task task(String id, String... dependsOn) {
    return task(id, List.of(), List.of("tests"), BOUNDS, dependsOn);
  }

  public static Task task(
      String id, List<String> before, List<String> after, Bounds bounds, String... dependsOn) {
    return new Task(
        new TaskId(id),
        new Brief("Title of " + id, "Describe " + id, List.of(), List.of(), Map.of()),
        ".",
        Stream.of(dependsOn).map(TaskId::new).toList(),
        new Gates(
            before.stream().map(HookId::new).toList(), after.stream().map(HookId::new).toList()),
        new AgentChoice("scripted", Optional.empty()),
        bounds,
        Delivery.NONE);
  }

  public static Settings settings(FailSafe failSafe) {
    return new Settings(
        new AgentChoice("scripted", Optional.empty()),
        Map.of(new HookId("setup"), hook("setup"), new HookId("tests"), hook("tests")),
        Map.of(),
        failSafe,
        new Settings.Retries(2, 60),
        1000,
        Optional.empty(),
        GitSettings.NONE);
  }

  /** The same task, with other wishes for git. */
  public static Task delivered(Task task, CommitAfter commitAfter, boolean push) {
    return new Task(
        task.id(),
        task.brief(),
        task.path(),
        task.dependsOn(),
        task.gates(),
        task.agent(),
        task.bounds(),
        new Delivery(commitAfter, push));
  }

  public static Hook hook(String id) {
    return new Hook(
        new HookId(id), new Command.Shell(id), Duration.ofMinutes(1), Optional.empty(), Map.of());
  }

  public static Plan plan(List<ToolSpec> tools, Task... tasks) {
    return plan(new FailSafe(2, Optional.empty()), tools, tasks);
  }

  public static Plan plan(FailSafe failSafe, List<ToolSpec> tools, Task... tasks) {
    Map<TaskId, Task> byId = new LinkedHashMap<>();
    for (Task task : tasks) {
      byId.put(task.id(), task);
    }
    return new Plan(byId, settings(failSafe), "You are a test.", tools);
  }

  public static RunStarted started(Plan plan) {
    return new RunStarted(
        "tasks.yml",
        plan.tasks().values().stream()
            .map(task ->
                new Planned(
                    task.id(), task.brief().title(), "digest-" + task.id(), Optional.empty()))
            .toList(),
        "scripted",
        "scripted-1",
        "test");
  }
}
