package dev.agentrunner.adapter.yaml;

import java.time.Duration;

/**
 * Lengths of time as written: a whole number and {@code ms}, {@code s}, {@code m}, {@code h} or
 * {@code d}.
 */
sealed interface TimeText {

  /** Longer than this no timer of the JDK and no library can be trusted with. */
  Duration LONGEST = Duration.ofDays(20);

  record Good(Duration time) implements TimeText {}

  record Bad(String message, String cure) implements TimeText {}

  static TimeText read(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    String unit = text.substring(digits).strip();
    if (digits == 0) {
      return new Bad("is no length of time", "write it like 250ms, 90s, 10m, 2h or 1d");
    }
    if (unit.isEmpty()) {
      return new Bad(
          "is a number without a unit",
          "write %ss for seconds, or use ms, m, h or d".formatted(text.substring(0, digits)));
    }
    long millis = millis(unit);
    if (millis == 0) {
      return new Bad(
          "is no length of time",
          "write one whole number and one unit: ms, s, m, h or d, like 90s");
    }
    if (digits > 12 || Long.parseLong(text.substring(0, digits)) > LONGEST.toMillis() / millis) {
      return new Bad("is too long", "the longest is %dd".formatted(LONGEST.toDays()));
    }
    Duration time = Duration.ofMillis(Long.parseLong(text.substring(0, digits)) * millis);
    return time.isZero() ? new Bad("is no time at all", "write more than 0") : new Good(time);
  }

  private static long millis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      default -> 0;
    };
  }
}
