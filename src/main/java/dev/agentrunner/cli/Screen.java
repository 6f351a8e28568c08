package dev.agentrunner.cli;

import dev.agentrunner.core.secret.Mask;
import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * Where a command prints.
 *
 * @param out takes the result
 * @param err takes progress, warnings and errors
 * @param ink whether colours are wanted
 * @param attended whether a person can be asked
 */
public record Screen(PrintStream out, PrintStream err, boolean ink, boolean attended) {

  /** The same, with secrets masked in all that is printed. */
  public Screen masked(Supplier<Mask> mask) {
    return new Screen(masked(out, mask), masked(err, mask), ink, attended);
  }

  private static PrintStream masked(PrintStream stream, Supplier<Mask> mask) {
    return new PrintStream(new MaskedOutput(stream, mask), true, stream.charset());
  }

  String bold(String text) {
    return paint("1", text);
  }

  String dim(String text) {
    return paint("2", text);
  }

  String red(String text) {
    return paint("31", text);
  }

  String green(String text) {
    return paint("32", text);
  }

  String yellow(String text) {
    return paint("33", text);
  }

  String cyan(String text) {
    return paint("36", text);
  }

  private String paint(String code, String text) {
    return ink ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
  }

  /**
   * {@code text} with everything that could steer a terminal made harmless; tabs and line feeds
   * stay.
   */
  static String harmless(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          boolean steers =
              (Character.isISOControl(c) && c != '\n' && c != '\t')
                  || Character.getType(c) == Character.FORMAT
                  || Character.getType(c) == Character.SURROGATE;
          safe.appendCodePoint(steers ? '\uFFFD' : c);
        });
    return safe.toString();
  }
}
