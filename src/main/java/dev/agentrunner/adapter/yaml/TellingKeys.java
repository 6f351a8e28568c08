package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Shape.Choice;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Items;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Text;
import java.util.List;

/** The keys of {@code report}. */
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
}
