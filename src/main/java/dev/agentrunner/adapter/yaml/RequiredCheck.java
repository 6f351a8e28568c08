package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;

/** Notes what must be written and is not. Of layered settings only the result can be asked that. */
final class RequiredCheck {

  private final Faults faults;

  RequiredCheck(Faults faults) {
    this.faults = faults;
  }

  /**
   * @param name of the user's own that {@code node} stands under; empty if it has none
   */
  void check(Node node, Shape shape, String name) {
    if (faults.isFull()) {
      return;
    }
    switch (shape) {
      case Group group when node instanceof Mapping mapping -> members(mapping, group, name);
      case Named named when node instanceof Mapping mapping ->
          mapping
              .entries()
              .values()
              .forEach(entry -> check(entry.value(), named.value(), entry.key().text()));
      case Shape.Items items when node instanceof Sequence list ->
          list.items().forEach(item -> check(item, items.item(), ""));
      case Group _,
          Named _,
          Shape.Items _,
          Shape.Text _,
          Shape.Choice _,
          Shape.Whole _,
          Shape.Time _,
          Shape.CommandLine _ -> {}
    }
  }

  static void hasNoValue(Entry entry, Faults faults) {
    faults.add(
        entry.key().at(),
        "%s has no value".formatted(Printable.quoted(entry.key().text())),
        "write one after the colon; empty text is \"\", the words null and ~ go in quotes");
  }

  private void members(Mapping mapping, Group group, String name) {
    for (Member member : group.keys()) {
      mapping.get(member.name()).ifPresent(value -> check(value, member.shape(), ""));
      if (!member.required() || mapping.get(member.name()).isPresent()) {
        continue;
      }
      Entry empty = mapping.entries().get(member.name());
      if (empty == null) {
        faults.add(
            mapping.at(),
            "'%s' is missing%s"
                .formatted(member.name(), name.isEmpty() ? "" : " in " + Printable.quoted(name)),
            "add '%s: …'".formatted(member.name()));
      } else {
        hasNoValue(empty, faults);
      }
    }
  }
}
