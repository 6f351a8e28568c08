package dev.agentrunner.testing;

import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Allowance;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Brief;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Consequence;
import dev.agentrunner.core.task.Delivery;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.Gates;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.OnTamper;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.Telling;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.core.task.When;
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
        List.of(),
        Stream.of(dependsOn).map(TaskId::new).toList(),
        new Gates(
            before.stream().map(HookId::new).toList(), after.stream().map(HookId::new).toList()),
        new AgentChoice("scripted", Optional.empty()),
        bounds,
        Delivery.NONE);
  }

  /** {@code task} with files that are protected, and what becomes of an attempt that tampers. */
  public static Task guarded(Task task, OnTamper onTamper, String... files) {
    return new Task(
        task.id(),
        task.brief(),
        task.path(),
        List.of(files),
        task.dependsOn(),
        new Gates(task.gates().before(), task.gates().after(), task.gates().deferred(), onTamper),
        task.agent(),
        task.bounds(),
        task.delivery());
  }

  /** {@code task} with others to take over; {@code cli} among them is an agent of its own. */
  public static Task withFallback(Task task, String... others) {
    return givenTo(
        new AgentChoice(task.agent().provider(), task.agent().model(), List.of(others)), task);
  }

  /** {@code task} given to {@code provider}. */
  public static Task givenTo(String provider, Task task) {
    return givenTo(new AgentChoice(provider, Optional.empty(), task.agent().fallback()), task);
  }

  private static Task givenTo(AgentChoice choice, Task task) {
    return new Task(
        task.id(),
        task.brief(),
        task.path(),
        task.protect(),
        task.dependsOn(),
        task.gates(),
        choice,
        task.bounds(),
        task.delivery());
  }

  private static ProviderSettings cli() {
    Duration minute = Duration.ofMinutes(1);
    return new ProviderSettings(
        "cli",
        ProviderSettings.COMMAND,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new ProviderSettings.Timeouts(minute, minute, minute),
        Map.of());
  }

  public static Settings settings(FailSafe failSafe) {
    return new Settings(
        new AgentChoice("scripted", Optional.empty()),
        Map.of(new HookId("setup"), hook("setup"), new HookId("tests"), hook("tests")),
        Map.of("cli", cli()),
        failSafe,
        new Settings.Retries(2, 60),
        1000,
        ToolSettings.STANDARD,
        Optional.empty(),
        Map.of(),
        false,
        GitSettings.NONE,
        Allowance.UNBOUNDED,
        Telling.NONE,
        1);
  }

  /** The same task, with hooks of its own around it. */
  public static Task gated(Task task, Gates gates) {
    return new Task(
        task.id(),
        task.brief(),
        task.path(),
        task.protect(),
        task.dependsOn(),
        gates,
        task.agent(),
        task.bounds(),
        task.delivery());
  }

  /** The same task, with other wishes for git. */
  public static Task delivered(Task task, CommitAfter commitAfter, boolean push) {
    return new Task(
        task.id(),
        task.brief(),
        task.path(),
        task.protect(),
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

  /** One that runs the command of that name under a condition, with a consequence. */
  public static Hook hook(String id, When when, Optional<Consequence> onFailure) {
    Hook plain = hook(id);
    return new Hook(
        plain.id(),
        plain.command(),
        plain.timeout(),
        plain.folder(),
        plain.environment(),
        when,
        onFailure,
        false);
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

  /** The same plan with a checkpoint before and after each attempt. */
  public static Plan withCheckpoints(Plan plan) {
    return with(plan.settings().withCheckpoints(true), plan);
  }

  /** The same plan with other settings of the tools. */
  public static Plan with(ToolSettings tools, Plan plan) {
    return with(plan.settings().with(tools), plan);
  }

  /** The same plan with another hook, or another one of that id. */
  public static Plan with(Hook hook, Plan plan) {
    Map<HookId, Hook> hooks = new LinkedHashMap<>(plan.settings().hooks());
    hooks.put(hook.id(), hook);
    return with(plan.settings().withHooks(hooks), plan);
  }

  /** The same plan with so many tasks at once. */
  public static Plan withJobs(int jobs, Plan plan) {
    return with(plan.settings().withJobs(jobs), plan);
  }

  private static Plan with(Settings settings, Plan plan) {
    return new Plan(plan.tasks(), settings, plan.system(), plan.tools());
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
