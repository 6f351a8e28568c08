package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import dev.agentrunner.adapter.yaml.Shape.Choice;
import dev.agentrunner.adapter.yaml.Shape.CommandLine;
import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Items;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;
import dev.agentrunner.adapter.yaml.Shape.Text;
import dev.agentrunner.adapter.yaml.Shape.Time;
import dev.agentrunner.adapter.yaml.Shape.Whole;
import java.util.List;

/**
 * Holds a tree against its shape and notes everything that does not fit; what is missing is {@link
 * RequiredCheck}'s.
 */
final class ShapeCheck {

  private final Faults faults;

  ShapeCheck(Faults faults) {
    this.faults = faults;
  }

  /**
   * @param name the key that {@code node} stands under
   */
  void check(Node node, Shape shape, String name) {
    if (node.isNothing() || faults.isFull()) {
      return;
    }
    switch (shape) {
      case Text text -> text(node, text, name);
      case Choice choice -> choice(node, choice, name);
      case Whole whole -> whole(node, whole, name);
      case Time _ -> time(node, name);
      case Items items -> items(node, items, name);
      case CommandLine _ -> commandLine(node, name);
      case Named named -> named(node, named, name);
      case Group group -> group(node, group, name);
    }
  }

  private void text(Node node, Text shape, String name) {
    if (node instanceof Scalar scalar) {
      shape
          .kind()
          .complaint(scalar.text())
          .ifPresent(wrong ->
              faults.add(
                  scalar.at(),
                  subject(shape.kind(), scalar, name) + wrong.message(),
                  wrong.cure()));
    } else {
      mismatch(node, name, "text", "put text that holds brackets or braces in quotes");
    }
  }

  /** The key, and the text too where that helps and is no secret. */
  private static String subject(TextKind kind, Scalar scalar, String name) {
    return switch (kind) {
      case TASK_ID, HOOK_ID, PROVIDER_NAME, VARIABLE, PRICE, SHARE, VERSION, BRANCH, PERSON ->
          scalar.text().isEmpty() || name.isEmpty()
              ? "%s ".formatted(Printable.quoted(scalar.text()))
              : "%s: %s ".formatted(name, Printable.quoted(scalar.text()));
      case LINE, PROSE, COMMAND, WORD, WEB_ADDRESS, WEBHOOK, PATH, SECRET ->
          "'%s' ".formatted(name);
    };
  }

  private void choice(Node node, Choice shape, String name) {
    if (!(node instanceof Scalar scalar)) {
      mismatch(node, name, "one of " + String.join(", ", shape.words()), "write one of them");
    } else if (!shape.words().contains(scalar.text())) {
      faults.add(
          scalar.at(),
          "%s cannot be %s".formatted(name, Printable.quoted(scalar.text())),
          Spelling.advice(scalar.text(), shape.words(), "it can be:"));
    }
  }

  private void whole(Node node, Whole shape, String name) {
    String bounds = "from %d to %d".formatted(shape.min(), shape.max());
    if (!(node instanceof Scalar scalar)) {
      mismatch(node, name, "a whole number", "write one " + bounds);
      return;
    }
    String text = scalar.text();
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    boolean padded = text.length() > 1 && text.startsWith("0");
    if (!digits || padded) {
      faults.add(
          scalar.at(),
          "%s: %s is no whole number".formatted(name, Printable.quoted(text)),
          "write one %s, in digits only".formatted(bounds));
    } else if (text.length() > 18
        || Long.parseLong(text) < shape.min()
        || Long.parseLong(text) > shape.max()) {
      faults.add(
          scalar.at(),
          "%s cannot be %s".formatted(name, text.length() > 30 ? "so large" : text),
          "write a whole number " + bounds);
    }
  }

  private void time(Node node, String name) {
    if (!(node instanceof Scalar scalar)) {
      mismatch(node, name, "a length of time", "write it like 90s or 10m");
    } else if (TimeText.read(scalar.text()) instanceof TimeText.Bad bad) {
      faults.add(
          scalar.at(),
          "%s: %s %s".formatted(name, Printable.quoted(scalar.text()), bad.message()),
          bad.cure());
    }
  }

