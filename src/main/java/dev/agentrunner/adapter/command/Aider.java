package dev.agentrunner.adapter.command;

import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * aider with one message. It speaks in plain text and ends with 0 even where it failed:
 *
 * <pre>
 * litellm.RateLimitError: …                                 trouble, unless it goes on thereafter
 * Applied edit to src/Foo.java
 * Tokens: 4.2k sent, 512 received. Cost: $0.02 message, $0.05 session.
 * </pre>
 *
 * It has no session to go on with. Source: aider 0.86, aider/coders and aider/exceptions.py, read
 * November 2026.
 */
final class Aider implements Dialect {

  @Override
  public List<String> program() {
    return List.of("aider");
  }

  @Override
  public List<String> flags(Errand errand, Permissions permissions) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "--yes-always",
                "--no-stream",
                "--no-pretty",
                "--no-auto-commits",
                "--no-check-update",
                "--no-show-model-warnings",
                "--analytics-disable",
                "--no-gitignore",
                "--no-show-release-notes"));
    errand.model().ifPresent(model -> words.addAll(List.of("--model", model)));
    return words;
  }

  @Override
  public PromptWay promptWay() {
    return PromptWay.FILE;
  }

  @Override
  public List<String> promptFile() {
    return List.of("--message-file");
  }

  @Override
  public Hearing hearing(Errand errand) {
    return new Listening();
  }

  private static final class Listening implements Hearing {

    private static final Pattern TOKENS =
        Pattern.compile(
            "Tokens: ([0-9.,]+[kM]?) sent(?:, [0-9.,]+[kM]? cache (?:write|hit))*, "
                + "([0-9.,]+[kM]?) received\\.(?: Cost: \\$([0-9.]+) message.*)?");
    private static final Pattern TROUBLE = Pattern.compile("litellm\\.[A-Za-z.]*?(\\w+): .*");
    private static final String APPLIED = "Applied edit to ";
    private static final String QUOTA = "The API provider has rate limited you.";

    private boolean speaking;

    @Override
    public boolean tellsItsEnd() {
      return false;
    }

    @Override
    public List<Signal> line(String line) {
      Matcher tokens = TOKENS.matcher(line);
      if (tokens.matches()) {
        return List.of(new Signal.Counted(usage(tokens)), new Signal.Finished(""));
      }
      Matcher trouble = TROUBLE.matcher(line);
      if (trouble.matches()) {
        return List.of(new Signal.Failed(line, trouble.group(1), true));
      }
      if (line.startsWith(QUOTA)) {
        return List.of(new Signal.Failed(line, "RateLimitError", true));
      }
      if (line.startsWith(APPLIED)) {
        return List.of(
            new Signal.Used("", "edit", JsonLines.shown(line.substring(APPLIED.length()))));
      }
      Signal said = new Signal.Said(line + "\n", speaking);
      speaking = true;
      return List.of(said);
    }

    private static Usage usage(Matcher tokens) {
      Usage usage = new Usage(number(tokens.group(1)), 0, 0, number(tokens.group(2)), 0, false);
      return tokens.group(3) == null
          ? usage
          : usage.costing(Cost.of(new BigDecimal(tokens.group(3)).movePointRight(6).longValue()));
    }

    /** Rounded by aider itself, so that all of it is a lower bound at best. */
    private static long number(String text) {
      int power = text.endsWith("k") ? 3 : text.endsWith("M") ? 6 : 0;
      String digits = text.replace(",", "").replace("k", "").replace("M", "");
      return new BigDecimal(digits).movePointRight(power).longValue();
    }
  }
}
