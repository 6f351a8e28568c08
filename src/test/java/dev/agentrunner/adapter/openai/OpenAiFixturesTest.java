package dev.agentrunner.adapter.openai;

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

/** Exchanges recorded from OpenAI and from servers that speak like it, played back locally. */
final class OpenAiFixturesTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Fields that we set our own way, and fields of features that we do not use. */
  private static final Set<String> NOT_COMPARED =
      Set.of(
          "model",
          "stream",
          "stream_options",
          "store",
          "strict",
          "include",
          "reasoning",
          "reasoning_effort",
          "max_tokens",
          "max_completion_tokens",
          "max_output_tokens",
          "service_tier",
          "tool_choice",
          "parallel_tool_calls",
          "previous_response_id",
          "prompt_cache_key",
          "prompt_cache_options",
          "prompt_cache_breakpoint",
          "reasoning_format",
          "chat_template_kwargs",
          "cache_prompt",
          "stop",
          "type");

  @TestFactory
  Stream<DynamicTest> every_recorded_answer_is_understood() {
    return Played.all()
        .map(played ->
            DynamicTest.dynamicTest(played.toString(), () -> understood(played, ask(played))));
  }

  private static void understood(Played played, Answer answer) {
    switch (played.name()) {
      case "12-openrouter-stream-error", "15-error-400" ->
          assertThat(failure(answer)).isInstanceOf(ModelFailure.Unusable.class);
      case "19-constructed-error-429-rate" ->
          assertThat(failure(answer))
              .isInstanceOfSatisfying(
                  ModelFailure.Transient.class,
                  passing -> assertThat(passing.retryAfter()).contains(Duration.ofSeconds(2)));
      case "10-stream-error-quota", "12-error-400-model" ->
          assertThat(failure(answer)).isInstanceOf(ModelFailure.Denied.class);
      default -> {
        switch (played.recording().status()) {
          case 200 -> whole(played, reply(answer));
          default -> assertThat(failure(answer)).isInstanceOf(ModelFailure.Denied.class);
        }
      }
    }
  }

  private static void whole(Played played, Reply reply) {
    assertThat(reply.stop()).isNotEqualTo(Stop.OTHER);
    // The recorder of some streams never asked for a count, and one set it to zero.
    if (!played.name().startsWith("05-") && !played.name().startsWith("07-parallel")) {
      assertThat(reply.usage().promptTokens()).isPositive();
      assertThat(reply.usage().exact()).isTrue();
    }
    assertThat(reply.calls())
        .allSatisfy(call -> assertThat(call.arguments()).isInstanceOf(ToolCall.Valid.class));
    assertThat(reply.stop() == Stop.TOOLS).isEqualTo(!reply.calls().isEmpty());
    if (reply.stop() == Stop.END) {
      assertThat(reply.text()).isNotBlank();
    }
  }

  @Test
  void recorded_ends_are_told_apart() {
    assertThat(reply(ask("openai-chat/07-length-stream")).stop()).isEqualTo(Stop.OUTPUT_LIMIT);
    assertThat(reply(ask("openai-responses/08-incomplete-max-tokens-stream")).stop())
        .isEqualTo(Stop.OUTPUT_LIMIT);
    Reply refusal = reply(ask("openai-chat/08-refusal-stream"));
    assertThat(refusal.stop()).isEqualTo(Stop.REFUSED);
    assertThat(refusal.stopDetail()).startsWith("I'm sorry, I can't");
  }

  @Test
  void a_recorded_call_is_read_with_its_arguments_from_either_api() {
    var arguments = new ToolCall.Valid(Map.of("number", 132413L));

    assertThat(reply(ask("openai-responses/03-tool-stream")).calls())
        .containsExactly(new ToolCall("call_ekw19D5dWJlW0jC3EqkR7eS1", "square_root", arguments));
    assertThat(reply(ask("openai-chat/03-tool-stream")).calls())
        .extracting(ToolCall::arguments)
        .containsExactly(arguments);
    assertThat(reply(ask("openai-chat/13-llamacpp-reasoning-tool")).calls())
        .extracting(ToolCall::id)
        .containsExactly("FDshBT7PZivbmbekrCpjOiziafZAq2Pg");
  }

  @Test
  void recorded_parallel_calls_are_two() {
    assertThat(reply(ask("openai-chat/05-parallel-tools-stream")).calls()).hasSize(2);
    assertThat(reply(ask("openai-chat/06-parallel-tools")).calls()).hasSize(2);
    assertThat(reply(ask("openai-responses/07-parallel-tools")).calls()).hasSize(2);
  }

  @Test
  void recorded_counts_of_the_cache_are_kept_apart() {
    assertThat(reply(ask("openai-chat/09-cached-tokens")).usage())
        .isEqualTo(new Usage(8, 4012, 0, 4, 0, true));
    assertThat(reply(ask("openai-responses/09-cached-tokens")).usage())
        .isEqualTo(new Usage(8, 4012, 0, 5, 0, true));
    assertThat(reply(ask("openai-chat/11-deepseek-reasoning-tool")).usage())
        .isEqualTo(new Usage(82, 256, 0, 69, 24, true));
  }

  @Test
  void recorded_thoughts_of_deepseek_are_no_words_and_go_back_with_calls() {
    Reply said = reply(ask("openai-chat/10-deepseek-reasoning-stream"));
    Reply called = reply(ask("openai-chat/11-deepseek-reasoning-tool"));

    assertThat(said.text()).isEqualTo("Hello");
    assertThat(said.parts().getFirst()).isInstanceOf(Part.Thinking.class);
    assertThat(called.echo().map(Echo::json).orElseThrow())
        .contains("\"reasoning_content\":\"The user wants", "call_00_lBW9Eb7OwUMqTTYifjdB7952");
  }

  @Test
  void recorded_encrypted_thoughts_go_back_as_the_recorded_client_sent_them() {
    Reply reply = reply(ask("openai-responses/05-encrypted-reasoning-tool"));
    JsonNode recorded =
        played("openai-responses/06-encrypted-reasoning-followup")
            .recording()
            .request()
            .path("input");
    ToolCall call = reply.calls().getFirst();

    JsonNode input =
        writer("openai-responses")
            .body(
                new ChatRequest(
                    new CallId("T1", 1, 2),
                    "m",
                    "",
                    List.of(
                        new Message.User(recorded.path(0).path("content").textValue()),
                        new Message.Assistant(reply),
                        new Message.Results(
                            List.of(new ToolResult(call.id(), call.name(), "123124", false)))),
                    List.of(),
                    100))
            .path("input");

    assertThat(input).hasSize(4);
    assertThat(input.path(0)).isEqualTo(recorded.path(0));
    assertThat(input.path(1)).isEqualTo(recorded.path(1));
    assertThat(input.path(2).path("call_id")).isEqualTo(recorded.path(2).path("call_id"));
    assertThat(input.path(3)).isEqualTo(recorded.path(3));
  }

  // Requests

  @TestFactory
  Stream<DynamicTest> what_we_would_have_sent_has_the_shape_of_what_was_sent() {
    return Played.all()
        .filter(recording -> recording.recording().request().isObject())
        // Goes on with a conversation that the other end has kept.
        .filter(recording -> !recording.recording().request().has("previous_response_id"))
        .map(
            recording -> DynamicTest.dynamicTest(recording.toString(), () -> sameShape(recording)));
  }

  private static void sameShape(Played played) {
    JsonNode recorded = played.recording().request();
    JsonNode ours = writer(played.api()).body(asOurs(recorded));

    Set<String> unlike = new TreeSet<>();
    compare("", recorded, ours, unlike);
    assertThat(unlike).isEmpty();
  }

  /** Notes every field that one side has and the other has not, or has under another type. */
  private static void compare(String at, JsonNode theirs, JsonNode ours, Set<String> unlike) {
    // Both APIs take a text for a list of one text part.
    if (theirs.isArray() && ours.isTextual()) {
      return;
    }
    if (theirs.getNodeType() != ours.getNodeType()) {
      unlike.add(at + ": " + theirs.getNodeType() + " became " + ours.getNodeType());
      return;
    }
    if (ours.isArray() && theirs.size() != ours.size()) {
      unlike.add(at + ": " + theirs.size() + " elements became " + ours.size());
    }
    for (int i = 0; ours.isArray() && i < Math.min(theirs.size(), ours.size()); i++) {
      compare(at + "[" + i + "]", theirs.path(i), ours.path(i), unlike);
    }
    Set<String> names = new TreeSet<>();
    theirs.fieldNames().forEachRemaining(names::add);
    ours.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      if (NOT_COMPARED.contains(name)) {
        continue;
      }
      boolean empty = theirs.path(name).asText("x").isEmpty() || ours.path(name).isNull();
      if (ours.has(name) && theirs.has(name)) {
        compare(at + "." + name, theirs.path(name), ours.path(name), unlike);
      } else if (!empty) {
        unlike.add(at + "." + name + (ours.has(name) ? " was never sent" : " is missing"));
      }
    }
  }

  private static ChatRequest asOurs(JsonNode recorded) {
    List<Message> messages = new ArrayList<>();
    String system = recorded.path("instructions").asText("");
    Map<String, String> names = new HashMap<>();
    JsonNode turns = recorded.has("input") ? recorded.path("input") : recorded.path("messages");
    List<JsonNode> items = new ArrayList<>();
    for (JsonNode turn : turns) {
      String role = turn.path("role").asText();
      switch (role.isEmpty() ? turn.path("type").asText() : role) {
        case "system" -> system = text(turn.path("content"));
        case "user" -> messages.add(new Message.User(text(turn.path("content"))));
        case "assistant" -> {
          List<Part> parts = new ArrayList<>();
          for (JsonNode call : turn.path("tool_calls")) {
            JsonNode function = call.path("function");
            parts.add(call(call.path("id"), function, names));
          }
          messages.add(said(parts, Optional.empty()));
        }
        case "tool" -> messages.add(result(turn.path("tool_call_id"), turn, "content", names));
        case "reasoning" -> items.add(turn);
        case "function_call" -> {
          items.add(turn);
          messages.add(
              said(
                  List.of(call(turn.path("call_id"), turn, names)),
                  Optional.of(
                      new Echo(
                          "openai-responses", recorded.path("model").asText(), items.toString()))));
        }
        case "function_call_output" ->
            messages.add(result(turn.path("call_id"), turn, "output", names));
        default -> throw new AssertionError("a turn of another kind: " + turn);
      }
    }
    List<ToolSpec> tools = new ArrayList<>();
    for (JsonNode tool : recorded.path("tools")) {
      JsonNode function = tool.has("function") ? tool.path("function") : tool;
      tools.add(
          new ToolSpec(
              function.path("name").asText(),
              function.path("description").asText(),
              JsonTree.values((ObjectNode) function.path("parameters"))));
    }
    return new ChatRequest(
        new CallId("T1", 1, 1), recorded.path("model").asText("m"), system, messages, tools, 100);
  }

  private static Part.Call call(JsonNode id, JsonNode function, Map<String, String> names) {
    names.put(id.asText(), function.path("name").asText());
    ObjectNode arguments = OpenAiWires.object(function.path("arguments").textValue());
    return new Part.Call(
        new ToolCall(
            id.asText(),
            function.path("name").asText(),
            new ToolCall.Valid(JsonTree.values(arguments))));
  }

  private static Message said(List<Part> parts, Optional<Echo> echo) {
    return new Message.Assistant(new Reply("m", parts, Stop.TOOLS, "", Usage.NONE, echo));
  }

  private static Message result(
      JsonNode id, JsonNode turn, String field, Map<String, String> names) {
    return new Message.Results(
        List.of(
            new ToolResult(id.asText(), names.get(id.asText()), text(turn.path(field)), false)));
  }

  private static String text(JsonNode content) {
    return content.isTextual() ? content.textValue() : content.path(0).path("text").asText();
  }

  private static RequestWriter writer(String api) {
    OpenAiSettings settings = OpenAiSettings.from(settings(api, "http://x"));
    return api.equals("openai-chat") ? new ChatWriter(settings) : new ResponsesWriter(settings);
  }

  // Recordings

  private record Played(String api, Recording recording) {

    static Stream<Played> all() {
      return Stream.of("openai-chat", "openai-responses")
          .flatMap(api -> Recording.of(api).map(recording -> new Played(api, recording)));
    }

    String name() {
      return recording.name();
    }

    @Override
    public String toString() {
      return api + "/" + name();
    }
  }

  private static Played played(String path) {
    int slash = path.indexOf('/');
    String api = path.substring(0, slash);
    return new Played(api, Recording.of(api, path.substring(slash + 1)));
  }

  private static Answer ask(String path) {
    return ask(played(path));
  }

  private static Answer ask(Played played) {
    Recording recording = played.recording();
    try (var server = new ScriptedServer();
        var http =
            new ProviderHttp(new Timeouts(PATIENCE, PATIENCE, PATIENCE), new ManualPulse())) {
      recording.playOn(server);
      var model =
          new OpenAiModel(
              settings(played.api(), server.url()),
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

  private static ProviderSettings settings(String api, String baseUrl) {
    return new ProviderSettings(
        "openai",
        "openai",
        Optional.empty(),
        Optional.of(baseUrl),
        Optional.empty(),
        new Timeouts(PATIENCE, PATIENCE, PATIENCE),
        Map.of("api", api.substring("openai-".length())));
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
