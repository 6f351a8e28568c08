package dev.agentrunner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code --help} prints, as it was when the program was built: to make it anew, every command
 * and option has to be read, which takes longer than all else.
 *
 * <p>Pages stand one after another in {@code help.txt}, each begun by a form feed and a line with
 * the words of its command, which is empty for the program itself. They have their colours.
 */
final class HelpPages {

  private static final String BEGIN = "\f";

  private HelpPages() {}

  /** The page that {@code args} ask for, if they ask for one and nothing else. */
  static Optional<String> asked(boolean ink, String... args) {
    if (args.length == 0) {
      return page(ink, "");
    }
    int last = args.length - 1;
    return args[last].equals("--help") || args[last].equals("-h")
        ? page(ink, String.join(" ", Arrays.asList(args).subList(0, last)))
        : Optional.empty();
  }

  private static Optional<String> page(boolean ink, String command) {
    String all = all();
    String begin = BEGIN + command + "\n";
    int at = all.indexOf(begin);
    if (at < 0) {
      return Optional.empty();
    }
    int end = all.indexOf(BEGIN, at + 1);
    String page = all.substring(at + begin.length(), end < 0 ? all.length() : end);
    return Optional.of(ink ? page : withoutInk(page));
  }

  // None if this was not built by Maven; then picocli answers.
  private static String all() {
    try (InputStream in = HelpPages.class.getResourceAsStream("help.txt")) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutInk(String page) {
    StringBuilder plain = new StringBuilder(page.length());
    int from = 0;
    for (int at = page.indexOf("\u001B["); at >= 0; at = page.indexOf("\u001B[", from)) {
      plain.append(page, from, at);
      from = page.indexOf('m', at) + 1;
    }
    return plain.append(page, from, page.length()).toString();
  }

  /**
   * @param pages by the words of the command
   */
  static String written(Map<String, String> pages) {
    return pages.entrySet().stream()
        .map(page -> BEGIN + page.getKey() + "\n" + page.getValue())
        .collect(Collectors.joining());
  }
}
