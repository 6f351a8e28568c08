package dev.agentrunner.core.policy;

/** Reads one word of a shell line, with all that quoting and expansion can do to it. */
final class WordReader {

  private static final String ENDS_A_WORD = " \t\n;&|<>()";

  private final ShellReader line;
  private StringBuilder text = new StringBuilder();
  private boolean sure;
  private boolean bare;
  private boolean assigns;

  WordReader(ShellReader line) {
    this.line = line;
  }

  /**
   * A word.
   *
   * @param bare whether nothing of it is quoted, so that it may be a keyword
   * @param assigns whether it sets a variable, if it stands before a command's name
   */
  record Read(ShellWord word, boolean bare, boolean assigns) {}

  Read read() {
    text = new StringBuilder();
    sure = true;
    bare = true;
    assigns = false;
    while (!line.atEnd() && ENDS_A_WORD.indexOf(line.peek()) < 0) {
      part();
    }
    return new Read(new ShellWord(text.toString(), sure), bare, assigns);
  }

  private void part() {
    char c = line.peek();
    switch (c) {
      case '\\' -> backslash();
      case '\'' -> single();
      case '"' -> quoted();
      case '$' -> dollar();
      case '`' -> backtick();
      default -> plain(c);
    }
  }

  private void plain(char c) {
    boolean first = text.isEmpty();
    boolean test = c == '[' && first && " \t[".indexOf(line.peek(1)) >= 0;
    boolean pattern = (c == '*' || c == '?' || c == '[') && !test;
    boolean braces = c == '{' && line.peek(1) != '}';
    // A pattern that begins with a letter stays a file's name; elsewhere it may become an option.
    if ((first && (pattern || c == '~')) || braces || (pattern && text.charAt(0) == '-')) {
      sure = false;
    }
    if (c == '=' && bare && isName(text)) {
      assigns = true;
    }
    text.append(c);
    line.skip(1);
  }

  private static boolean isName(CharSequence name) {
    String plain = name.toString();
    String bareName = plain.endsWith("+") ? plain.substring(0, plain.length() - 1) : plain;
    return bareName.matches("[A-Za-z_][A-Za-z0-9_]*(\\[.*\\])?");
  }

  private void backslash() {
    bare = false;
    if (line.peek(1) == '\n') {
      line.skip(2);
      return;
    }
    line.skip(1);
    if (line.atEnd()) {
      line.doubt("it ends in a backslash");
      return;
    }
    text.append(line.peek());
    line.skip(1);
  }

  private void single() {
    bare = false;
    line.skip(1);
    while (!line.atEnd() && line.peek() != '\'') {
      text.append(line.peek());
      line.skip(1);
    }
    close();
  }

  private void quoted() {
    bare = false;
    line.skip(1);
    while (!line.atEnd() && line.peek() != '"') {
      switch (line.peek()) {
        case '\\' -> {
          char next = line.peek(1);
          if ("$`\"\\".indexOf(next) >= 0) {
            text.append(next);
            line.skip(2);
          } else if (next == '\n') {
            line.skip(2);
          } else {
            text.append('\\');
            line.skip(1);
          }
        }
        case '$' -> dollar();
        case '`' -> backtick();
        default -> {
          text.append(line.peek());
          line.skip(1);
        }
      }
    }
    close();
  }

  private void close() {
    if (line.atEnd()) {
      line.doubt("a quote is not closed");
    }
    line.skip(1);
  }

  private void dollar() {
    int from = line.position();
    char next = line.peek(1);
    if (next == '(') {
      if (line.peek(2) == '(') {
        line.doubt("it has arithmetic");
      }
      line.skip(2);
      line.group();
      sure = false;
    } else if (next == '{') {
      braced();
      sure = false;
    } else if (next == '\'') {
      // Its backslashes can spell any word.
      line.doubt("it has text in $'…'");
      sure = false;
      line.skip(1);
      return;
    } else if (Character.isLetterOrDigit(next) || "_@*#?-$!".indexOf(next) >= 0) {
      line.skip(2);
      while (Character.isLetterOrDigit(line.peek()) || line.peek() == '_') {
        line.skip(1);
      }
      sure = false;
    } else {
      line.skip(1);
      if (next == '"') {
        return;
      }
    }
    text.append(line.since(from));
  }

  private void braced() {
    line.skip(2);
    while (!line.atEnd() && line.peek() != '}') {
      if ("$`({'\"\\".indexOf(line.peek()) >= 0) {
        line.doubt("it has an expansion within an expansion");
      }
      line.skip(1);
    }
    close();
  }

  private void backtick() {
    int from = line.position();
    StringBuilder inner = new StringBuilder();
    line.skip(1);
    while (!line.atEnd() && line.peek() != '`') {
      if (line.peek() == '\\' && "$`\\".indexOf(line.peek(1)) >= 0) {
        line.skip(1);
      }
      inner.append(line.peek());
      line.skip(1);
    }
    close();
    sure = false;
    line.nested(inner.toString());
    text.append(line.since(from));
  }
}
