package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Shape.Choice;
import dev.agentrunner.adapter.yaml.Shape.CommandLine;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Items;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Text;
import java.util.List;

/** The keys of {@code report} and {@code notify}. */
final class TellingKeys {

  private TellingKeys() {}

  static Member report() {
    return Member.optional(
        "report",
        new Items(
            new Group(
                List.of(
                    Member.required(
                        "format",
                        new Choice("markdown", "junit", "github"),
                        "How it is written; github adds to the summary of the step."),
                    Member.optional(
                        "file", new Text(TextKind.PATH), "Where, from the project's folder."))),
            true),
        "Reports that are written whenever a run ends or stops.");
  }

  static Member notifications() {
    return Member.optional(
        "notify",
        new Items(
            new Group(
                List.of(
                    Member.optional(
                        "on",
                        new Items(new Choice("end", "failure", "need", "limit"), false),
                        "When; all of them if left out."),
                    Member.optional(
                        "command",
                        new CommandLine(),
                        "Started with what happened on its input and in its environment."),
                    Member.optional(
                        "desktop", new Choice("true", "false"), "Whether the desktop shows it."),
                    Member.optional(
                        "webhook",
                        new Text(TextKind.WEBHOOK),
                        "An address it is posted to, or env:NAME for where that is."),
                    Member.optional(
                        "secret_env",
                        new Text(TextKind.VARIABLE),
                        "The environment variable with the secret that posts are signed with."))),
            true),
        "Whom to tell when a run ends, fails, needs a person or waits for a quota.");
  }
}
