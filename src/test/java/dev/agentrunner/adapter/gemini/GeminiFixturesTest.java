package dev.agentrunner.adapter.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.Echo;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Exchanges recorded from the real API, played back on a local port. */
final class GeminiFixturesTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What others set and we have no use for. */
  private static final Set<String> NOT_OURS =
      Set.of(
          "safetySettings",
          "toolConfig",
          "responseModalities",
          "thinkingConfig",
          "parameters",
          "response",
          "role");

  @TestFactory
  Stream<DynamicTest> every_recorded_answer_is_understood() {
    return Recording.of("gemini")
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
      case 400, 404 -> assertThat(failure(answer)).isInstanceOf(ModelFailure.Denied.class);
      default -> assertThat(failure(answer)).isInstanceOf(ModelFailure.Transient.class);
    }
  }

  private static void whole(Recording recording, Reply reply) {
    String body = new String(recording.bytes(), UTF_8);
    assertThat(reply.stop()).isNotEqualTo(Stop.OTHER);
    assertThat(reply.usage().promptTokens()).isPositive();
    assertThat(reply.usage().exact()).isTrue();
    assertThat(reply.calls())
        .allSatisfy(call -> assertThat(call.arguments()).isInstanceOf(ToolCall.Valid.class));
    assertThat(reply.stop() == Stop.TOOLS).isEqualTo(!reply.calls().isEmpty());
    if (body.contains("thoughtSignature")) {
      assertThat(reply.echo().orElseThrow().json()).contains("thoughtSignature");
    }
  }

  @Test
  void a_recorded_text_is_read_word_for_word() {
    Reply reply = reply(ask(Recording.of("gemini", "05-tool-followup-stream")));

    assertThat(reply.text()).isEqualTo("363.89");
    assertThat(reply.stop()).isEqualTo(Stop.END);
    assertThat(reply.usage()).isEqualTo(new Usage(222, 0, 0, 6, 0, true));
  }

  @Test
  void a_recorded_call_is_read_with_its_arguments() {
    Reply reply = reply(ask(Recording.of("gemini", "04-tool-stream")));

    assertThat(reply.calls())
        .containsExactly(
            new ToolCall("2nte4526", "square_root", new ToolCall.Valid(Map.of("number", 132413L))));
    assertThat(reply.model()).isEqualTo("gemini-3.5-flash");
    assertThat(reply.usage()).isEqualTo(new Usage(104, 0, 0, 99, 80, true));
  }

  @Test
  void recorded_calls_without_ids_are_three_in_order() {
    assertThat(reply(ask(Recording.of("gemini", "15-constructed-parallel-tools-stream"))).calls())
        .extracting(ToolCall::name)
        .containsExactly("grep_search", "list_directory", "read_file");
  }

  @Test
  void a_recorded_array_is_read_like_a_stream() {
    assertThat(reply(ask(Recording.of("gemini", "10-json-array-stream"))).calls())
        .extracting(ToolCall::arguments)
        .containsExactly(new ToolCall.Valid(Map.of("x", 5L, "y", 3L)));
  }

  @Test
  void a_recorded_block_tells_why() {
    Reply reply = reply(ask(Recording.of("gemini", "08-safety-blocked")));

    assertThat(reply.stop()).isEqualTo(Stop.REFUSED);
    assertThat(reply.stopDetail()).isEqualTo("SAFETY (HARM_CATEGORY_HATE_SPEECH)");
  }

  @Test
  void a_recorded_limit_of_a_minute_tells_the_wait_to_the_nanosecond() {
    assertThat(failure(ask(Recording.of("gemini", "17-error-429-paid-tier"))))
        .isInstanceOfSatisfying(
            ModelFailure.Transient.class,
            passing ->
                assertThat(passing.retryAfter()).contains(Duration.parse("PT40.025771073S")));
  }

  @TestFactory
  Stream<DynamicTest> what_we_would_have_sent_has_the_shape_of_what_was_sent() {
    return Recording.of("gemini")
        .filter(recording -> recording.request().has("contents"))
        .map(recording ->
            DynamicTest.dynamicTest(recording.name(), () -> sameShape(recording.request())));
  }

  private static void sameShape(JsonNode recorded) {
    JsonNode ours =
        new ContentsWriter(GeminiSettings.from(settings("http://x"))).body(asOurs(recorded));

    Set<String> unlike = new TreeSet<>();
    compare("", recorded, ours, unlike);
    assertThat(unlike).isEmpty();
  }

  /** Notes every field of {@code theirs} that {@code ours} lacks, or has as another type. */
  private static void compare(String at, JsonNode theirs, JsonNode ours, Set<String> unlike) {
    if (theirs.getNodeType() != ours.getNodeType()) {
      unlike.add(at + ": " + theirs.getNodeType() + " became " + ours.getNodeType());
      return;
    }
    if (ours.isArray() && theirs.size() != ours.size()) {
      unlike.add(at + ": " + theirs.size() + " elements became " + ours.size());
    }
    for (int i = 0; i < Math.min(theirs.size(), ours.size()) && ours.isArray(); i++) {
      compare(at + "[" + i + "]", theirs.path(i), ours.path(i), unlike);
    }
    theirs
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          if (ours.has(name)) {
            // What a function gives back is free in its keys.
            if (!at.endsWith("functionResponse") || !name.equals("response")) {
              compare(at + "." + name, field.getValue(), ours.path(name), unlike);
            }
          } else if (!NOT_OURS.contains(name)) {
            unlike.add(at + "." + name + " is missing");
          }
        });
  }

  private static ChatRequest asOurs(JsonNode recorded) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode content : recorded.path("contents")) {
      List<Part> said = new ArrayList<>();
      List<ToolResult> results = new ArrayList<>();
      for (JsonNode part : content.path("parts")) {
        if (part.has("functionCall")) {
          JsonNode call = part.path("functionCall");
          said.add(
              new Part.Call(
                  new ToolCall(
                      call.path("id").asText(),
                      call.path("name").asText(),
                      new ToolCall.Valid(JsonTree.values((ObjectNode) call.path("args"))))));
        } else if (part.has("functionResponse")) {
          JsonNode result = part.path("functionResponse");
          results.add(
              new ToolResult(
                  result.path("id").asText(),
                  result.path("name").asText(),
                  result.path("response").toString(),
                  false));
        } else if (content.path("role").asText().equals("user")) {
          messages.add(new Message.User(part.path("text").asText()));
        } else {
          said.add(new Part.Text(part.path("text").asText()));
        }
      }
      if (!results.isEmpty()) {
        messages.add(new Message.Results(results));
      }
      if (!said.isEmpty()) {
        var echo = new Echo("gemini", "m", content.path("parts").toString());
        messages.add(
            new Message.Assistant(
                new Reply("m", said, Stop.END, "", Usage.NONE, Optional.of(echo))));
      }
    }
    List<ToolSpec> tools = new ArrayList<>();
    for (JsonNode tool : recorded.path("tools").path(0).path("functionDeclarations")) {
      tools.add(
          new ToolSpec(
              tool.path("name").asText(),
              tool.path("description").asText(),
              JsonTree.values((ObjectNode) tool.path("parameters"))));
    }
    return new ChatRequest(
        new CallId("T1", 1, 1),
        "m",
        recorded.path("systemInstruction").path("parts").path(0).path("text").asText(""),
        messages,
        tools,
        100);
  }

  private static Answer ask(Recording recording) {
    try (var server = new ScriptedServer();
        var http =
            new ProviderHttp(new Timeouts(PATIENCE, PATIENCE, PATIENCE), new ManualPulse())) {
      recording.playOn(server);
      var model =
          new GeminiModel(
              settings(server.url()),
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

  private static ProviderSettings settings(String baseUrl) {
    return new ProviderSettings(
        "gemini",
        "gemini",
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
