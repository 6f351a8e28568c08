package dev.agentrunner.adapter.claude;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.testing.ManualPulse;
import dev.agentrunner.testing.NotedReply;
import dev.agentrunner.testing.Recording;
import dev.agentrunner.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Exchanges recorded from the real API, played back on a local port. */
final class ClaudeFixturesTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Set<String> OUR_FIELDS =
      Set.of(
          "model",
          "max_tokens",
          "stream",
          "system",
          "tools",
          "messages",
          "thinking",
          "type",
          "text",
          "role",
          "content",
          "name",
          "description",
          "input_schema",
          "id",
          "input",
          "tool_use_id",
          "is_error",
          "budget_tokens",
          "signature",
          "data",
          "display");

  @TestFactory
  Stream<DynamicTest> every_recorded_answer_is_understood() {
    return recordings()
        .map(recording ->
            DynamicTest.dynamicTest(recording.name(), () -> understood(recording, ask(recording))));
  }

  /** The class of each failure, the end of each reply. */
  private static void understood(Recording recording, Answer answer) {
    if (recording.name().contains("count-tokens")) {
      // The answer to another question; as an answer to ours it is none.
      assertThat(answer).isInstanceOf(Answer.Failed.class);
      return;
    }
    switch (recording.status()) {
      case 200 -> whole(recording, reply(answer));
      case 401, 403, 404 -> assertThat(failure(answer)).isInstanceOf(ModelFailure.Denied.class);
      case 400 -> assertThat(failure(answer)).isInstanceOf(ModelFailure.Unusable.class);
      default -> assertThat(failure(answer)).isInstanceOf(ModelFailure.Transient.class);
    }
  }

  private static void whole(Recording recording, Reply reply) {
    assertThat(reply.stop()).isNotEqualTo(Stop.OTHER);
    assertThat(reply.usage().promptTokens()).isPositive();
    assertThat(reply.calls())
        .allSatisfy(call -> assertThat(call.arguments()).isInstanceOf(ToolCall.Valid.class));
    assertThat(reply.stop() == Stop.TOOLS).isEqualTo(!reply.calls().isEmpty());
    String body = new String(recording.bytes(), StandardCharsets.UTF_8);
    boolean thought = body.contains("\"signature\"") || body.contains("redacted_thinking");
    assertThat(reply.echo().isPresent()).isEqualTo(thought);
  }

  @Test
  void a_recorded_text_is_read_word_for_word() {
    Reply reply = reply(ask(recording("01-text-stream")));

    assertThat(reply.text()).isEqualTo("Hello!");
    assertThat(reply.stop()).isEqualTo(Stop.END);
  }

  @Test
  void a_recorded_call_is_read_with_its_arguments() {
    Reply reply = reply(ask(recording("03-tool-stream")));

    assertThat(reply.calls())
        .containsExactly(
            new ToolCall(
                "toolu_01EukffV2V9QSFkXxgR9uKKJ",
                "square_root",
                new ToolCall.Valid(Map.of("number", 132413L))));
    assertThat(reply.usage()).isEqualTo(new Usage(626, 0, 0, 38, 0, true));
  }

  @Test
  void recorded_parallel_calls_without_arguments_are_two() {
    Reply reply = reply(ask(recording("05-parallel-tools-stream")));

    assertThat(reply.calls())
        .extracting(ToolCall::arguments)
        .containsExactly(new ToolCall.Valid(Map.of()), new ToolCall.Valid(Map.of()));
  }

  @Test
  void recorded_thoughts_are_echoed_with_their_signature() throws Exception {
    Reply reply = reply(ask(recording("08-thinking-tool-stream")));

    assertThat(reply.parts().getFirst()).isInstanceOf(Part.Thinking.class);
    JsonNode echo = JsonTree.read(reply.echo().orElseThrow().json());
    assertThat(echo).hasSize(3);
    assertThat(echo.path(0).path("signature").textValue()).startsWith("EvoDCmMIDxgC");
    assertThat(echo.path(2).path("input").path("country").textValue()).isEqualTo("Canada");
  }

  @Test
  void a_recorded_refusal_tells_why() {
    Reply reply = reply(ask(recording("18-refusal-stream")));

    assertThat(reply.stop()).isEqualTo(Stop.REFUSED);
    assertThat(reply.stopDetail()).startsWith("cyber: ");
  }

  @Test
  void recorded_counts_of_the_cache_are_kept_apart() {
    assertThat(reply(ask(recording("12-cache-write-and-read"))).usage())
        .isEqualTo(new Usage(3, 1111, 418, 33, 0, true));
  }

  @TestFactory
  Stream<DynamicTest> what_we_would_have_sent_has_the_shape_of_what_was_sent() {
    return recordings()
        .filter(recording -> recording.request().has("messages"))
        .map(recording ->
            DynamicTest.dynamicTest(recording.name(), () -> sameShape(recording.request())));
  }

  private static void sameShape(JsonNode recorded) {
    // Newer models refuse blank texts, so we leave them out.
    recorded
        .path("messages")
        .forEach(
            message -> ((ObjectNode) message).replace("content", spoken(message.path("content"))));
    JsonNode ours =
        new MessagesWriter(ClaudeSettings.from(settings("http://x", Map.of("cache", "off"))))
            .body(asOurs(recorded));

    Set<String> unlike = new TreeSet<>();
    compare("", recorded, ours, unlike);
    assertThat(unlike).isEmpty();
  }

  private static JsonNode spoken(JsonNode content) {
    if (content instanceof ArrayNode blocks) {
      blocks.removeIf(block -> block.has("text") && block.path("text").asText().isBlank());
    }
    return content;
  }

  /** Notes every field of {@code ours} that {@code theirs} knows under another type. */
  private static void compare(String at, JsonNode theirs, JsonNode ours, Set<String> unlike) {
    // The API takes a text for a list of one text block.
    if ((theirs.isTextual() && ours.isArray()) || (theirs.isArray() && ours.isTextual())) {
      return;
    }
    if (theirs.getNodeType() != ours.getNodeType()) {
      unlike.add(at + ": " + theirs.getNodeType() + " became " + ours.getNodeType());
      return;
    }
    if (ours.isArray()) {
      if (theirs.size() != ours.size()) {
        unlike.add(at + ": " + theirs.size() + " elements became " + ours.size());
      }
      for (int i = 0; i < Math.min(theirs.size(), ours.size()); i++) {
        compare(at + "[" + i + "]", theirs.path(i), ours.path(i), unlike);
      }
    }
    theirs
        .properties()
        .forEach(field -> {
          String name = at + "." + field.getKey();
          boolean schema = at.contains("input_schema") || at.endsWith(".input");
          if (ours.has(field.getKey())) {
            compare(name, field.getValue(), ours.path(field.getKey()), unlike);
          } else if ((schema || OUR_FIELDS.contains(field.getKey()))
              && !name.startsWith(".thinking")
              && !name.equals(".stream")) {
            unlike.add(name + " is missing");
          }
        });
    ours.fieldNames()
        .forEachRemaining(name -> {
          if (!OUR_FIELDS.contains(name) && !theirs.has(name)) {
            unlike.add(at + "." + name + " was never sent");
          }
        });
  }

  private static ChatRequest asOurs(JsonNode recorded) {
    List<Message> messages = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (JsonNode message : recorded.path("messages")) {
      boolean assistant = message.path("role").asText().equals("assistant");
      List<Part> said = new ArrayList<>();
      List<ToolResult> results = new ArrayList<>();
      List<Message> words = new ArrayList<>();
      JsonNode content = message.path("content");
      if (content.isTextual()) {
        words.add(new Message.User(content.textValue()));
      }
      for (JsonNode block : content) {
        switch (block.path("type").asText()) {
          case "text" -> {
            said.add(new Part.Text(block.path("text").asText()));
            words.add(new Message.User(block.path("text").asText()));
          }
          case "tool_use" -> {
            String id = block.path("id").asText();
            names.put(id, block.path("name").asText());
            var input = new ToolCall.Valid(JsonTree.values((ObjectNode) block.path("input")));
            said.add(new Part.Call(new ToolCall(id, names.get(id), input)));
          }
          case "tool_result" -> {
            String id = block.path("tool_use_id").asText();
            String text = block.path("content").asText("");
            results.add(
                new ToolResult(
                    id,
                    names.get(id),
                    text.isEmpty() ? block.path("content").toString() : text,
                    block.path("is_error").asBoolean()));
          }
          default -> throw new AssertionError("a block of another kind: " + block);
        }
      }
      if (assistant) {
        messages.add(
            new Message.Assistant(
                new Reply("m", said, Stop.END, "", Usage.NONE, Optional.empty())));
      } else {
        if (!results.isEmpty()) {
          messages.add(new Message.Results(results));
        }
        messages.addAll(words);
      }
    }
    List<ToolSpec> tools = new ArrayList<>();
    for (JsonNode tool : recorded.path("tools")) {
      tools.add(
          new ToolSpec(
              tool.path("name").asText(),
              tool.path("description").asText(),
              JsonTree.values((ObjectNode) tool.path("input_schema"))));
    }
    JsonNode system = recorded.path("system");
    return new ChatRequest(
        new CallId("T1", 1, 1),
        recorded.path("model").asText(),
        system.isArray() ? system.path(0).path("text").asText() : system.asText(),
        messages,
        tools,
        recorded.path("max_tokens").asInt());
  }

  // Recordings

  private static Stream<Recording> recordings() {
    return Recording.of("anthropic");
  }

  private static Recording recording(String name) {
    return Recording.of("anthropic", name);
  }

  private static Answer ask(Recording recording) {
    try (var server = new ScriptedServer();
        var http =
            new ProviderHttp(new Timeouts(PATIENCE, PATIENCE, PATIENCE), new ManualPulse())) {
      recording.playOn(server);
      var model =
          new ClaudeModel(
              settings(server.url(), Map.of()),
              name -> Optional.of("key"),
              http,
              Duration.ofSeconds(60),
              InstantSource.fixed(NOW));
      var request =
          new ChatRequest(
              new CallId("T1", 1, 1), "m", "", List.of(new Message.User("Hi")), List.of(), 100);
      return model.ask(request, new NotedReply(), new StopSignal());
    }
  }

  private static ProviderSettings settings(String baseUrl, Map<String, String> options) {
    return new ProviderSettings(
        "claude",
        "claude",
        Optional.empty(),
        Optional.of(baseUrl),
        Optional.empty(),
        new Timeouts(PATIENCE, PATIENCE, PATIENCE),
        options);
  }

  private static Reply reply(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Replied.class);
    return ((Answer.Replied) answer).reply();
  }

  private static ModelFailure failure(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    return ((Answer.Failed) answer).failure();
  }
}
