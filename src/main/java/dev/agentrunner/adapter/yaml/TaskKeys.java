package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Items;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;
import dev.agentrunner.adapter.yaml.Shape.Text;
import dev.agentrunner.adapter.yaml.Shape.Time;
import java.util.List;
import java.util.stream.Stream;

/** Every key of a task list. */
final class TaskKeys {

  private TaskKeys() {}

  static Group all() {
    return new Group(
        List.of(
            Member.required(
                "version", new Text(TextKind.VERSION), "The version of this format, which is 1."),
            Member.optional(
                "defaults",
                new Group(shared()),
                "What holds for each task that does not say otherwise."),
            Member.optional(
                "hooks",
                ConfigurationKeys.hooks(),
                "Hooks of this list's own; one of the same id in the configuration is not used."),
            Member.required(
                "tasks", new Items(new Group(task()), false), "What to do, in this order.")));
  }

  private static List<Member> task() {
    List<Member> own =
        List.of(
            Member.required(
                "id", new Text(TextKind.TASK_ID), "Names the task, and its log folder."),
            Member.required("title", new Text(TextKind.LINE), "What to do, in one line."),
            Member.optional("description", new Text(TextKind.PROSE), "What to do, at length."),
            Member.optional(
                "depends_on",
                new Items(new Text(TextKind.TASK_ID), true),
                "Tasks of this list that must be done first."));
    return Stream.concat(own.stream(), shared().stream()).toList();
  }

  /** Those that {@code defaults} may hold too. */
  static List<Member> shared() {
    Items hooks = new Items(new Text(TextKind.HOOK_ID), true);
    return List.of(
        Member.optional(
            "path", new Text(TextKind.PATH), "The folder to work in, from the list's own folder."),
        Member.optional("pre_hooks", hooks, "Hooks that must pass before the agent is asked."),
        Member.optional("post_hooks", hooks, "Hooks that must pass for the task to be done."),
        Member.optional(
            "defer", hooks, "Hooks that are run once the task is over, however it ended."),
        Member.optional(
            "files",
            new Items(new Text(TextKind.LINE), true),
            "Globs of files worth looking at first, from the task's folder."),
        Member.optional(
            "acceptance",
            new Items(new Text(TextKind.PROSE), true),
            "What must hold in the end, a sentence each."),
        Member.optional(
            "protect",
            new Items(new Text(TextKind.LINE), true),
            "Globs of files the agent may not change; added to those of the configuration."),
        Member.optional("provider", ConfigurationKeys.PROVIDER, "Who works on it."),
        Member.optional("model", ConfigurationKeys.MODEL, "The model, as the provider spells it."),
        Member.optional(
            "fallback",
            ConfigurationKeys.FALLBACK,
            "Providers that take over, in this order, when the one before cannot go on."),
        Member.optional("max_attempts", ConfigurationKeys.ATTEMPTS, "Attempts at this task."),
        Member.optional(
            "max_turns", ConfigurationKeys.TURNS, "Replies of the model in one attempt."),
        Member.optional(
            "max_tokens", ConfigurationKeys.TOKENS, "Tokens in and out in one attempt."),
        Member.optional("max_time", new Time(), "Time at work in one attempt."),
        Member.optional(
            "on_give_up",
            ConfigurationKeys.GIVE_UP,
            "What becomes of its changes if it is given up."),
        Member.optional(
            "propose",
            ConfigurationKeys.PROPOSE,
            "Whether it is done in a copy of its folder and shown as a diff."),
        Member.optional(
            "tamper",
            ConfigurationKeys.TAMPER,
            "What becomes of an attempt that may have weakened the checks."),
        Member.optional(
            "git",
            new Group(
                List.of(
                    Member.optional(
                        "commit",
                        ConfigurationKeys.COMMIT,
                        "When what the task changed is committed."),
                    Member.optional(
                        "push", ConfigurationKeys.PUSH, "Whether the commit is pushed at once."))),
            "What of the task goes into git, where it is not as configured."),
        Member.optional(
            "metadata",
            new Named(TextKind.LINE, new Text(TextKind.PROSE)),
            "Whatever else you want to carry along; prompts can show it."));
  }
}
