package dev.agentrunner.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a shell line apart into the commands it starts. It understands lists, pipes, groups,
 * substitutions, redirections and quoting; what else there is (loops, functions, here-documents,
 * arithmetic) it reads on through as well as it can, and says that it is in doubt.
 */
final class ShellReader {

  private static final int DEPTH_MAX = 20;
  private static final char END = '\0';

  /** What comes after them is a command again. */
  private static final Set<String> OPENERS =
      Set.of("if", "then", "elif", "else", "while", "until", "do", "{", "!");

  private static final Set<String> CLOSERS = Set.of("fi", "done", "esac", "}");

  private static final Set<String> BEYOND =
      Set.of("for", "case", "select", "function", "coproc", "[[");

  private final String text;
  private final int depth;
  private final List<SimpleCommand> commands;
  private final WordReader reader;
  private int at;
  private boolean grouped;
  private @Nullable String doubt;

  private List<ShellWord> assignments = new ArrayList<>();
  private List<ShellWord> words = new ArrayList<>();
  private boolean something;

  ShellReader(String text) {
    this(text, 0, new ArrayList<>());
  }

  private ShellReader(String text, int depth, List<SimpleCommand> commands) {
    this.text = text;
    this.depth = depth;
    this.commands = commands;
    this.reader = new WordReader(this);
  }

  ShellLine read() {
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
      doubt("it holds control characters");
    }
    list(END);
    return new ShellLine(commands, grouped, Optional.ofNullable(doubt));
  }

  void doubt(String why) {
    if (doubt == null) {
      doubt = why;
    }
  }

  char peek() {
    return peek(0);
  }

  char peek(int further) {
    return at + further < text.length() ? text.charAt(at + further) : END;
  }

  boolean atEnd() {
    return at >= text.length();
  }

  void skip(int chars) {
    at += chars;
  }

  int position() {
    return at;
  }

  String since(int from) {
    return text.substring(from, Math.min(at, text.length()));
  }

  /** The commands of {@code inner}, which stands quoted in this line. */
  void nested(String inner) {
    if (depth >= DEPTH_MAX) {
      doubt("it is nested too deeply");
      return;
    }
    ShellReader nested = new ShellReader(inner, depth + 1, commands);
    ShellLine line = nested.read();
    grouped = true;
    line.doubt().ifPresent(this::doubt);
  }

  /** The commands up to the bracket that closes what was opened, in a state of their own. */
  void group() {
    if (depth >= DEPTH_MAX) {
      doubt("it is nested too deeply");
      at = text.length();
      return;
    }
    ShellReader group = new ShellReader(text, depth + 1, commands);
    group.at = at;
    group.list(')');
    at = group.at;
    grouped = true;
    if (group.doubt != null) {
      doubt(group.doubt);
    }
  }

  private void list(char closing) {
    while (!atEnd()) {
      char c = peek();
      if (c == closing) {
        end(false);
        skip(1);
        return;
      }
      switch (c) {
        case ' ', '\t' -> skip(1);
        case '\n' -> separator(1, false);
        case '#' -> comment();
        case ';' -> {
          if (peek(1) == ';' || peek(1) == '&') {
            doubt("it has a choice of cases");
          }
          separator(1, true);
        }
        case '&' -> ampersand();
        case '|' -> separator(peek(1) == '|' || peek(1) == '&' ? 2 : 1, true);
        case '(' -> bracket();
        case ')' -> {
          doubt("a bracket closes nothing");
          separator(1, false);
        }
        case '<', '>' -> redirection();
        default -> word();
      }
    }
    end(false);
    if (closing != END) {
      doubt("a bracket is not closed");
    }
  }

  private void ampersand() {
    if (peek(1) == '>') {
      skip(1);
      redirection();
    } else {
      separator(peek(1) == '&' ? 2 : 1, true);
    }
  }

  private void comment() {
    while (!atEnd() && peek() != '\n') {
      skip(1);
    }
  }

  private void separator(int length, boolean needsCommand) {
    end(needsCommand);
    skip(length);
  }

  private void end(boolean needed) {
    if (needed && !something) {
      doubt("an operator stands where a command should");
    }
    if (!words.isEmpty() || !assignments.isEmpty()) {
      commands.add(new SimpleCommand(assignments, words));
      assignments = new ArrayList<>();
      words = new ArrayList<>();
    }
    something = false;
  }

  private void bracket() {
    if (something || peek(1) == '(') {
      doubt("it has a function, an array or arithmetic");
    }
    skip(1);
    group();
    something = true;
  }

  private void word() {
    if (words.isEmpty() && peek() == '{' && Character.isWhitespace(peek(1))) {
      doubt("it has a compound command");
      skip(1);
      return;
    }
    WordReader.Read read = reader.read();
    if (read.bare() && (peek() == '<' || peek() == '>') && isNumber(read.word().text())) {
      redirection();
      return;
    }
    something = true;
    String text = read.word().text();
    if (words.isEmpty() && read.bare() && keyword(text)) {
      return;
    }
    if (words.isEmpty() && read.assigns()) {
      assignments.add(read.word());
      return;
    }
    if (words.isEmpty() && !read.word().sure()) {
      doubt("the name of a command is known only when it runs");
    }
    words.add(read.word());
  }

  private boolean keyword(String text) {
    if (BEYOND.contains(text)) {
      doubt("it has a compound command");
      return false;
    }
    if (OPENERS.contains(text) || CLOSERS.contains(text)) {
      if (!text.equals("!")) {
        doubt("it has a compound command");
      }
      return true;
    }
    return false;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private void redirection() {
    something = true;
    char way = peek();
    if (peek(1) == '(') {
      // A process in place of a file; its commands count like any other.
      skip(2);
      group();
      words.add(ShellWord.unknown("/dev/fd"));
      return;
    }
    if (way == '<' && peek(1) == '<' && peek(2) != '<') {
      doubt("it has a here-document");
    }
    skip(1);
    while (peek() == '<' || peek() == '>' || peek() == '|') {
      skip(1);
    }
    boolean copies = peek() == '&';
    if (copies) {
      skip(1);
    }
    while (peek() == ' ' || peek() == '\t') {
      skip(1);
    }
    if (atEnd() || "\n;&|<>()".indexOf(peek()) >= 0) {
      doubt("a redirection leads nowhere");
      return;
    }
    ShellWord target = reader.read().word();
    boolean harmless =
        target.sure()
            && (target.text().equals("/dev/null")
                || (copies && (isNumber(target.text()) || target.text().equals("-"))));
    if (!harmless) {
      doubt(way == '>' ? "it writes to a file by redirection" : "it reads a file by redirection");
    }
  }
}
