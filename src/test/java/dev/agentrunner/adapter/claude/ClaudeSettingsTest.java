package dev.agentrunner.adapter.claude;

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

final class ClaudeSettingsTest {

  @Test
  void an_unknown_option_is_told_with_those_that_exist() {
    assertThatThrownBy(() -> settings(Optional.empty(), Map.of("efort", "high")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine.efort")
        .hasMessageContaining("auth, cache, effort, temperature, thinking");
  }

  @ParameterizedTest
  @CsvSource({
    "auth, basic",
    "cache, 2h",
    "effort, extreme",
    "temperature, 1.5",
    "temperature, warm",
    "thinking, 1000",
    "thinking, much",
    "thinking, 99999999999999",
    "thinking, -2048"
  })
  void a_value_that_cannot_be_is_told_with_those_that_can(String option, String written) {
    assertThatThrownBy(() -> settings(Optional.empty(), Map.of(option, written)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine." + option + ": " + written);
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.anthropic.com, https://api.anthropic.com/v1/messages",
    "https://gate.example/anthropic, https://gate.example/anthropic/v1/messages",
    "https://gate.example/anthropic/, https://gate.example/anthropic/v1/messages",
    "http://127.0.0.1:8080/v1, http://127.0.0.1:8080/v1/messages"
  })
  void messages_are_posted_below_the_base_url(String baseUrl, String endpoint) {
    assertThat(settings(Optional.of(baseUrl), Map.of()).endpoint()).hasToString(endpoint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"api.anthropic.com", "ftp://x", "", "https://me:secret@gate.example"})
  void what_is_no_plain_web_address_is_refused_without_being_quoted(String baseUrl) {
    assertThatThrownBy(() -> settings(Optional.of(baseUrl), Map.of()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine.base_url")
        .message()
        .doesNotContain("secret");
  }

  private static ClaudeSettings settings(Optional<String> baseUrl, Map<String, String> options) {
    Duration second = Duration.ofSeconds(1);
    return ClaudeSettings.from(
        new ProviderSettings(
            "mine",
            "claude",
            Optional.empty(),
            baseUrl,
            Optional.empty(),
            new Timeouts(second, second, second),
            options));
  }
}
