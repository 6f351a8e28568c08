package dev.agentrunner.adapter.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.ModelFailure.Denied;
import dev.agentrunner.core.chat.ModelFailure.Transient;
import dev.agentrunner.core.chat.ModelFailure.Unusable;
import dev.agentrunner.core.chat.ModelFailure.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClaudeFailuresTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
  private static final ClaudeFailures FAILURES =
      new ClaudeFailures(
          "api.anthropic.com", "ANTHROPIC_API_KEY", "claude-x", Duration.ofSeconds(60), NOW);

  @Test
  void a_refused_key_is_told_with_its_origin_and_the_request() {
    ModelFailure failure = status(401, "authentication_error", "invalid x-api-key");

    assertThat(failure)
        .isEqualTo(
            new Denied(
                "api.anthropic.com refused the key (401 authentication_error: invalid x-api-key;"
                    + " request req_1). Check the key in ANTHROPIC_API_KEY."));
  }

  @Test
  void a_wrong_model_is_told_apart_from_a_wrong_address() {
    assertThat(status(404, "not_found_error", "model: claude-x").message())
        .contains("no model claude-x");
    assertThat(status(404, "not_found_error", "Not found").message()).contains("Check base_url");
  }

  @ParameterizedTest
  @CsvSource({"400, invalid_request_error", "402, billing_error", "403, permission_error"})
  void an_account_without_credit_needs_a_person(int status, String type) {
    assertThat(status(status, type, "Your credit balance is too low to access the API."))
        .isInstanceOf(Denied.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("credit");
  }

  @ParameterizedTest
  @CsvSource({
    "on 2026-12-01 at 00:00 UTC., 2026-12-01T00:00:00Z",
    "on 2026-12-01., 2026-12-01T00:00:00Z",
    "at 2026-11-25T14:30:00Z., 2026-11-25T14:30:00Z"
  })
  void a_spend_limit_of_ones_own_tells_when_it_ends(String when, Instant resetsAt) {
    String message = "You have reached your specified API usage limits. You will regain access ";

    assertThat(status(400, "invalid_request_error", message + when))
        .isInstanceOfSatisfying(
            Window.class, window -> assertThat(window.resetsAt()).contains(resetsAt));
  }

  @ParameterizedTest
  @CsvSource({
    "You have reached your specified workspace API usage limits.",
    "You have reached your specified API usage limits. Access on 2026-99-99."
  })
  void a_spend_limit_may_not_tell_when_it_ends(String message) {
    assertThat(status(400, "invalid_request_error", message))
        .isInstanceOfSatisfying(Window.class, window -> assertThat(window.resetsAt()).isEmpty());
  }

  @Test
  void the_spend_limit_of_a_tier_ends_with_the_month() {
    String body =
        """
        {"type":"error","error":{"type":"rate_limit_error","message":"Monthly limit.",
         "details":{"error_code":"enforced_spend_limit_reached"}}}\
        """;

    assertThat(FAILURES.ofStatus(new Refusal(429, Headers.of(), body)))
        .isInstanceOfSatisfying(
            Window.class, window -> assertThat(window.resetsAt()).contains(DECEMBER));
  }

  @Test
  void an_empty_bucket_says_when_it_is_full_where_nothing_else_does() {
    var headers =
        Headers.of(
            "Anthropic-RateLimit-Requests-Remaining", "19",
            "anthropic-ratelimit-requests-reset", "2026-11-21T12:00:00Z",
            "anthropic-ratelimit-input-tokens-remaining", "0",
            "anthropic-ratelimit-input-tokens-reset", "2026-11-21T10:00:20Z",
            "anthropic-ratelimit-tokens-remaining", "0",
            "anthropic-ratelimit-tokens-reset", "2026-11-21T10:00:30Z");

    assertThat(limited(headers)).isEqualTo(Optional.of(Duration.ofSeconds(30)));
  }

  @Test
  void an_empty_bucket_that_takes_long_is_a_used_up_quota() {
    var headers =
        Headers.of(
            "anthropic-ratelimit-tokens-remaining", "0",
            "anthropic-ratelimit-tokens-reset", "2026-11-21T10:05:00Z");

    assertThat(FAILURES.ofStatus(new Refusal(429, headers, "")))
        .isInstanceOfSatisfying(
            Window.class, window -> assertThat(window.resetsAt()).contains(NOW.plusSeconds(300)));
  }

  @Test
  void buckets_that_are_not_empty_or_make_no_sense_say_nothing() {
    var headers =
        Headers.of(
            "anthropic-ratelimit-requests-remaining", "1",
            "anthropic-ratelimit-requests-reset", "2026-11-21T10:00:20Z",
            "anthropic-ratelimit-tokens-remaining", "0",
            "anthropic-ratelimit-tokens-reset", "tomorrow");

    assertThat(limited(headers)).isEqualTo(Optional.empty());
  }

  @Test
  void a_rate_limit_that_another_try_does_not_help_is_a_used_up_quota() {
    assertThat(FAILURES.ofStatus(new Refusal(429, Headers.of("x-should-retry", "false"), "")))
        .isInstanceOf(Window.class);
  }

  @ParameterizedTest
  @CsvSource({
    "400, prompt is too long: 210000 tokens > 200000 maximum",
    "400, input length and `max_tokens` exceed context limit: 9 + 9 > 10",
    "413, Request exceeds the maximum size"
  })
  void a_request_that_is_too_long_says_so(int status, String message) {
    assertThat(status(status, "invalid_request_error", message))
        .isInstanceOf(Unusable.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("too l", "must become shorter");
  }

  @ParameterizedTest
  @CsvSource({"408", "409", "500", "502", "503", "504", "520", "529"})
  void what_may_work_in_a_moment_passes(int status) {
    assertThat(status(status, "api_error", "x")).isInstanceOf(Transient.class);
  }

  @ParameterizedTest
  @CsvSource({"400", "405", "413", "418", "422"})
  void what_is_wrong_with_the_request_stays_wrong(int status) {
    assertThat(status(status, "invalid_request_error", "x")).isInstanceOf(Unusable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "invalid_request_error, Unusable",
    "authentication_error, Denied",
    "billing_error, Denied",
    "permission_error, Denied",
    "not_found_error, Denied",
    "request_too_large, Unusable",
    "rate_limit_error, Transient",
    "timeout_error, Transient",
    "overloaded_error, Transient",
    "api_error, Transient",
    "some_newer_error, Transient"
  })
  void an_error_in_a_stream_means_what_its_status_would(String type, String kind) throws Exception {
    String event =
        "{\"type\":\"error\",\"error\":{\"message\":\"x\",\"type\":\"%s\"}}".formatted(type);

    assertThat(FAILURES.ofEvent(JsonTree.read(event), Headers.of()).getClass().getSimpleName())
        .isEqualTo(kind);
  }

  private static Object limited(Headers headers) {
    ModelFailure failure = FAILURES.ofStatus(new Refusal(429, headers, ""));
    assertThat(failure).isInstanceOf(Transient.class);
    return ((Transient) failure).retryAfter();
  }

  private static ModelFailure status(int status, String type, String message) {
    String body =
        "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"},\"request_id\":\"req_1\"}"
            .formatted(type, message);
    return FAILURES.ofStatus(new Refusal(status, Headers.of(), body));
  }
}
