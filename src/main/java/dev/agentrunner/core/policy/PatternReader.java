package dev.agentrunner.core.policy;

import java.util.ArrayList;
import java.util.List;

/** Splits a rule at blanks; quotes keep blanks and stars as they are. */
record PatternReader(String text) {

  /** The words; a quoted one is not {@link ShellWord#sure}, which is to say that it has no star. */
  List<ShellWord> words() {
    List<ShellWord> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean begun = false;
    boolean quoted = false;
    char open = '\0';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (open != '\0' && c == open) {
        open = '\0';
      } else if (open == '\0' && (c == '\'' || c == '"')) {
        open = c;
        begun = true;
        quoted = true;
      } else if (open == '\0' && c == '\\' && i + 1 < text.length()) {
        word.append(text.charAt(++i));
        begun = true;
        quoted = true;
      } else if (open == '\0' && Character.isWhitespace(c)) {
        if (begun) {
          words.add(new ShellWord(word.toString(), !quoted));
        }
        word.setLength(0);
        begun = false;
        quoted = false;
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (begun) {
      words.add(new ShellWord(word.toString(), !quoted));
    }
    return words;
  }
}
