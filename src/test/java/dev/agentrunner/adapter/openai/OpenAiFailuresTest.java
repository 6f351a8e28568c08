package dev.agentrunner.adapter.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.ModelFailure.Denied;
import dev.agentrunner.core.chat.ModelFailure.Transient;
import dev.agentrunner.core.chat.ModelFailure.Unusable;
import dev.agentrunner.core.chat.ModelFailure.Window;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiFailuresTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final OpenAiFailures FAILURES =
      new OpenAiFailures(
          new ProviderFailures(
              "api.openai.com", "OPENAI_API_KEY", "gpt-x", Duration.ofSeconds(60), NOW));

  @Test
  void a_refused_key_is_told_with_its_origin_and_the_request() {
    ModelFailure failure =
        FAILURES.ofStatus(
            new Refusal(
                401,
                Headers.of("x-request-id", "req_1"),
                error("invalid_request_error", "invalid_api_key", "Incorrect key.")));

    assertThat(failure)
        .isEqualTo(
            new Denied(
                "api.openai.com refused the key (401 invalid_api_key: Incorrect key.; request req_1)."
                    + " Check the key in OPENAI_API_KEY."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded"
      })
  void an_account_without_quota_needs_a_person(String code) {
    assertThat(status(429, "insufficient_quota", code, "You exceeded your current quota"))
        .isInstanceOf(Denied.class);
  }

  @ParameterizedTest
  @CsvSource({"1.14s, 1140", "20ms, 20", "1m0s, 60000", "59.8s, 59800"})
  void a_short_rate_limit_waits_as_long_as_its_words_say(String written, long millis) {
    ModelFailure failure =
        status(
            429,
            "tokens",
            "rate_limit_exceeded",
            "Limit 30000, Used 29120, Requested 1450. Please try again in " + written + ".");

    assertThat(failure)
        .isInstanceOfSatisfying(
            Transient.class,
            passing -> assertThat(passing.retryAfter()).contains(Duration.ofMillis(millis)));
  }

  @Test
  void a_long_rate_limit_is_a_used_up_quota() {
    assertThat(
            status(429, "requests", "rate_limit_exceeded", "Please try again in 7h12m0s. Visit x"))
        .isInstanceOfSatisfying(
            Window.class,
            window -> assertThat(window.resetsAt()).contains(NOW.plus(Duration.parse("PT7H12M"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | \"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set",
        "500 | tools param requires --jinja flag",
        "404 | No endpoints found that support tool use.",
        "400 | registry.ollama.ai/library/gemma:2b does not support tools"
      })
  void a_server_without_tools_is_told_with_the_option_for_it(int status, String message) {
    assertThat(status(status, "", "", message))
        .isInstanceOf(Denied.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("tools: off");
  }

  @Test
  void a_server_that_has_loaded_no_model_has_none() {
    assertThat(status(400, "", "", "No models loaded. Please load a model first."))
        .isInstanceOf(Denied.class);
  }

  @Test
  void the_header_of_an_empty_bucket_goes_before_words() {
    var headers =
        Headers.of(
            "x-ratelimit-remaining-requests", "0",
            "x-ratelimit-reset-requests", "2s",
            "x-ratelimit-remaining-tokens", "5",
            "x-ratelimit-reset-tokens", "6m0s",
            "x-ratelimit-remaining-project-tokens", "0",
            "x-ratelimit-reset-project-tokens", "tomorrow");
    String body = error("tokens", "rate_limit_exceeded", "Please try again in 1s.");

    assertThat(FAILURES.ofStatus(new Refusal(429, headers, body)))
        .isInstanceOfSatisfying(
            Transient.class,
            passing -> assertThat(passing.retryAfter()).contains(Duration.ofSeconds(2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429 | rate_limit_exceeded | Request too large for gpt-x on tokens per min (TPM): Limit 30000, Requested 80715.",
        "429 | rate_limit_exceeded | Rate limit reached: Limit 30000, Used 1, Requested 80715. Please try again in 1s.",
        "400 | context_length_exceeded | Too many tokens.",
        "400 | '' | This model's maximum context length is 4096 tokens.",
        "400 | exceed_context_size_error | the request exceeds the available context size",
        "413 | '' | too large"
      })
  void a_request_that_never_fits_is_unusable(int status, String code, String message) {
    assertThat(status(status, "tokens", code, message))
        .isInstanceOf(Unusable.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("must become shorter");
  }

  @ParameterizedTest
  @CsvSource({
    "400, model_not_found, does not exist",
    "404, model_not_found, does not exist",
    "400, '', invalid model ID"
  })
  void a_wrong_model_is_denied_whatever_the_status(int status, String code, String message) {
    assertThat(status(status, "invalid_request_error", code, message))
        .isInstanceOf(Denied.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("no model gpt-x");
  }

  @ParameterizedTest
  @CsvSource({"408", "409", "425", "500", "502", "503", "504", "524", "529"})
  void what_may_work_in_a_moment_passes(int status) {
    assertThat(status(status, "server_error", "", "x")).isInstanceOf(Transient.class);
  }

  @Test
  void credit_that_is_only_held_for_other_calls_comes_back() {
    String body = "{\"error\":{\"code\":402,\"message\":\"in flight\"}}";

    assertThat(FAILURES.ofStatus(new Refusal(402, Headers.of("retry-after", "3"), body)))
        .isInstanceOf(Transient.class);
    assertThat(FAILURES.ofStatus(new Refusal(402, Headers.of(), body))).isInstanceOf(Denied.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"strange thing\",\"type\":\"BadRequestError\",\"code\":400}}",
        "{\"error\":\"strange thing\"}",
        "{\"object\":\"error\",\"message\":\"strange thing\",\"type\":\"BadRequestError\",\"code\":400}",
        "{\"detail\":\"strange thing\"}",
        "{\"detail\":[{\"msg\":\"strange thing\"}]}",
        "[{\"error\":{\"code\":400,\"message\":\"strange thing\",\"status\":\"INVALID_ARGUMENT\"}}]",
        "{\"error\":{\"message\":\"Provider returned error\",\"code\":400,\"metadata\":{\"raw\":\"{\\\"m\\\":\\\"strange thing\\\"}\"}}}",
        "strange thing"
      })
  void errors_are_found_however_they_are_written(String body) {
    assertThat(FAILURES.ofStatus(new Refusal(400, Headers.of(), body)))
        .isInstanceOf(Unusable.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("strange thing");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"server_error\"', Transient",
    "'\"rate_limit_exceeded\"', Transient",
    "'\"insufficient_quota\"', Denied",
    "'\"invalid_prompt\"', Unusable",
    "'\"some_newer_error\"', Transient",
    "400, Unusable",
    "401, Denied",
    "402, Denied",
    "429, Transient",
    "502, Transient",
    "null, Transient"
  })
  void an_error_within_a_reply_means_what_its_code_says(String code, String kind) {
    String event = "{\"error\":{\"message\":\"x\",\"code\":" + code + "}}";

    assertThat(FAILURES.ofEvent(OpenAiWires.tree(event), Headers.of()).getClass().getSimpleName())
        .isEqualTo(kind);
  }

  private static ModelFailure status(int status, String type, String code, String message) {
    return FAILURES.ofStatus(new Refusal(status, Headers.of(), error(type, code, message)));
  }

  private static String error(String type, String code, String message) {
    return "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":%s}}"
        .formatted(message, type, code.isEmpty() ? "null" : '"' + code + '"');
  }
}
