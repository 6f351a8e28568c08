package dev.agentrunner.adapter.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.ProviderFailures;
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
import org.junit.jupiter.params.provider.ValueSource;

final class GeminiFailuresTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final GeminiFailures FAILURES =
      new GeminiFailures(
          new ProviderFailures("gate", "GEMINI_API_KEY", "gemini-x", Duration.ofSeconds(60), NOW));

  @Test
  void a_bad_key_is_denied_although_its_status_is_400() {
    String body =
        """
        {"error":{"code":400,"message":"Bad.","status":"INVALID_ARGUMENT","details":[
        {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}\
        """;

    assertThat(status(400, body))
        .isInstanceOf(Denied.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("refused the key", "GEMINI_API_KEY");
  }

  @ParameterizedTest
  @CsvSource({
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)., Unusable",
    "User location is not supported for the API use., Denied",
    "API key expired. Please renew the API key., Denied",
    "Unknown name \"$schema\", Unusable"
  })
  void what_a_bad_request_means_shows_in_its_message(String message, String kind) {
    assertThat(kind(status(400, error(message)))).isEqualTo(kind);
  }

  @Test
  void a_model_that_is_not_there_is_named() {
    assertThat(status(404, error("models/gemini-x is not found")).message())
        .contains("has no model gemini-x");
  }

  // Quotas

  @Test
  void a_quota_of_the_day_is_back_at_midnight_in_california() {
    String body =
        quota("GenerateRequestsPerMinutePerProject", "GenerateRequestsPerDayPerProject", "38s");

    assertThat(status(429, body))
        .isInstanceOfSatisfying(
            Window.class,
            window ->
                assertThat(window.resetsAt()).contains(Instant.parse("2026-11-22T08:00:00Z")));
  }

  @Test
  void a_quota_of_the_day_with_a_long_wait_is_back_after_it() {
    assertThat(status(429, quota("RequestsPerDay", "x", "68940s")))
        .isInstanceOfSatisfying(
            Window.class,
            window -> assertThat(window.resetsAt()).contains(NOW.plusSeconds(68_940)));
  }

  @ParameterizedTest
  @CsvSource({"38s, 38000", "0.5s, 500", "120ms, 120", "34.4s, 34400", "'', 60000", "soon, 60000"})
  void a_quota_of_the_minute_passes(String delay, long millis) {
    assertThat(delay(status(429, quota("GenerateRequestsPerMinute", "x", delay))))
        .contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "Please retry in 40.025771073s., PT40.025771073S",
    "Please retry in 938.9ms., PT0.9389S",
    "Please retry in 1m0s., PT1M"
  })
  void a_message_may_tell_the_wait(String message, Duration wait) {
    assertThat(delay(status(429, error(message)))).contains(wait);
  }

  @Test
  void a_long_wait_is_a_used_up_quota() {
    assertThat(status(429, error("Your quota will reset after 14h22m3.5s.")))
        .isInstanceOfSatisfying(
            Window.class,
            window ->
                assertThat(window.resetsAt()).contains(NOW.plus(Duration.parse("PT14H22M3.5S"))));
  }

  @Test
  void a_plan_without_any_quota_is_not_waited_for() {
    String body =
        error("Quota exceeded for metric: free_tier_requests, limit: 0\nPlease retry in 2s.");

    assertThat(status(429, body))
        .isInstanceOf(ModelFailure.Denied.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("no quota for gemini-x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit: 10000", "limit: 0.5"})
  void a_limit_that_only_begins_with_a_zero_or_has_some_is_some_quota(String limit) {
    assertThat(status(429, error("Quota exceeded, " + limit))).isInstanceOf(Transient.class);
  }

  @Test
  void a_quota_told_as_exhausted_is_a_window() {
    String body =
        """
        {"error":{"code":429,"message":"Out.","details":[
        {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"QUOTA_EXHAUSTED",
         "domain":"cloudcode-pa.googleapis.com"},
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30s"}]}}\
        """;

    assertThat(status(429, body))
        .isInstanceOfSatisfying(
            Window.class, window -> assertThat(window.resetsAt()).contains(NOW.plusSeconds(30)));
  }

  // Odd forms

  @Test
  void details_are_found_in_an_array_under_a_key_with_a_blank() {
    String body = "[" + quota("PerMinute", "x", "7s").replace("\"@type\"", "\" @type\"") + "]";

    assertThat(delay(status(429, body))).contains(Duration.ofSeconds(7));
  }

  @Test
  void an_error_may_be_packed_into_the_message_of_another() {
    ObjectNode outer = JsonNodeFactory.instance.objectNode();
    outer.putObject("error").put("code", 429).put("message", quota("PerMinute", "x", "7s"));

    assertThat(delay(status(429, JsonTree.write(outer)))).contains(Duration.ofSeconds(7));
  }

  @Test
  void a_wait_may_have_the_fields_of_a_protobuf_duration() {
    String body =
        quota("PerMinute", "x", "7s").replace("\"7s\"", "{\"seconds\":7,\"nanos\":500000000}");

    assertThat(delay(status(429, body))).contains(Duration.ofMillis(7500));
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, Unusable",
    "UNAUTHENTICATED, Denied",
    "PERMISSION_DENIED, Denied",
    "NOT_FOUND, Denied",
    "RESOURCE_EXHAUSTED, Transient",
    "UNAVAILABLE, Transient",
    "DEADLINE_EXCEEDED, Transient",
    "INTERNAL, Transient",
    "SOMETHING_NEWER, Transient"
  })
  void an_error_in_a_stream_means_what_its_status_would(String status, String kind) {
    var error =
        GeminiError.in("{\"error\":{\"message\":\"x\",\"status\":\"%s\"}}".formatted(status));

    assertThat(kind(FAILURES.ofError(error.orElseThrow(), Headers.of()))).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(ints = {413, 418, 422})
  void what_is_wrong_with_the_request_stays_wrong(int status) {
    assertThat(status(status, error("x"))).isInstanceOf(Unusable.class);
  }

  private static Optional<Duration> delay(ModelFailure failure) {
    assertThat(failure).isInstanceOf(Transient.class);
    return ((Transient) failure).retryAfter();
  }

  private static String kind(ModelFailure failure) {
    return failure.getClass().getSimpleName();
  }

  private static ModelFailure status(int status, String body) {
    return FAILURES.ofStatus(new Refusal(status, Headers.of(), body));
  }

  private static String error(String message) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.putObject("error").put("message", message);
    return JsonTree.write(error);
  }

  private static String quota(String first, String second, String delay) {
    return """
    {"error":{"code":429,"message":"Quota.","status":"RESOURCE_EXHAUSTED","details":[
    {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[
     {"quotaId":"%s","quotaValue":"10"},{"quotaId":"%s"}]},
    {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"%s"}]}}\
    """
        .formatted(first, second, delay);
  }
}
