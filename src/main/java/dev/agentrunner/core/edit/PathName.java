package dev.agentrunner.core.edit;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names of files as replies write them: among marks of Markdown, in the quotes of git. Only the
 * form is looked at here; whether a file may be touched is for whoever touches it.
 */
final class PathName {

  private static final Pattern ONE_WORD = Pattern.compile("[^\\s<>|\"?*=(){};,]+");
  private static final Pattern WITH_ENDING = Pattern.compile(".*[^./ ]\\.[A-Za-z0-9_+-]{1,12}");
  private static final Pattern WITHOUT_ENDING =
      Pattern.compile(
          "(?i)(make|docker|jenkins|vagrant|proc|gem|rake|brew|just|pip)file|licen[sc]e|readme|notice|copying|authors|codeowners|changelog");

  private static final Pattern TAG = Pattern.compile("</?(source|code|pre|codeblock|sourcecode)>");

  private PathName() {}

  /**
   * {@code written} as a path from the task's folder.
   *
   * @throws UnreadableReplyException if it is no such path
   */
  static String checked(int line, String written) {
    String path = Bytes.name(written).replaceAll("(?<=/|^)(\\.?/)+", "");
    String wrong = "";
    if (written.isBlank()) {
      wrong = "the path is empty";
    } else if (written.startsWith("/") || path.matches("[A-Za-z]:[\\\\/].*")) {
      wrong = "the path is absolute";
    } else if (path.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
      wrong = "the path holds a control character";
    } else if (path.isEmpty() || path.endsWith("/") || path.equals(".")) {
      wrong = "the path is that of a folder";
    } else if (Arrays.asList(path.split("/", -1)).contains("..")) {
      wrong = "the path leads upwards";
    }
    if (!wrong.isEmpty()) {
      throw new UnreadableReplyException(
          line,
          "%s: \"%s\". Give paths relative to the task's folder, such as src/main.py."
              .formatted(wrong, Nearest.shown(written)));
    }
    return path;
  }

  /**
   * The path on a line above a block, without what Markdown puts around it; empty if the line holds
   * none, but a fence, an ellipsis or a sentence.
   */
  static Optional<String> onLine(String line) {
    String text = line.strip();
    if (text.equals("...")) {
      return Optional.empty();
    }
    if (fence(text)) {
      return afterFence(text);
    }
    String bare = stripped(text, ":", false);
    bare = stripped(bare, "#", true).strip();
    bare = stripped(bothEnds(bothEnds(bare, "`"), "*"), ":", false);
    bare = bothEnds(bare, "`");
    return bare.isEmpty() || sentence(bare) ? Optional.empty() : Optional.of(bare);
  }

  /** Whether the line opens or closes a fence. */
  static boolean fence(String line) {
    String text = line.strip();
    return text.startsWith("```") || TAG.matcher(text).matches();
  }

  /** A path on a line that holds nothing else, beyond doubt. */
  static Optional<String> aloneOnLine(String line) {
    return onLine(line).filter(PathName::unmistakable);
  }

  private static boolean unmistakable(String text) {
    return ONE_WORD.matcher(text).matches()
        && !text.endsWith(".")
        && !text.contains("://")
        && (WITH_ENDING.matcher(text).matches()
            || text.contains("/")
            || text.startsWith(".")
            || WITHOUT_ENDING.matcher(text).matches());
  }

  /** A path given with the opening fence: {@code ```src/a.py}, {@code ```python:src/a.py}. */
  static Optional<String> afterFence(String fence) {
    String info = fence.strip().replaceFirst("^`+", "").strip();
    String last = info.substring(info.lastIndexOf(' ') + 1);
    String path = last.substring(last.lastIndexOf(':') + 1);
    return Optional.of(path)
        .filter(text -> text.contains(".") || text.contains("/"))
        .filter(PathName::unmistakable);
  }

  private static boolean sentence(String text) {
    boolean words = text.chars().anyMatch(Character::isWhitespace);
    return words && (!WITH_ENDING.matcher(text).matches() || text.strip().split("\\s+").length > 4);
  }

  private static String bothEnds(String text, String mark) {
    return stripped(stripped(text, mark, true), mark, false);
  }

  private static String stripped(String text, String mark, boolean start) {
    String rest = text;
    while (start ? rest.startsWith(mark) : rest.endsWith(mark)) {
      rest = start ? rest.substring(1) : rest.substring(0, rest.length() - 1);
    }
    return rest;
  }

  /** A name as git writes it: in double quotes with C escapes where it is not plain. */
  static String unquoted(int line, String written) {
    if (!written.startsWith("\"")) {
      return written;
    }
    StringBuilder name = new StringBuilder();
    int at = 1;
    while (at < written.length() && written.charAt(at) != '"') {
      char c = written.charAt(at++);
      if (c != '\\') {
        name.append(c);
        continue;
      }
      char escape = at < written.length() ? written.charAt(at) : '"';
      if (escape >= '0' && escape <= '3' && at + 3 <= written.length()) {
        name.append((char) octal(line, written.substring(at, at + 3)));
        at += 3;
      } else {
        name.append(escaped(line, escape));
        at++;
      }
    }
    if (at >= written.length()) {
      throw new UnreadableReplyException(line, "the quoted path has no closing quote");
    }
    return name.toString();
  }

  private static int octal(int line, String digits) {
    if (!digits.matches("[0-7]{3}")) {
      throw new UnreadableReplyException(line, "the quoted path has a wrong escape");
    }
    return Integer.parseInt(digits, 8);
  }

  private static char escaped(int line, char escape) {
    return switch (escape) {
      case 'a' -> '\u0007';
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'v' -> '\u000B';
      case 'f' -> '\f';
      case 'r' -> '\r';
      case '"', '\\' -> escape;
      default -> throw new UnreadableReplyException(line, "the quoted path has a wrong escape");
    };
  }
}
