package dev.agentrunner.json;

import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.core.limit.ModelPattern;
import dev.agentrunner.core.limit.PlanWindow;
import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.limit.QuotaWindow;
import dev.agentrunner.core.limit.Spent;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Limits as scripts read them: {@code limits}. */
public final class LimitsJson {

  private static final int VERSION = 1;

  private LimitsJson() {}

  public static byte[] of(List<AccountLimits> limits) {
    return JsonWriter.bytes(
        limits,
        (out, all) -> out.number("v", VERSION).objects("providers", all, LimitsJson::account),
        Bodies.INLINE);
  }

  private static void account(JsonWriter out, AccountLimits account) throws IOException {
    out.text("name", account.provider())
        .number("reserve_percent", Math.round(100 * account.reserve()))
        .number("calls", account.history().size())
        .number("tokens", account.history().stream().mapToLong(Spent::tokens).sum())
        .objects("windows", account.windows(), LimitsJson::window)
        .objects("told", account.readings(), LimitsJson::reading)
        .objects("plan", account.plan(), LimitsJson::planWindow);
  }

  private static void planWindow(JsonWriter out, PlanWindow window) throws IOException {
    out.text("plan", window.plan())
        .text("name", window.name())
        .number("seconds", window.span().toSeconds())
        .number("calls", window.calls())
        .number("tokens", window.tokens())
        .timeIfAny("resets_at", window.resetsAt());
  }

  private static void reading(JsonWriter out, QuotaReading reading) throws IOException {
    out.text("name", reading.name())
        .text("measure", word(reading.measure()))
        .number("limit", reading.limit())
        .number("left", reading.left())
        .time("resets_at", reading.resetsAt());
  }

  private static void window(JsonWriter out, QuotaWindow window) throws IOException {
    Quota quota = window.quota();
    out.text("measure", word(quota.measure()))
        .textIfAny("models", quota.models().map(ModelPattern::text))
        .number("seconds", quota.span().toSeconds())
        .text("begins", word(quota.start()))
        .number("max", quota.max())
        .number("used", window.used())
        .number("left", window.left())
        .timeIfAny("resets_at", window.resetsAt());
  }

  private static String word(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
