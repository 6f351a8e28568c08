package dev.agentrunner.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A time as people write it on a command line: {@code 90s}, {@code 30m}, {@code 12h}, {@code 2d}.
 */
final class TimeSpan implements ITypeConverter<Duration> {

  private static final Pattern SPAN = Pattern.compile("(\\d{1,6})\\s*([smhd])");

  @Override
  public Duration convert(String text) {
    Matcher span = SPAN.matcher(text.strip());
    if (!span.matches()) {
      throw new TypeConversionException(
          "'%s' is no time; write it like 30m, 12h or 2d".formatted(text));
    }
    long count = Long.parseLong(span.group(1));
    return switch (span.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
