package dev.agentrunner.core.tamper;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers in a file that something has to reach, by what they are called, in order. */
record Thresholds(Map<String, List<BigDecimal>> numbers) {

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<![\\w.-])(?:--)?(?<key>[\\w.-]{0,60}?(?:coverage|threshold|minimum|fail[_-]?under)"
              + "[\\w.-]{0,60}|branches|lines|functions|statements|instructions"
              + "|target(?=[ \\t]*:[ \\t]*\\d{1,3}(?:\\.\\d{1,9})?%))"
              + "[\"'\\])]{0,3}(?:[ \\t]*[:=>][=>]?[ \\t]*|[ \\t]+)[\"'(]{0,2}"
              + "(?<number>\\d{1,9}(?:\\.\\d{1,9})?)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern COMMENTS =
      Pattern.compile("^[ \\t]*(?:#|//|\\*|/\\*).*$", Pattern.MULTILINE);

  static Thresholds in(String text) {
    Map<String, List<BigDecimal>> numbers = new TreeMap<>();
    Matcher found = NUMBER.matcher(COMMENTS.matcher(withoutMarkup(text)).replaceAll(""));
    while (found.find()) {
      numbers
          .computeIfAbsent(found.group("key").toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(new BigDecimal(found.group("number")));
    }
    return new Thresholds(numbers);
  }

  /** The text but for {@code <!-- ... -->}. */
  private static String withoutMarkup(String text) {
    StringBuilder left = new StringBuilder();
    int from = 0;
    for (int open = text.indexOf("<!--"); open >= 0; open = text.indexOf("<!--", from)) {
      int close = text.indexOf("-->", open);
      if (close < 0) {
        break;
      }
      left.append(text, from, open);
      from = close + 3;
    }
    return left.append(text, from, text.length()).toString();
  }

  /** What is lower in {@code after}, or not there any more. */
  List<String> loweredIn(Thresholds after) {
    List<String> lowered = new ArrayList<>();
    numbers.forEach((key, old) -> {
      List<BigDecimal> now = after.numbers.getOrDefault(key, List.of());
      if (now.size() < old.size()) {
        List<BigDecimal> gone = new ArrayList<>(old);
        now.forEach(gone::remove);
        gone.forEach(number -> lowered.add("%s %s is gone".formatted(key, number)));
        return;
      }
      for (int i = 0; i < old.size(); i++) {
        if (now.get(i).compareTo(old.get(i)) < 0) {
          lowered.add("%s %s is %s now".formatted(key, old.get(i), now.get(i)));
        }
      }
    });
    return lowered;
  }
}
