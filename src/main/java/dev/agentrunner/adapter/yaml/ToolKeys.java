package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Shape.Choice;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Items;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Text;
import java.util.List;

/** The keys of {@code tools}, and {@code sandbox}. */
final class ToolKeys {

  private ToolKeys() {}

  static Member tools() {
    return Member.optional(
        "tools",
        new Group(
            List.of(
                Member.standard(
                    "network",
                    new Choice("deny", "allow"),
                    "deny",
                    "Whether the agent's commands reach the network."),
                Member.standard(
                    "unattended",
                    new Choice("refuse", "park"),
                    "refuse",
                    "What becomes of a command that must be approved when nobody is there."),
                Member.optional("run_command", runCommand(), "Which commands the agent may run."))),
        "How far the agent's tools may go.");
  }

  static Member sandbox() {
    return Member.standard(
        "sandbox",
        new Choice("auto", "bwrap", "landlock", "off"),
        "auto",
        "What holds the agent's commands to their folder; with off, nothing does.");
  }

  private static Group runCommand() {
    return new Group(
        List.of(
            rules("allow", "Commands that run without asking, such as pytest *."),
            rules("ask", "Commands that are asked for, whatever allows them."),
            rules("deny", "Commands that never run, whatever allows them."),
            Member.standard(
                "read_only",
                new Choice("allow", "ask"),
                "allow",
                "Whether commands known to only look need no rule."),
            rules("network", "Commands that reach the network, such as npm install *."),
            Member.optional(
                "env",
                new Items(new Text(TextKind.VARIABLE), true),
                "Names of environment variables that commands get.")));
  }

  private static Member rules(String name, String about) {
    return Member.optional(name, new Items(new Text(TextKind.LINE), true), about);
  }
}
