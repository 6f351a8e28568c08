package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Shape.Choice;
import dev.agentrunner.adapter.yaml.Shape.CommandLine;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Items;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;
import dev.agentrunner.adapter.yaml.Shape.Text;
import dev.agentrunner.adapter.yaml.Shape.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every key of a workflow: a task list with inputs, or with steps in place of its tasks. */
final class WorkflowKeys {

  /** The keys of a step that is a command, and of no other. */
  static final List<String> OF_COMMANDS = List.of("command", "timeout");

  private WorkflowKeys() {}

  static Group all() {
    List<Member> keys = new ArrayList<>();
    for (Member member : TaskKeys.all().keys()) {
      keys.add(
          member.name().equals("tasks")
              ? Member.optional("tasks", member.shape(), member.about())
              : member);
    }
    keys.add(Member.optional("description", new Text(TextKind.PROSE), "What it is for."));
    keys.add(
        Member.optional(
            "inputs",
            new Named(TextKind.HOOK_ID, new Group(input())),
            "What whoever starts it says; texts have it as {{inputs.NAME}}."));
    keys.add(
        Member.optional(
            "steps",
            new Items(new Group(step(), Optional.empty(), List.of("agent", "command")), false),
            "What to do, in this order; commands are the gates of the step before them."));
    return new Group(keys, Optional.empty(), List.of("tasks", "steps"));
  }

  private static List<Member> input() {
    return List.of(
        Member.standard(
            "type", new Choice("string", "integer", "boolean"), "string", "What it is."),
        Member.optional("description", new Text(TextKind.PROSE), "What it is for."),
        Member.optional("default", new Text(TextKind.PROSE), "What holds where nobody says it."),
        Member.optional(
            "choices", new Items(new Text(TextKind.LINE), false), "The only values it can have."));
  }

  private static List<Member> step() {
    List<Member> keys = new ArrayList<>();
    keys.add(Member.required("id", new Text(TextKind.TASK_ID), "Names the step."));
    keys.add(
        Member.optional(
            "agent",
            new Text(TextKind.PROSE),
            "What the agent is to do; its first line in short."));
    keys.add(Member.optional("command", new CommandLine(), "What must pass."));
    keys.add(Member.optional("timeout", new Time(), "How long the command may take."));
    keys.add(
        Member.optional(
            "depends_on",
            new Items(new Text(TextKind.TASK_ID), true),
            "Steps that must be done first; the one before, if it is not said."));
    keys.addAll(TaskKeys.shared());
    return keys;
  }
}
