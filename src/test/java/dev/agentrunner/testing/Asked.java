package dev.agentrunner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request that a {@link FakeProvider} received.
 *
 * @param task the first word of the prompt's title line, {@code # T1 and more}
 * @param attempt from 1; of a later one it is known only that it is not the first, unless what the
 *     prompt tells of the one before says {@code attempt N}
 * @param turn from 1: one more than the replies in the conversation
 * @param time how often this turn was asked for so far, this time included
 * @param headers by lower-case name
 * @param lastWords what the user's side said last: the prompt, or results of tools
 */
public record Asked(
    String task,
    int attempt,
    int turn,
    int time,
    Map<String, String> headers,
    JsonNode body,
    String lastWords) {

  private static final Pattern TITLE = Pattern.compile("(?m)^# (\\S+)");
  private static final String SETBACK = "## The attempt before this one failed";
  private static final Pattern ATTEMPT = Pattern.compile("attempt (\\d+)");

  static Asked of(Map<String, String> headers, JsonNode body, List<Wire.Line> said) {
    String prompt =
        said.stream().filter(l -> !l.ofModel()).findFirst().map(Wire.Line::words).orElse("");
    Matcher title = TITLE.matcher(prompt);
    int turn = 1;
    boolean model = false;
    for (Wire.Line line : said) {
      // Some wires have several items to a turn.
      turn += line.ofModel() && !model ? 1 : 0;
      model = line.ofModel();
    }
    return new Asked(
        title.find() ? title.group(1) : "unknown",
        attempt(prompt),
        turn,
        1,
        headers,
        body,
        said.isEmpty() ? "" : said.getLast().words());
  }

  private static int attempt(String prompt) {
    int setback = prompt.indexOf(SETBACK);
    if (setback < 0) {
      return 1;
    }
    Matcher before = ATTEMPT.matcher(prompt.substring(setback + SETBACK.length()));
    return before.find() ? Integer.parseInt(before.group(1)) + 1 : 2;
  }

  Asked atTime(int time) {
    return new Asked(task, attempt, turn, time, headers, body, lastWords);
  }

  Asked withoutBody() {
    return new Asked(task, attempt, turn, time, headers, MissingNode.getInstance(), "");
  }

  /** The same words for the same question, for counting. */
  String question() {
    return task + " " + attempt + " " + turn;
  }
}