  private void items(Node node, Items shape, String name) {
    switch (node) {
      case Sequence sequence -> {
        if (sequence.items().isEmpty() && !shape.mayBeEmpty()) {
          faults.add(sequence.at(), "'%s' is an empty list".formatted(name), "write at least one");
        }
        for (Node item : sequence.items()) {
          if (item.isNothing()) {
            faults.add(
                item.at(),
                "an empty item in '%s'".formatted(name),
                "take it out; the words null and ~ go in quotes");
          } else if (shape.item() instanceof Group && !(item instanceof Mapping)) {
            faults.add(
                item.at(),
                "each of '%s' must be a mapping, and this is %s".formatted(name, item.kind()),
                "write '- key: value', and further keys below the first");
          } else {
            check(item, shape.item(), name);
          }
        }
      }
      case Scalar scalar when !(shape.item() instanceof Group) -> check(scalar, shape.item(), name);
      case Scalar _, Mapping _ ->
          mismatch(node, name, "a list", "begin each item on a line of its own with '- '");
    }
  }

  private void commandLine(Node node, String name) {
    switch (node) {
      case Scalar line -> check(line, new Text(TextKind.COMMAND), name);
      case Sequence words when words.items().isEmpty() ->
          faults.add(words.at(), "'%s' is an empty list".formatted(name), "write what to run");
      case Sequence words -> {
        TextKind kind = TextKind.LINE;
        for (Node word : words.items()) {
          if (word.isNothing()) {
            faults.add(
                word.at(), "an empty word in '%s'".formatted(name), "write \"\" for an empty one");
          } else {
            check(word, new Text(kind), name);
          }
          kind = TextKind.WORD;
        }
      }
      case Mapping _ ->
          mismatch(
              node, name, "a line or a list", "write a line for the shell, or [program, argument]");
    }
  }

  private void named(Node node, Named shape, String name) {
    if (!(node instanceof Mapping mapping)) {
      mismatch(node, name, "a mapping", "write 'name: value' lines below it, indented");
      return;
    }
    for (Entry entry : mapping.entries().values()) {
      check(new Scalar(entry.key().text(), false, entry.key().at()), new Text(shape.names()), name);
      if (entry.value().isNothing() && !mayBeNothing(shape.value())) {
        RequiredCheck.hasNoValue(entry, faults);
      }
      check(entry.value(), shape.value(), entry.key().text());
    }
  }

  private static boolean mayBeNothing(Shape shape) {
    return shape instanceof Group group && group.keys().stream().noneMatch(Member::required);
  }

  private void group(Node node, Group shape, String name) {
    if (node instanceof Mapping mapping) {
      members(mapping, shape);
    } else if (shape.shorthand().isPresent()) {
      Member key = shape.key(shape.shorthand().get()).orElseThrow();
      check(node, key.shape(), name);
    } else {
      mismatch(node, name, "a mapping", "write 'key: value' lines below it, indented");
    }
  }

  private void members(Mapping mapping, Group shape) {
    for (Entry entry : mapping.entries().values()) {
      if (faults.isFull()) {
        return;
      }
      String key = entry.key().text();
      shape
          .key(key)
          .ifPresentOrElse(
              known -> check(entry.value(), known.shape(), key),
              () ->
                  faults.add(
                      entry.key().at(),
                      "unknown key " + Printable.quoted(key),
                      Spelling.advice(key, shape.names(), "known here:")));
    }
    List<String> rivals =
        shape.rivals().stream().filter(key -> mapping.get(key).isPresent()).toList();
    if (rivals.size() > 1) {
      Entry second = mapping.entries().get(rivals.getLast());
      faults.add(
          second == null ? mapping.at() : second.key().at(),
          "both '%s' and '%s'".formatted(rivals.getFirst(), rivals.getLast()),
          "keep one of the two");
    }
  }

  private void mismatch(Node node, String name, String wanted, String cure) {
    faults.add(
        node.at(),
        "%s must be %s, and is %s".formatted(Printable.quoted(name), wanted, node.kind()),
        cure);
  }
}
