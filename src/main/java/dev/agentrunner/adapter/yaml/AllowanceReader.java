package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.AllowanceKeys.Span;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.limit.ModelPattern;
import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.Quota.Measure;
import dev.agentrunner.core.limit.Quota.Start;
import dev.agentrunner.core.task.Allowance;
import dev.agentrunner.core.task.RateLimits;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes what may be spent of a tree that has been completed and found in order. */
final class AllowanceReader {

  private AllowanceReader() {}

  static Allowance read(Values root) {
    Map<String, RateLimits> limits = new LinkedHashMap<>();
    root.named("rate_limits")
        .forEach((provider, node) -> {
          if (node instanceof Node.Mapping mapping) {
            limits.put(provider, rateLimits(new Values(mapping)));
          }
        });
    Values budget = root.group("budget");
    return new Allowance(limits, new Budget(caps(budget, "run"), caps(budget, "task")), true);
  }

  private static RateLimits rateLimits(Values values) {
    Start start = Start.valueOf(values.text("windows").orElse("rolling").toUpperCase(Locale.ROOT));
    List<Quota> quotas = new ArrayList<>(quotas(values, start, Optional.empty()));
    values
        .named("models")
        .forEach((pattern, node) -> {
          if (node instanceof Node.Mapping mapping) {
            quotas.addAll(
                quotas(new Values(mapping), start, Optional.of(new ModelPattern(pattern))));
          }
        });
    return new RateLimits(quotas, values.text("reserve").map(AllowanceReader::share).orElse(0.0));
  }

  private static List<Quota> quotas(Values values, Start start, Optional<ModelPattern> models) {
    List<Quota> quotas = new ArrayList<>();
    for (String measure : AllowanceKeys.MEASURES) {
      for (Span span : Span.values()) {
        values
            .whole(span.key(measure))
            .map(max ->
                new Quota(
                    Measure.valueOf(measure.toUpperCase(Locale.ROOT)),
                    max,
                    duration(span),
                    span == Span.FIVE_HOURS ? Start.FIRST_CALL : start,
                    models))
            .ifPresent(quotas::add);
      }
    }
    return quotas;
  }

  private static Duration duration(Span span) {
    return switch (span) {
      case MINUTE -> Duration.ofMinutes(1);
      case HOUR -> Duration.ofHours(1);
      case FIVE_HOURS -> Duration.ofHours(5);
      case DAY -> Duration.ofDays(1);
      case WEEK -> Duration.ofDays(7);
    };
  }

  /** {@code 20%} or {@code 0.2}. */
  private static double share(String text) {
    return text.endsWith("%")
        ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
        : Double.parseDouble(text);
  }

  private static Budget.Caps caps(Values budget, String whose) {
    return new Budget.Caps(
        budget
            .text(whose + "_usd")
            .filter(TextKind::isPrice)
            .map(text -> new BigDecimal(text).movePointRight(6).longValue()),
        budget.whole(whose + "_tokens"),
        budget.time(whose + "_time"),
        budget.whole(whose + "_calls").map(Long::intValue));
  }
}
