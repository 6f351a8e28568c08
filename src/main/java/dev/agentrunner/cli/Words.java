package dev.agentrunner.cli;

import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How figures and states read. */
final class Words {

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private Words() {}

  static String count(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }

  static String duration(Duration took) {
    long seconds = took.toSeconds();
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }
    return seconds < 3600
        ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
        : "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
  }

  static String tokens(long tokens) {
    if (tokens < 10_000) {
      return String.valueOf(tokens);
    }
    return tokens < 10_000_000
        ? String.format(Locale.ROOT, "%.1fk", tokens / 1000.0)
        : String.format(Locale.ROOT, "%.1fM", tokens / 1_000_000.0);
  }

  /** What is not known is never told as nothing. */
  static String money(Cost cost) {
    if (!cost.complete() && cost.micros() == 0) {
      return "cost unknown";
    }
    int decimals =
        cost.micros() == 0 || cost.micros() >= 100_000 ? 2 : cost.micros() >= 100 ? 4 : 6;
    String dollars =
        "$" + BigDecimal.valueOf(cost.micros(), 6).setScale(decimals, RoundingMode.HALF_UP);
    return cost.complete() ? dollars : "at least " + dollars;
  }

  /** Such as {@code $0.41}, {@code >$0.41} for at least that, {@code ?}. */
  static String moneyInShort(Cost cost) {
    return money(cost).replace("at least ", ">").replace("cost unknown", "?");
  }

  /** Without fractions of a second. */
  static String seconds(Duration took) {
    long seconds = took.toSeconds();
    return seconds < 60 ? seconds + " s" : duration(took);
  }

  /** Such as {@code 12.3k tokens, at least $0.41}. */
  static String spent(Usage usage) {
    return "%s tokens%s, %s"
        .formatted(
            tokens(usage.totalTokens()), usage.exact() ? "" : " at least", money(usage.cost()));
  }

  /** Such as {@code $0.41 of $20.00, 12.3k of 20.0M tokens}; of what is bounded only. */
  static String budget(Budget.Caps caps, Budget.Spending spent) {
    List<String> parts = new ArrayList<>();
    caps.micros()
        .ifPresent(most ->
            parts.add("%s of %s".formatted(money(spent.usage().cost()), money(Cost.of(most)))));
    caps.tokens()
        .ifPresent(most ->
            parts.add(
                "%s of %s tokens".formatted(tokens(spent.usage().totalTokens()), tokens(most))));
    caps.time()
        .ifPresent(most -> parts.add("%s of %s".formatted(seconds(spent.time()), seconds(most))));
    caps.calls().ifPresent(most -> parts.add("%d of %d calls".formatted(spent.calls(), most)));
    return String.join(", ", parts);
  }

  /** Local time, and how long until then. */
  static String moment(Instant then, Instant now, ZoneId zone) {
    String local = MOMENT.format(then.atZone(zone));
    return then.isAfter(now)
        ? "%s (local, in %s)".formatted(local, duration(Duration.between(now, then)))
        : local + " (local)";
  }

  static String status(TaskState task) {
    return switch (task.status()) {
      case PENDING -> "pending";
      case RUNNING -> "running";
      case COMPLETED ->
          (task.planned().proposed() ? "proposed" : "done")
              + (task.verified() ? "" : ", unverified");
      case FAILED -> "failed";
      case SKIPPED -> "skipped";
      case BLOCKED -> "blocked";
    };
  }

  static String paint(Screen screen, TaskStatus status, String text) {
    return switch (status) {
      case COMPLETED -> screen.green(text);
      case FAILED -> screen.red(text);
      case SKIPPED, BLOCKED -> screen.yellow(text);
      case RUNNING -> screen.cyan(text);
      case PENDING -> text;
    };
  }

  /** Such as {@code 2 done, 1 failed, 3 pending}. */
  static String tally(RunState state) {
    Map<TaskStatus, Integer> counts = new EnumMap<>(TaskStatus.class);
    state.tasks().forEach(task -> counts.merge(task.status(), 1, Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((status, n) -> {
      String word =
          status == TaskStatus.COMPLETED ? "done" : status.name().toLowerCase(Locale.ROOT);
      parts.add(n + " " + word);
    });
    return String.join(", ", parts);
  }

  static Duration took(TaskState task, Instant now) {
    return task.work()
        .started()
        .map(start -> Duration.between(start, task.work().ended().orElse(now)))
        .orElse(Duration.ZERO);
  }
}
