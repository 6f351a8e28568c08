package dev.agentrunner.cli;

import java.util.List;

/** A unified diff as a terminal shows it. */
final class ColouredDiff {

  private ColouredDiff() {}

  static List<String> lines(String diff, Screen screen) {
    return Screen.harmless(diff).lines().map(line -> colour(line, screen)).toList();
  }

  private static String colour(String line, Screen screen) {
    if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("diff ")) {
      return screen.bold(line);
    }
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+' -> screen.green(line);
      case '-' -> screen.red(line);
      case '@' -> screen.cyan(line);
      default -> line;
    };
  }
}
