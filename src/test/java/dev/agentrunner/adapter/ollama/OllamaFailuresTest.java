package dev.agentrunner.adapter.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.ModelFailure;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OllamaFailuresTest {

  private static final OllamaFailures FAILURES =
      new OllamaFailures(
          new ProviderFailures(
              "gate",
              "OLLAMA_API_KEY",
              "qwen3:8b",
              Duration.ofSeconds(60),
              Instant.parse("2026-11-21T10:00:00Z")));

  @Test
  void a_missing_model_is_told_with_the_line_that_fetches_it() {
    assertThat(status(404, "model \"qwen3:8b\" not found, try pulling it first").message())
        .endsWith("Fetch it with: ollama pull qwen3:8b");
  }

  @ParameterizedTest
  @CsvSource({
    "400, registry.ollama.ai/library/m does not support tools, Denied",
    "400, \"m\" does not support thinking, Denied",
    "400, prompt too long; exceeded max context length by 9 tokens, Unusable",
    "500, the input length exceeds the context length, Unusable",
    "500, model requires more system memory (9.1 GiB) than is available (3.5 GiB), Denied",
    "500, llama runner process has terminated: exit status 2, Transient",
    "503, server busy. maximum pending requests exceeded, Transient",
    "502, upstream, Transient",
    "401, unauthorized, Denied",
    "429, you have reached your hourly usage limit, Window",
    "429, slower, Transient",
    "400, invalid options: foo, Unusable"
  })
  void what_an_error_means_shows_in_its_status_and_words(int status, String message, String kind) {
    assertThat(status(status, message).getClass().getSimpleName()).isEqualTo(kind);
  }

  private static ModelFailure status(int status, String message) {
    String body = JsonTree.write(JsonNodeFactory.instance.objectNode().put("error", message));
    return FAILURES.ofStatus(new Refusal(status, Headers.of(), body));
  }
}
