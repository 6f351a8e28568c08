package dev.agentrunner.adapter.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.adapter.http.JsonTree;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error in the API's own words, with the details of google.rpc that come with it
 * (googleapis/google/rpc/error_details.proto, read 2026-08).
 *
 * @param code as HTTP has it; 0 if none was told
 * @param status such as {@code RESOURCE_EXHAUSTED}; empty if none was told
 * @param reasons of the details, such as {@code API_KEY_INVALID}
 * @param quotas that were exceeded, by id, such as {@code GenerateRequestsPerDayPerProject}
 * @param delay asked for before another try
 */
record GeminiError(
    int code,
    String status,
    String message,
    List<String> reasons,
    List<String> quotas,
    Optional<Duration> delay) {

  private static final Duration LONGEST = Duration.ofDays(365);
  private static final int NESTED_MAX = 3;

  /** As in "Please retry in 40.025771073s.", "… in 14h22m3.5s." or "… in 938.9ms.". */
  private static final Pattern RETRY_IN =
      Pattern.compile("(?:retry|reset)\\s+(?:in|after)\\s+([0-9][0-9a-z.]*[a-z])\\b");

  private static final Pattern DURATION =
      Pattern.compile(
          "(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m(?!s))?"
              + "(?:(\\d{1,9}(?:\\.\\d{1,30})?)(ms|s))?");

  GeminiError {
    reasons = List.copyOf(reasons);
    quotas = List.copyOf(quotas);
  }

  /**
   * Reads an error in any form it comes in: as it is, in an array, or once more as text within the
   * message of another one.
   *
   * @return empty if {@code tree} holds no error
   */
  static Optional<GeminiError> in(JsonNode tree) {
    JsonNode error = error(tree);
    for (int depth = 0; depth < NESTED_MAX; depth++) {
      JsonNode inner = error(parsed(error.path("message").asText("")));
      if (!inner.isObject()) {
        break;
      }
      error = inner;
    }
    if (error.isTextual()) {
      return Optional.of(
          new GeminiError(0, "", error.textValue(), List.of(), List.of(), Optional.empty()));
    }
    return error.isObject() ? Optional.of(read(error)) : Optional.empty();
  }

  static Optional<GeminiError> in(String text) {
    return in(parsed(text));
  }

  private static JsonNode error(JsonNode tree) {
    return tree.isArray() ? tree.path(0).path("error") : tree.path("error");
  }

  private static JsonNode parsed(String text) {
    try {
      return JsonTree.read(text);
    } catch (JsonProcessingException _) {
      return JsonNodeFactory.instance.missingNode();
    }
  }

  private static GeminiError read(JsonNode error) {
    List<String> reasons = new ArrayList<>();
    List<String> quotas = new ArrayList<>();
    Optional<Duration> delay = inText(error.path("message").asText(""));
    for (JsonNode detail : error.path("details")) {
      switch (type(detail)) {
        case "google.rpc.ErrorInfo" -> {
          reasons.add(detail.path("reason").asText(""));
          JsonNode metadata = detail.path("metadata");
          quotas.add(metadata.path("quota_limit").asText(""));
          delay = longer(delay, duration(metadata.path("quotaResetDelay")));
        }
        case "google.rpc.QuotaFailure" ->
            detail
                .path("violations")
                .forEach(violation -> quotas.add(violation.path("quotaId").asText("")));
        case "google.rpc.RetryInfo" -> delay = longer(delay, duration(detail.path("retryDelay")));
        default -> {
          // Help, DebugInfo, LocalizedMessage: nothing to act on.
        }
      }
    }
    reasons.removeIf(String::isEmpty);
    quotas.removeIf(String::isEmpty);
    return new GeminiError(
        error.path("code").asInt(0),
        error.path("status").asText(""),
        error.path("message").asText(""),
        reasons,
        quotas,
        delay);
  }

  /** Without the part before the slash; the key has been seen with a blank in front. */
  private static String type(JsonNode detail) {
    for (var field : detail.properties()) {
      if (field.getKey().strip().equals("@type")) {
        String type = field.getValue().asText("");
        return type.substring(type.lastIndexOf('/') + 1);
      }
    }
    return "";
  }

  private static Optional<Duration> inText(String message) {
    Matcher retry = RETRY_IN.matcher(message.toLowerCase(Locale.ROOT));
    return retry.find() ? duration(retry.group(1)) : Optional.empty();
  }

  /** The message tells it to the nanosecond, the details often rounded down. */
  private static Optional<Duration> longer(Optional<Duration> one, Optional<Duration> other) {
    return one.isPresent() && other.isPresent() && one.get().compareTo(other.get()) > 0
        ? one
        : other.or(() -> one);
  }

  /** As text, or as the two fields that a protobuf duration has. */
  private static Optional<Duration> duration(JsonNode written) {
    if (written.isObject()) {
      long seconds = written.path("seconds").asLong(0);
      long nanos = written.path("nanos").asLong(0);
      return Optional.of(bounded(BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9))));
    }
    return written.isTextual() ? duration(written.textValue().strip()) : Optional.empty();
  }

  private static Optional<Duration> duration(String written) {
    Matcher parts = DURATION.matcher(written);
    if (written.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    BigDecimal seconds =
        number(parts, 1, 86_400).add(number(parts, 2, 3_600)).add(number(parts, 3, 60));
    BigDecimal rest = number(parts, 4, 1);
    return Optional.of(
        bounded(seconds.add("ms".equals(parts.group(5)) ? rest.movePointLeft(3) : rest)));
  }

  private static BigDecimal number(Matcher parts, int group, long unitSeconds) {
    return parts.group(group) == null
        ? BigDecimal.ZERO
        : new BigDecimal(parts.group(group)).multiply(BigDecimal.valueOf(unitSeconds));
  }

  private static Duration bounded(BigDecimal seconds) {
    BigDecimal kept = seconds.max(BigDecimal.ZERO).min(BigDecimal.valueOf(LONGEST.toSeconds()));
    return Duration.ofNanos(kept.movePointRight(9).longValue());
  }

  boolean hasReason(String reason) {
    return reasons.contains(reason);
  }

  /** Whether one of the exceeded quotas is counted by that period, such as {@code PerDay}. */
  boolean exceeds(String period) {
    String wanted = period.toLowerCase(Locale.ROOT);
    return quotas.stream().anyMatch(quota -> quota.toLowerCase(Locale.ROOT).contains(wanted));
  }
}
