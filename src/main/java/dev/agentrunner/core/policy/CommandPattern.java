package dev.agentrunner.core.policy;

import java.util.Collections;
import java.util.List;

/**
 * A rule about commands, as the user writes it: {@code git diff *}. It is held against the words of
 * a command, not against its text: {@code git diff} does not match {@code git difftool}, nor what
 * comes after a {@code ;}. A word {@code *} stands for any number of words; within a word it stands
 * for any characters. Variables set for the command are words too, so that a rule that names none
 * matches no command that sets any.
 *
 * @param text as written
 */
public record CommandPattern(String text) {

  private static final String ANY = "*";

  /** One that matches exactly {@code command}, whose words must all be sure. */
  static CommandPattern exactly(SimpleCommand command) {
    return new CommandPattern(
        command.spelled().stream()
            .map(word -> quoted(word.text()))
            .reduce((a, b) -> a + " " + b)
            .orElse(""));
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** A word of the pattern; a star that is quoted is only a star. */
  private record Piece(String glob, boolean literal) {

    boolean isAny() {
      return !literal && glob.equals(ANY);
    }

    boolean fits(String word) {
      return literal ? glob.equals(word) : fits(glob, word);
    }

    private static boolean fits(String glob, String word) {
      return Sequences.fit(
          glob.length(),
          word.length(),
          g -> glob.charAt(g) == '*',
          (g, w) -> glob.charAt(g) == word.charAt(w));
    }
  }

  private List<Piece> pieces() {
    // Quotes keep a star a star; what is not quoted is split at blanks and taken as it stands.
    return new PatternReader(text)
        .words().stream().map(word -> new Piece(word.text(), !word.sure())).toList();
  }

  /** Whether it surely matches: a word that is not known is matched by {@code *} alone. */
  boolean covers(SimpleCommand command) {
    return fits(pieces(), command.spelled(), false);
  }

  /** Whether it may match, once what is not known is. */
  boolean mayMean(SimpleCommand command) {
    return fits(pieces(), command.plainWords(), true)
        || fits(pieces(), command.withoutGlobalOptions(), true);
  }

  /** Whether its first words are found one after another among {@code words}, wherever. */
  boolean isHintedAtBy(List<String> words) {
    List<String> head =
        pieces().stream().takeWhile(piece -> !piece.isAny()).map(Piece::glob).toList();
    return !head.isEmpty() && Collections.indexOfSubList(words, head) >= 0;
  }

  private static boolean fits(List<Piece> pieces, List<ShellWord> words, boolean perhaps) {
    return Sequences.fit(
        pieces.size(),
        words.size(),
        p -> pieces.get(p).isAny(),
        (p, w) -> words.get(w).sure() ? pieces.get(p).fits(words.get(w).text()) : perhaps && w > 0);
  }
}
