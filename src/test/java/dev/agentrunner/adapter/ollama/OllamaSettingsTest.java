package dev.agentrunner.adapter.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.UsageException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OllamaSettingsTest {

  @Test
  void an_unknown_option_is_told_with_those_that_exist() {
    assertThatThrownBy(() -> settings(Optional.empty(), Map.of("effort", "high"), ""))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine.effort")
        .hasMessageContaining("keep_alive, num_ctx, temperature, thinking");
  }

  @ParameterizedTest
  @CsvSource({
    "keep_alive, soon",
    "num_ctx, 100",
    "num_ctx, much",
    "temperature, warm",
    "thinking, 2048"
  })
  void a_value_that_cannot_be_is_told_with_those_that_can(String option, String written) {
    assertThatThrownBy(() -> settings(Optional.empty(), Map.of(option, written), ""))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine." + option + ": " + written);
  }

  @ParameterizedTest
  @CsvSource({
    "'', http://127.0.0.1:11434/api/chat",
    "0.0.0.0, http://127.0.0.1:11434/api/chat",
    "0.0.0.0:8080, http://127.0.0.1:8080/api/chat",
    ":8080, http://127.0.0.1:8080/api/chat",
    "box, http://box:11434/api/chat",
    "box:80/ollama, http://box/ollama/api/chat",
    "[::1], http://[::1]:11434/api/chat",
    "[::]:8080, http://[::1]:8080/api/chat",
    "https://box.example, https://box.example/api/chat"
  })
  void the_variable_of_the_server_is_read_as_the_server_reads_it(String host, String endpoint) {
    assertThat(settings(Optional.empty(), Map.of(), host).endpoint("chat")).hasToString(endpoint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://box:1", "http://box:1/", "http://box:1/v1", "http://box:1/api/"})
  void chats_are_posted_below_the_base_url(String baseUrl) {
    assertThat(settings(Optional.of(baseUrl), Map.of(), "other").endpoint("chat"))
        .hasToString("http://box:1/api/chat");
  }

  @ParameterizedTest
  @ValueSource(strings = {"box", "ftp://x", "", "https://me:secret@box"})
  void what_is_no_plain_web_address_is_refused_without_being_quoted(String baseUrl) {
    assertThatThrownBy(() -> settings(Optional.of(baseUrl), Map.of(), ""))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine.base_url")
        .message()
        .doesNotContain("secret");
  }

  private static OllamaSettings settings(
      Optional<String> baseUrl, Map<String, String> options, String host) {
    Duration second = Duration.ofSeconds(1);
    return OllamaSettings.from(
        new ProviderSettings(
            "mine",
            "ollama",
            Optional.empty(),
            baseUrl,
            Optional.empty(),
            new Timeouts(second, second, second),
            options),
        name -> Optional.of(host).filter(_ -> name.equals("OLLAMA_HOST")));
  }
}
