package dev.agentrunner.adapter.gemini;

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

final class GeminiSettingsTest {

  @Test
  void an_unknown_option_is_told_with_those_that_exist() {
    assertThatThrownBy(() -> settings(Optional.empty(), Map.of("effort", "high")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine.effort")
        .hasMessageContaining("auth, temperature, thinking");
  }

  @ParameterizedTest
  @CsvSource({
    "auth, basic",
    "temperature, 2.5",
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
    "https://gate.example, m, https://gate.example/v1beta/models/m",
    "https://gate.example/g/v1, m, https://gate.example/g/v1/models/m",
    "https://gate.example/v1beta/, models/m, https://gate.example/v1beta/models/m",
    "https://gate.example, tunedModels/m, https://gate.example/v1beta/tunedModels/m",
    "https://p.example/v1/projects/p/publishers/google, m, https://p.example/v1/projects/p/publishers/google/models/m"
  })
  void models_are_asked_below_the_base_url(String baseUrl, String model, String endpoint) {
    assertThat(settings(Optional.of(baseUrl), Map.of()).endpoint(model))
        .hasToString(endpoint + ":streamGenerateContent?alt=sse");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gate.example", "ftp://x", "", "https://me:secret@gate.example"})
  void what_is_no_plain_web_address_is_refused_without_being_quoted(String baseUrl) {
    assertThatThrownBy(() -> settings(Optional.of(baseUrl), Map.of()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("providers.mine.base_url")
        .message()
        .doesNotContain("secret");
  }

  private static GeminiSettings settings(Optional<String> baseUrl, Map<String, String> options) {
    Duration second = Duration.ofSeconds(1);
    return GeminiSettings.from(
        new ProviderSettings(
            "mine",
            "gemini",
            Optional.empty(),
            baseUrl,
            Optional.empty(),
            new Timeouts(second, second, second),
            options));
  }
}
