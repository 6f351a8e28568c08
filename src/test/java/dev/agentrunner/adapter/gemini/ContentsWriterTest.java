package dev.agentrunner.adapter.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentsWriterTest {

  private static final Message HI = new Message.User("Hi");
  private static final ToolCall READ =
      new ToolCall("toolu_1", "read", new ToolCall.Valid(Map.of("path", "a")));
  private static final ToolCall LIST =
      new ToolCall("toolu_2", "list", new ToolCall.Broken("{\"pa", "cut"));

  @Test
  void a_question_is_written_as_the_api_wants_it() {
    assertThat(JsonTree.write(body("gemini-2.5-pro", Map.of(), HI)))
        .isEqualTo(
            """
            {"systemInstruction":{"parts":[{"text":"Be brief."}]},\
            "tools":[{"functionDeclarations":[{"name":"read","description":"Reads.",\
            "parametersJsonSchema":{"type":"object"}}]}],\
            "contents":[{"role":"user","parts":[{"text":"Hi"}]}],\
            "generationConfig":{"maxOutputTokens":4096}}\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemini-2.5-pro | off    | {\"thinkingBudget\":0}",
        "gemini-2.5-pro | auto   | {\"thinkingBudget\":-1,\"includeThoughts\":true}",
        "gemini-2.5-pro | 2048   | {\"thinkingBudget\":2048,\"includeThoughts\":true}",
        "gemini-4-argon | low    | {\"thinkingLevel\":\"LOW\",\"includeThoughts\":true}"
      })
  void thinking_is_asked_for_as_configured(String model, String thinking, String written) {
    assertThat(thinkingConfig(body(model, Map.of("thinking", thinking), HI))).hasToString(written);
  }

  @ParameterizedTest
  @CsvSource({
    "gemini-3.8-flash, true",
    "gemini-flash-latest, true",
    "models/gemini-4-argon, true",
    "gemini-2.5-pro, false",
    "gemini-2.0-flash, false",
    "gemma-3-27b, false"
  })
  void thoughts_are_asked_for_where_a_model_always_has_some(String model, boolean asked) {
    assertThat(thinkingConfig(body(model, Map.of(), HI)).path("includeThoughts").asBoolean())
        .isEqualTo(asked);
  }

  @Test
  void the_history_of_another_provider_is_rebuilt_and_its_calls_need_no_signature() {
    Message said =
        assistant(
            Optional.of(new Echo("anthropic-messages", "claude-x", "[1]")),
            new Part.Thinking("Hm."),
            new Part.Text("Let me see."),
            new Part.Call(READ),
            new Part.Call(LIST));

    JsonNode contents =
        body(
                "gemini-3.8-flash",
                Map.of(),
                HI,
                said,
                new Message.Results(
                    List.of(
                        new ToolResult("toolu_2", "list", "broken", true),
                        new ToolResult("toolu_1", "read", "text", false))),
                new Message.User("Go on."))
            .path("contents");

    assertThat(contents)
        .hasToString(
            """
            [{"role":"user","parts":[{"text":"Hi"}]},\
            {"role":"model","parts":[{"text":"Let me see."},\
            {"functionCall":{"id":"toolu_1","name":"read","args":{"path":"a"}},\
            "thoughtSignature":"skip_thought_signature_validator"},\
            {"functionCall":{"id":"toolu_2","name":"list","args":{}}}]},\
            {"role":"user","parts":[\
            {"functionResponse":{"id":"toolu_1","name":"read","response":{"output":"text"}}},\
            {"functionResponse":{"id":"toolu_2","name":"list","response":{"error":"broken"}}}]},\
            {"role":"user","parts":[{"text":"Go on."}]}]\
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemini-2.5-pro", "gemma-3-27b"})
  void older_models_want_no_signature(String model) {
    Message said = assistant(Optional.empty(), new Part.Call(READ));

    assertThat(body(model, Map.of(), HI, said).toString()).doesNotContain("thoughtSignature");
  }

  @Test
  void parts_of_the_same_model_go_back_untouched() {
    String raw =
        """
        [{"thought":true,"text":"Hm."},{"thoughtSignature":"s","functionCall":{"name":"read","args":{"n":1.50}}},\
        {"functionCall":{"name":"read","args":{}}},{"starlight":{}}]\
        """;
    Message said =
        assistant(Optional.of(new Echo("gemini", "gemini-3.8-flash", raw)), new Part.Call(READ));

    assertThat(body("gemini-3.8-flash", Map.of(), HI, said).path("contents").path(1).path("parts"))
        .hasToString(raw);
  }

  @Test
  void a_call_that_was_left_without_an_answer_is_answered() {
    Message said = assistant(Optional.empty(), new Part.Call(READ));

    assertThat(body("gemini-2.5-pro", Map.of(), HI, said, HI).path("contents").path(2).toString())
        .contains("\"id\":\"toolu_1\"", "was not carried out");
  }

  @Test
  void a_turn_in_which_nothing_was_said_is_left_out() {
    assertThat(
            body("gemini-2.5-pro", Map.of(), HI, assistant(Optional.empty()), HI).path("contents"))
        .hasToString("[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"},{\"text\":\"Hi\"}]}]");
  }

  private static Message assistant(Optional<Echo> echo, Part... parts) {
    return new Message.Assistant(new Reply("m", List.of(parts), Stop.END, "", Usage.NONE, echo));
  }

  private static JsonNode thinkingConfig(JsonNode body) {
    return body.path("generationConfig").path("thinkingConfig");
  }

  private static JsonNode body(String model, Map<String, String> options, Message... messages) {
    Duration second = Duration.ofSeconds(1);
    var settings =
        new ProviderSettings(
            "gemini",
            "gemini",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new Timeouts(second, second, second),
            options);
    var read = new ToolSpec("read", "Reads.", Map.of("type", "object"));
    return new ContentsWriter(GeminiSettings.from(settings))
        .body(
            new ChatRequest(
                new CallId("T1", 1, 1),
                model,
                "Be brief.",
                List.of(messages),
                List.of(read),
                4096));
  }
}
