package dev.agentrunner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import dev.agentrunner.testing.ScriptedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code providers list} and {@code providers check}, seen from the front door. */
final class ProvidersTest {

  @TempDir private Path folder;

  private ProgramDoor door(String kind, String address) {
    return new ProgramDoor(folder, Script.ofFiles())
        .write(
            ".agent-runner/config.yml",
            """
            provider: mine
            providers:
              mine: {kind: %s, base_url: "%s", model: model-1, api_key_env: FRONT_DOOR_KEY}
            """
                .formatted(kind, address));
  }

  @Test
  void the_list_tells_what_is_missing_without_asking() throws IOException {
    try (var door = door("claude", "http://127.0.0.1:1")) {
      Outcome plain = door.run("providers", "list");
      assertThat(plain.exit()).isZero();
      assertThat(plain.out())
          .contains("mine", "model-1", "FRONT_DOOR_KEY, set", "unknown", "replay")
          .doesNotContain(ProgramDoor.KEY);

      JsonNode json =
          new ObjectMapper().readTree(door.run("providers", "list", "-o", "json").out());
      assertThat(json.path("providers"))
          .anySatisfy(card -> {
            assertThat(card.path("name").asText()).isEqualTo("mine");
            assertThat(card.path("configured").asBoolean()).isTrue();
            assertThat(card.path("credential_set").asBoolean()).isTrue();
          })
          .anySatisfy(card -> {
            assertThat(card.path("name").asText()).isEqualTo("replay");
            assertThat(card.path("missing").asText()).contains("--cassette");
          });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "claude, /v1/models/model-1, '{\"max_input_tokens\": 1000}', 'reads 1000 tokens'",
    "openai, /models, '{\"data\": [{\"id\": \"model-1\"}]}', 'model-1'",
    "gemini, /v1beta/models/model-1, '{\"inputTokenLimit\": 2000}', 'reads 2000 tokens'",
  })
  void a_check_finds_all_in_order(String kind, String path, String card, String told) {
    try (var server = new ScriptedServer();
        var door = door(kind, server.url())) {
      server.next(200, Map.of("content-type", "application/json"), card.getBytes(UTF_8));

      Outcome outcome = door.run("providers", "check");

      assertThat(outcome.exit()).as(outcome.out()).isZero();
      assertThat(outcome.out()).contains("answers", told).doesNotContain("problem");
      assertThat(server.asked())
          .singleElement()
          .satisfies(asked -> assertThat(asked.path()).isEqualTo(path));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "claude, 401, Check the key in FRONT_DOOR_KEY",
    "openai, 401, Check the key in FRONT_DOOR_KEY",
    "gemini, 401, Check the key in FRONT_DOOR_KEY",
    "claude, 403, Check what the key in FRONT_DOOR_KEY may do",
    "openai, 403, Check what the key in FRONT_DOOR_KEY may do",
    "gemini, 403, Check what the key in FRONT_DOOR_KEY may do",
    "claude, 402, Check the billing of the account",
    "openai, 402, Check the billing of the account",
    "claude, 302, correct base_url",
    "openai, 302, correct base_url",
    "gemini, 302, correct base_url",
    "gemini, 404, Check model",
  })
  void what_is_denied_says_who_must_do_what(String kind, int status, String cure) {
    try (var server = new ScriptedServer();
        var door = door(kind, server.url())) {
      server.next(
          status,
          Map.of("content-type", "application/json"),
          "{\"error\": {\"message\": \"no such model for %s\"}}"
              .formatted(ProgramDoor.KEY)
              .getBytes(UTF_8));

      Outcome outcome = door.run("providers", "check", "mine");

      assertThat(outcome.exit()).as(outcome.out()).isEqualTo(5);
      assertThat(outcome.out()).contains("problem", cure).doesNotContain(ProgramDoor.KEY);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "claude, Check the network and base_url",
    "openai, Check the network and base_url",
    "gemini, Check the network and base_url",
    "ollama, ollama serve",
  })
  void nobody_at_the_other_end_says_what_to_look_at(String kind, String cure) {
    try (var door = door(kind, "http://127.0.0.1:1")) {
      Outcome outcome = door.run("providers", "check");

      assertThat(outcome.exit()).as(outcome.out()).isEqualTo(5);
      assertThat(outcome.out()).contains("problem", "cannot be reached", cure);
    }
  }

  @Test
  void a_model_of_ollama_must_be_able_to_call_tools() {
    try (var server = new ScriptedServer();
        var door = door("ollama", server.url())) {
      server.next(200, Map.of(), "{\"version\": \"0.20.1\"}".getBytes(UTF_8));
      server.next(200, Map.of(), "{\"capabilities\": [\"completion\"]}".getBytes(UTF_8));

      Outcome outcome = door.run("providers", "check");

      assertThat(outcome.exit()).isEqualTo(5);
      assertThat(outcome.out()).contains("Ollama 0.20.1", "cannot call tools");
    }
  }

  @Test
  void a_tiny_question_is_asked_on_request_only_and_its_cost_shown() {
    try (var server = new ScriptedServer();
        var door = door("openai", server.url())) {
      door.configured("prices: {model-1: {input: 100, output: 200}}\n");
      Map<String, String> json = Map.of("content-type", "application/json");
      server.next(200, json, "{\"data\": [{\"id\": \"model-1\"}]}".getBytes(UTF_8));
      server.next(
          200,
          json,
          """
          {"model": "model-1",
           "choices": [{"index": 0, "message": {"role": "assistant", "content": "OK"},
                        "finish_reason": "stop"}],
           "usage": {"prompt_tokens": 20, "completion_tokens": 1, "total_tokens": 21}}
          """
              .getBytes(UTF_8));

      Outcome outcome = door.run("providers", "check", "mine", "--spend");

      assertThat(outcome.exit()).as(outcome.out()).isZero();
      assertThat(outcome.out()).contains("answered, 21 tokens, $0.0022");
      assertThat(server.asked()).hasSize(2);
    }
  }
}
