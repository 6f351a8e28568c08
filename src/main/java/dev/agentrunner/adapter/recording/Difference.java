package dev.agentrunner.adapter.recording;

import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ToolResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** In what a question differs from the one recorded, told for people. */
final class Difference {

  private static final int SHOWN_BEFORE = 40;
  private static final int SHOWN_MAX = 100;

  private Difference() {}

  /**
   * The first difference; empty if there is none.
   *
   * @param systemTexts by their digests, as far as they are known
   */
  static Optional<String> between(
      Asked recorded, Asked asked, Map<String, String> systemTexts, String system) {
    return words("model", recorded.model(), asked.model().orElse(""))
        .or(() -> system(recorded, asked, systemTexts, system))
        .or(() -> recorded.tools().flatMap(tools -> tools(tools, asked.tools().orElse(tools))))
        .or(() -> recorded.added().flatMap(added -> added(added, asked.added().orElse(added))));
  }

  private static Optional<String> words(String what, Optional<String> recorded, String asked) {
    return recorded
        .filter(word -> !word.equals(asked))
        .map(word -> "%s: recorded is %s, asked is %s".formatted(what, word, asked));
  }

  private static Optional<String> system(
      Asked recorded, Asked asked, Map<String, String> systemTexts, String system) {
    return recorded
        .system()
        .filter(digest -> !digest.equals(asked.system().orElse("")))
        .map(digest ->
            Optional.ofNullable(systemTexts.get(digest))
                .flatMap(text -> text("the system text", text, system))
                .orElse("the system text is another one"));
  }

  private static Optional<String> tools(Asked.Tools recorded, Asked.Tools asked) {
    if (recorded.digest().equals(asked.digest())) {
      return Optional.empty();
    }
    var gone = new TreeSet<>(recorded.names());
    asked.names().forEach(gone::remove);
    var added = new TreeSet<>(asked.names());
    recorded.names().forEach(added::remove);
    if (gone.isEmpty() && added.isEmpty()) {
      return Optional.of("tools: the same names, but another description or other parameters");
    }
    return Optional.of("tools: recorded only %s, asked only %s".formatted(gone, added));
  }

  private static Optional<String> added(List<Message> recorded, List<Message> asked) {
    List<Said> before = said(recorded);
    List<Said> now = said(asked);
    for (int i = 0; i < Math.min(before.size(), now.size()); i++) {
      Said was = before.get(i);
      Said is = now.get(i);
      String what = "new message " + (i + 1);
      if (!was.what().equals(is.what())) {
        return Optional.of(
            "%s: recorded is %s, asked is %s".formatted(what, was.what(), is.what()));
      }
      Optional<String> text = text(what + ", " + is.what() + ",", was.text(), is.text());
      if (text.isPresent()) {
        return text;
      }
    }
    return before.size() == now.size()
        ? Optional.empty()
        : Optional.of(
            "new messages: recorded are %d, asked are %d".formatted(before.size(), now.size()));
  }

  private record Said(String what, String text) {}

  private static List<Said> said(List<Message> messages) {
    List<Said> said = new ArrayList<>();
    for (Message message : messages) {
      switch (message) {
        case Message.User(String text) -> said.add(new Said("from the user", text));
        case Message.Results(List<ToolResult> results) ->
            results.forEach(result ->
                said.add(
                    new Said(
                        "%s of %s (call %s)"
                            .formatted(
                                result.failed() ? "the failure" : "the result",
                                result.name(),
                                result.callId()),
                        result.text())));
        case Message.Assistant _ -> {}
      }
    }
    return said;
  }

  /** The first line that differs, both ways, with a mark below where it does. */
  private static Optional<String> text(String what, String recorded, String asked) {
    if (recorded.equals(asked)) {
      return Optional.empty();
    }
    String[] before = recorded.split("\n", -1);
    String[] now = asked.split("\n", -1);
    int line = 0;
    while (line < before.length && line < now.length && before[line].equals(now[line])) {
      line++;
    }
    if (line == before.length || line == now.length) {
      return Optional.of(
          "%s: recorded has %d lines, asked has %d\n%s"
              .formatted(
                  what,
                  before.length,
                  now.length,
                  line == before.length
                      ? "+ " + cut(visible(now[line]), 0)
                      : "- " + cut(visible(before[line]), 0)));
    }
    String was = visible(before[line]);
    String is = visible(now[line]);
    int column = 0;
    while (column < was.length()
        && column < is.length()
        && was.charAt(column) == is.charAt(column)) {
      column++;
    }
    int from = Math.max(0, column - SHOWN_BEFORE);
    int mark = 2 + (column - from) + (from > 0 ? 1 : 0);
    return Optional.of(
        "%s differs in line %d (- recorded, + asked):\n- %s\n+ %s\n%s^"
            .formatted(what, line + 1, cut(was, from), cut(is, from), " ".repeat(mark)));
  }

  private static String cut(String line, int from) {
    int to = Math.min(line.length(), from + SHOWN_MAX);
    return (from > 0 ? "…" : "")
        + line.substring(Math.min(from, line.length()), to)
        + (to < line.length() ? "…" : "");
  }

  private static String visible(String line) {
    StringBuilder visible = new StringBuilder();
    line.chars()
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            visible.append("\\u%04x".formatted(c));
          } else {
            visible.append((char) c);
          }
        });
    return visible.toString();
  }
}
