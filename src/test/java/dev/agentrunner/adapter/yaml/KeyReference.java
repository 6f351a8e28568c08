package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Member;
import dev.agentrunner.adapter.yaml.Shape.Named;
import java.util.List;
import java.util.stream.Collectors;

/** Tables for people, made of a table of keys: a section for each key at the top. */
final class KeyReference {

  /** From here on a bound is only there to be one. */
  private static final long ENDLESS = 1_000_000_000;

  private final StringBuilder text = new StringBuilder();

  private KeyReference() {}

  static String of(Group root) {
    KeyReference reference = new KeyReference();
    List<Member> plain = root.keys().stream().filter(key -> groups(key.shape()).isEmpty()).toList();
    reference.table(plain, "");
    root.keys().stream().filter(key -> !groups(key.shape()).isEmpty()).forEach(reference::section);
    return reference.text.toString();
  }

  private void section(Member key) {
    text.append("### `%s`\n\n%s\n\n".formatted(key.name() + own(key.shape()), key.about()));
    groups(key.shape()).forEach(group -> table(group.keys(), ""));
  }

  private void table(List<Member> keys, String above) {
    text.append("| key | takes | default | |\n| --- | --- | --- | --- |\n");
    rows(keys, above);
    text.append('\n');
  }

  private void rows(List<Member> keys, String above) {
    for (Member key : keys) {
      String name = above + key.name();
      text.append(
          "| `%s` | %s%s | %s | %s |\n"
              .formatted(
                  name,
                  takes(key.shape()),
                  key.required() ? ", required" : "",
                  key.standard().map(value -> "`" + value + "`").orElse(""),
                  key.about().replace("|", "\\|")));
      groups(key.shape()).forEach(group -> rows(group.keys(), name + below(key.shape())));
    }
  }

  private static String below(Shape shape) {
    return own(shape) + ".";
  }

  private static String own(Shape shape) {
    return switch (shape) {
      case Named _ -> ".NAME";
      case Shape.Items _ -> "[]";
      case Group _,
          Shape.Text _,
          Shape.Choice _,
          Shape.Whole _,
          Shape.Time _,
          Shape.CommandLine _ ->
          "";
    };
  }

  /** The groups of keys that a place holds, however deep under names of the user's own. */
  private static List<Group> groups(Shape shape) {
    return switch (shape) {
      case Group group -> List.of(group);
      case Named named -> groups(named.value());
      case Shape.Items items -> groups(items.item());
      case Shape.Text _, Shape.Choice _, Shape.Whole _, Shape.Time _, Shape.CommandLine _ ->
          List.of();
    };
  }

  private static String takes(Shape shape) {
    return switch (shape) {
      case Shape.Text _ -> "text";
      case Shape.Choice(List<String> words) ->
          words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(" "));
      case Shape.Whole(long min, long max) when max >= ENDLESS -> "from " + min;
      case Shape.Whole(long min, long max) -> "%d to %d".formatted(min, max);
      case Shape.Time _ -> "time";
      case Shape.CommandLine _ -> "command";
      case Shape.Items items -> "list of " + takes(items.item());
      case Named named -> "by name: " + takes(named.value());
      case Group group ->
          group.shorthand().map(word -> "keys, or its `" + word + "`").orElse("keys");
    };
  }
}
