package dev.agentrunner.core.edit;

import java.text.Normalizer;
import java.util.List;
import java.util.function.UnaryOperator;

/** What two lines must have in common to count as the same. */
final class Likeness {

  /** From the same text to the same but for white space at the end and typography. */
  static final List<UnaryOperator<String>> LOOSER =
      List.of(UnaryOperator.identity(), String::stripTrailing, Likeness::plain);

  /** The same but for white space around it. */
  static final List<UnaryOperator<String>> ANCHOR =
      List.of(UnaryOperator.identity(), String::strip, line -> plain(line).strip());

  private Likeness() {}

  /** {@code line} as a plain keyboard writes it: models swap dashes, quotes, spaces, accents. */
  private static String plain(String line) {
    if (line.chars().allMatch(c -> c < 0x80)) {
      return line.stripTrailing();
    }
    String readable = Normalizer.normalize(Bytes.readable(line), Normalizer.Form.NFC);
    if (readable.indexOf('\uFFFD') >= 0) {
      return line.stripTrailing(); // no UTF-8: only the same bytes are the same
    }
    StringBuilder plain = new StringBuilder();
    readable.chars().forEach(c -> plain.append(plain((char) c)));
    return plain.toString().stripTrailing();
  }

  private static char plain(char c) {
    return switch (c) {
      case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212' -> '-';
      case '\u2018', '\u2019', '\u201A', '\u201B' -> '\'';
      case '\u201C', '\u201D', '\u201E', '\u201F' -> '"';
      case '\u00A0',
          '\u2002',
          '\u2003',
          '\u2004',
          '\u2005',
          '\u2006',
          '\u2007',
          '\u2008',
          '\u2009',
          '\u200A',
          '\u202F',
          '\u205F',
          '\u3000' ->
          ' ';
      default -> c;
    };
  }
}
