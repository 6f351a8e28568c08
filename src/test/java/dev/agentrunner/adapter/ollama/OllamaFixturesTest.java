package dev.agentrunner.adapter.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Exchanges recorded from real servers, played back on a local port. */
final class OllamaFixturesTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What others set and we have no use for. */
  private static final Set<String> NOT_OURS = Set.of("think", "format");

  @TestFactory
  Stream<DynamicTest> every_recorded_answer_is_understood() {
    return Recording.of("ollama")
        .map(recording ->
            DynamicTest.dynamicTest(recording.name(), () -> understood(recording, ask(recording))));
  }

  /** The class of each failure, the end of each reply. */
  private static void understood(Recording recording, Answer answer) {
    if (recording.name().matches("1\\d-.*")) {
      // The answer to another question; as an answer to ours it is none.
      assertThat(answer).isInstanceOf(Answer.Failed.class);
      return;
    }
    switch (recording.status()) {
      case 200 -> {
        Reply reply = reply(answer);
        assertThat(reply.stop()).isNotEqualTo(Stop.OTHER);
        assertThat(reply.usage().promptTokens()).isPositive();
        assertThat(reply.usage().exact()).isTrue();
        assertThat(reply.stop() == Stop.TOOLS).isEqualTo(!reply.calls().isEmpty());
      }
      case 404 -> assertThat(failure(answer)).isInstanceOf(ModelFailure.Denied.class);
      default -> assertThat(failure(answer)).isInstanceOf(ModelFailure.Transient.class);
    }
  }

  @Test
  void a_recorded_text_is_read_word_for_word() {
    Reply reply = reply(ask(Recording.of("ollama", "01-text-stream")));

    assertThat(reply.text()).isEqualTo("Hello.");
    assertThat(reply.model()).isEqualTo("gemma4:e2b");
    assertThat(reply.usage()).isEqualTo(new Usage(17, 0, 0, 3, 0, true));
  }

  @Test
  void a_recorded_call_is_read_with_its_thoughts() {
    Reply reply = reply(ask(Recording.of("ollama", "04-thinking-tool-stream")));

    assertThat(reply.parts()).first().isInstanceOf(Part.Thinking.class);
    assertThat(reply.calls())
        .containsExactly(
            new ToolCall(
                "call_nixabbbq", "square_root", new ToolCall.Valid(Map.of("number", 132413L))));
    assertThat(reply.echo()).isPresent();
  }

  @Test
  void a_recorded_end_by_length_is_the_output_limit() {
    assertThat(reply(ask(Recording.of("ollama", "07-length-stream"))).stop())
        .isEqualTo(Stop.OUTPUT_LIMIT);
  }

  @Test
  void a_recorded_card_tells_context_and_capabilities() throws Exception {
    ModelCard card =
        ModelCard.read(
            JsonTree.read(
                new String(Recording.of("ollama", "12-constructed-show").bytes(), UTF_8)));

    assertThat(card)
        .isEqualTo(new ModelCard(OptionalInt.of(8192), Optional.of(Set.of("completion", "tools"))));
  }

  @TestFactory
  Stream<DynamicTest> what_we_would_have_sent_has_the_shape_of_what_was_sent() {
    return Recording.of("ollama")
        .filter(recording -> recording.request().has("stream"))
        .filter(recording -> !recording.request().has("response_format"))
        .map(recording ->
            DynamicTest.dynamicTest(recording.name(), () -> sameShape(recording.request())));
  }

  private static void sameShape(JsonNode recorded) {
    var writer = new ChatWriter(OllamaSettings.from(settings("http://x"), _ -> Optional.empty()));
    Set<String> unlike = new TreeSet<>();
    compare("", recorded, writer.body(asOurs(recorded), ModelCard.UNKNOWN), unlike);
    assertThat(unlike).isEmpty();
  }

  /** Notes every field of {@code theirs} that {@code ours} lacks, or has as another type. */
  private static void compare(String at, JsonNode theirs, JsonNode ours, Set<String> unlike) {
    if (theirs.getNodeType() != ours.getNodeType()) {
      unlike.add(at + ": " + theirs.getNodeType() + " became " + ours.getNodeType());
    }
    if (ours.isArray() && theirs.size() != ours.size()) {
      unlike.add(at + ": " + theirs.size() + " elements became " + ours.size());
    }
    for (int i = 0; i < theirs.size() && ours.isArray(); i++) {
      compare(at + "[" + i + "]", theirs.path(i), ours.path(i), unlike);
    }
    theirs
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          if (!NOT_OURS.contains(name)) {
            compare(at + "." + name, field.getValue(), ours.path(name), unlike);
          }
        });
  }

  private static ChatRequest asOurs(JsonNode recorded) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : recorded.path("messages")) {
      String content = message.path("content").asText("");
      switch (message.path("role").asText()) {
        case "user" -> messages.add(new Message.User(content));
        case "tool" ->
            messages.add(
                new Message.Results(
                    List.of(
                        new ToolResult(
                            message.path("tool_call_id").asText(),
                            message.path("tool_name").asText(),
                            content,
                            false))));
        case "assistant" -> {
          List<Part> said = new ArrayList<>();
          for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            var arguments = (ObjectNode) function.path("arguments");
            said.add(
                new Part.Call(
                    new ToolCall(
                        call.path("id").asText(),
                        function.path("name").asText(),
                        new ToolCall.Valid(JsonTree.values(arguments)))));
          }
          messages.add(
              new Message.Assistant(
                  new Reply("m", said, Stop.TOOLS, "", Usage.NONE, Optional.empty())));
        }
        default -> throw new AssertionError("another role: " + message);
      }
    }
    List<ToolSpec> tools = new ArrayList<>();
    for (JsonNode tool : recorded.path("tools")) {
      JsonNode function = tool.path("function");
      tools.add(
          new ToolSpec(
              function.path("name").asText(),
              function.path("description").asText(),
              JsonTree.values((ObjectNode) function.path("parameters"))));
    }
    return new ChatRequest(
        new CallId("T1", 1, 1), recorded.path("model").asText(), "", messages, tools, 100);
  }

  private static Answer ask(Recording recording) {
    try (var server = new ScriptedServer();
        var http =
            new ProviderHttp(new Timeouts(PATIENCE, PATIENCE, PATIENCE), new ManualPulse())) {
      recording.playOn(server);
      var model =
          new OllamaModel(
              settings(server.url()),
              _ -> Optional.empty(),
              http,
              Duration.ofSeconds(60),
              InstantSource.fixed(NOW),
              new OllamaModel.Aids(_ -> {}, plain -> plain),
              Optional.of((_, _, _) -> new ModelCards.Finding.Found(ModelCard.UNKNOWN)));
      var request =
          new ChatRequest(
              new CallId("T1", 1, 1), "m", "", List.of(new Message.User("Hi")), List.of(), 100);
      return model.ask(request, new NotedReply(), new StopSignal());
    }
  }

  private static ProviderSettings settings(String baseUrl) {
    return new ProviderSettings(
        "ollama",
        "ollama",
        Optional.empty(),
        Optional.of(baseUrl),
        Optional.empty(),
        new Timeouts(PATIENCE, PATIENCE, PATIENCE),
        Map.of());
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
