package dev.agentrunner.adapter.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.UsageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenAiSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com, https://api.openai.com/v1/responses",
    "https://api.openai.com/v1, https://api.openai.com/v1/responses",
    "https://openrouter.ai/api/v1/, https://openrouter.ai/api/v1/chat/completions",
    "https://api.deepseek.com, https://api.deepseek.com/chat/completions",
    "http://localhost:1234/v1, http://localhost:1234/v1/chat/completions"
  })
  void openai_itself_is_asked_by_responses_and_others_by_chat(String baseUrl, String endpoint) {
    assertThat(settings(Optional.of(baseUrl), Map.of()).endpoint()).hasToString(endpoint);
  }

  @Test
  void the_api_can_be_chosen() {
    assertThat(settings(Optional.empty(), Map.of("api", "chat")).endpoint())
        .hasToString("https://api.openai.com/v1/chat/completions");
    assertThat(settings(Optional.of("http://localhost:1234/v1"), Map.of("api", "responses")))
        .extracting(OpenAiSettings::endpoint)
        .hasToString("http://localhost:1234/v1/responses");
  }

  @Test
  void an_unknown_option_is_told_with_those_that_exist() {
    assertThatThrownBy(() -> settings(Optional.empty(), Map.of("efort", "high")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine.efort")
        .hasMessageContaining("api, effort, summary, tools, verbosity");
  }

  @ParameterizedTest
  @CsvSource({"off, false", "false, false", "on, true", "true, true"})
  void a_model_may_have_no_use_for_tools(String written, boolean tools) {
    assertThat(settings(Optional.of("http://localhost:1234/v1"), Map.of("tools", written)).tools())
        .isEqualTo(tools);
  }

  @Test
  void the_responses_api_always_has_tools() {
    assertThatThrownBy(() -> settings(Optional.empty(), Map.of("tools", "off")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine.tools")
        .hasMessageContaining("api: chat");
  }

  @ParameterizedTest
  @CsvSource({"api, completions", "effort, extreme", "summary, long", "verbosity, chatty"})
  void a_value_that_cannot_be_is_told_with_those_that_can(String option, String written) {
    assertThatThrownBy(() -> settings(Optional.empty(), Map.of(option, written)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine." + option + ": " + written);
  }

  @Test
  void chat_has_no_summaries() {
    assertThatThrownBy(() -> settings(Optional.empty(), Map.of("api", "chat", "summary", "auto")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine.summary");
  }

  @Test
  void options_go_where_each_api_has_them() {
    Map<String, String> options = Map.of("effort", "low", "verbosity", "high");

    assertThat(new ResponsesWriter(settings(Optional.empty(), options)).body(question()))
        .hasToString(
            """
            {"model":"m","max_output_tokens":9,"stream":true,"store":false,\
            "include":["reasoning.encrypted_content"],"reasoning":{"effort":"low"},\
            "text":{"verbosity":"high"},"input":[]}\
            """);
    assertThat(
            new ChatWriter(
                    settings(Optional.of("https://api.openai.com"), with(options, "api", "chat")))
                .body(question()))
        .hasToString(
            """
            {"model":"m","max_completion_tokens":9,"stream":true,\
            "stream_options":{"include_usage":true},"reasoning_effort":"low","verbosity":"high",\
            "messages":[]}\
            """);
  }

  private static Map<String, String> with(Map<String, String> options, String name, String value) {
    var more = new java.util.HashMap<>(options);
    more.put(name, value);
    return more;
  }

  private static ChatRequest question() {
    return new ChatRequest(new ChatRequest.CallId("T1", 1, 1), "m", "", List.of(), List.of(), 9);
  }

  private static OpenAiSettings settings(Optional<String> baseUrl, Map<String, String> options) {
    Duration second = Duration.ofSeconds(1);
    return OpenAiSettings.from(
        new ProviderSettings(
            "mine",
            "openai",
            Optional.empty(),
            baseUrl,
            Optional.empty(),
            new Timeouts(second, second, second),
            options));
  }
}
