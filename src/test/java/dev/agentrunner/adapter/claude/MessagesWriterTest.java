package dev.agentrunner.adapter.claude;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MessagesWriterTest {

  private static final Map<String, String> NO_CACHE = Map.of("cache", "off");
  private static final Message HI = new Message.User("Hi");

  @Test
  void a_question_looks_as_the_api_wants_it() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("required", List.of("path"));
    var request =
        new ChatRequest(
            new CallId("T1", 1, 1),
            "claude-x",
            "Be good.",
            List.of(HI),
            List.of(
                new ToolSpec("write", "Writes.", Map.of()), new ToolSpec("read", "Reads.", schema)),
            4096);

    assertThat(JsonTree.write(writer(Map.of()).body(request)))
        .isEqualTo(
            """
            {"model":"claude-x","max_tokens":4096,"stream":true,\
            "system":[{"type":"text","text":"Be good.","cache_control":{"type":"ephemeral"}}],\
            "tools":[{"name":"write","description":"Writes.","input_schema":{}},\
            {"name":"read","description":"Reads.","input_schema":{"type":"object","required":["path"]}}],\
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]}]}\
            """);
  }

  @Test
  void options_add_what_is_left_out_otherwise() {
    var options = Map.of("thinking", "2048", "effort", "high", "temperature", "0.5", "cache", "1h");

    JsonNode body = writer(options).body(request(HI));

    assertThat(JsonTree.write(body.path("thinking")))
        .isEqualTo("{\"type\":\"enabled\",\"budget_tokens\":2048}");
    assertThat(JsonTree.write(body.path("output_config"))).isEqualTo("{\"effort\":\"high\"}");
    assertThat(JsonTree.write(body.path("temperature"))).isEqualTo("0.5");
    assertThat(JsonTree.write(block(body, 0, 0).path("cache_control")))
        .isEqualTo("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}");
  }

  @Test
  void thinking_can_be_left_to_the_model_or_turned_off() {
    assertThat(
            JsonTree.write(
                writer(Map.of("thinking", "adaptive")).body(request(HI)).path("thinking")))
        .isEqualTo("{\"type\":\"adaptive\",\"display\":\"summarized\"}");
    assertThat(JsonTree.write(writer(Map.of("thinking", "off")).body(request(HI)).path("thinking")))
        .isEqualTo("{\"type\":\"disabled\"}");
  }

  @Test
  void results_come_in_one_message_and_before_any_words() {
    JsonNode body =
        plain(
            HI,
            said(call("a"), call("b")),
            new Message.User("By the way:"),
            new Message.Results(List.of(result("a", false), result("b", true))),
            new Message.User("go on"));

    assertThat(JsonTree.write(body.path("messages").path(2)))
        .isEqualTo(
            """
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"result of a"},\
            {"type":"tool_result","tool_use_id":"b","is_error":true,"content":"result of b"},\
            {"type":"text","text":"By the way:"},{"type":"text","text":"go on"}]}\
            """);
  }

  @Test
  void a_call_left_without_an_answer_gets_one() {
    JsonNode body = plain(HI, said(call("a"), call("b")), new Message.User("Never mind."));

    JsonNode content = body.path("messages").path(2).path("content");
    assertThat(content.findValuesAsText("tool_use_id")).containsExactly("a", "b");
    assertThat(content.path(0).path("is_error").booleanValue()).isTrue();
    assertThat(content.path(2).path("text").textValue()).isEqualTo("Never mind.");
  }

  @Test
  void a_turn_in_which_nothing_was_said_is_left_out() {
    JsonNode body =
        plain(HI, said(), said(new Part.Text(" \n")), said(new Part.Thinking("Hm")), HI);

    assertThat(JsonTree.write(body.path("messages")))
        .isEqualTo(
            """
            [{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"text","text":"Hi"}]}]\
            """);
  }

  @Test
  void a_paused_turn_and_what_followed_are_one() {
    JsonNode body = plain(HI, said(new Part.Text("one")), said(new Part.Text("two")));

    assertThat(body.path("messages")).hasSize(2);
    assertThat(block(body, 1, 1).path("text").textValue()).isEqualTo("two");
  }

  @Test
  void an_echo_goes_back_as_it_came() {
    String json =
        """
        [{"type":"thinking","thinking":"","signature":"s/+="},{"type":"tool_use","id":"a","name":"f","input":{"x":1.0}}]\
        """;
    JsonNode body = plain(HI, echoed("anthropic-messages", "claude-x", json), results("a"));

    assertThat(JsonTree.write(body.path("messages").path(1).path("content"))).isEqualTo(json);
  }

  @Test
  void the_echo_of_another_wire_or_model_is_rebuilt_from_the_parts() {
    for (var foreign :
        List.of(
            echoed("gemini", "claude-x", "{}"), echoed("anthropic-messages", "claude-y", "[]"))) {
      JsonNode body = plain(HI, foreign, results("a"));

      assertThat(JsonTree.write(body.path("messages").path(1).path("content")))
          .isEqualTo("[{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}]");
    }
  }

  @Test
  void broken_arguments_go_back_as_none() {
    var broken = new Part.Call(new ToolCall("a", "f", new ToolCall.Broken("{\"x", "cut off")));

    JsonNode body = plain(HI, said(broken), results("a"));

    assertThat(JsonTree.write(block(body, 1, 0).path("input"))).isEqualTo("{}");
  }

  // Cache markers

  @Test
  void there_are_never_more_than_four_markers_and_none_on_the_models_side() {
    for (int turns = 0; turns < 30; turns++) {
      List<Message> talk = new ArrayList<>(List.of(HI));
      for (int turn = 0; turn < turns; turn++) {
        talk.addAll(toolTurn(turn, 1 + turn % 20));
      }
      JsonNode body = writer(Map.of()).body(request(talk.toArray(Message[]::new)));

      assertThat(body.findValues("cache_control")).hasSizeBetween(2, 4);
      for (JsonNode message : body.path("messages")) {
        if (message.path("role").textValue().equals("assistant")) {
          assertThat(message.findValues("cache_control")).isEmpty();
        }
      }
    }
  }

  @Test
  void where_the_last_question_ended_is_marked_again() {
    List<Message> talk = new ArrayList<>(List.of(HI));
    talk.addAll(toolTurn(1, 2));
    JsonNode before = writer(Map.of()).body(request(talk.toArray(Message[]::new)));
    talk.addAll(toolTurn(2, 2));
    JsonNode after = writer(Map.of()).body(request(talk.toArray(Message[]::new)));

    assertThat(block(before, 2, 1).has("cache_control")).isTrue();
    assertThat(block(after, 2, 1).has("cache_control")).isTrue();
    assertThat(block(after, 4, 1).has("cache_control")).isTrue();
  }

  @Test
  void a_long_turn_has_a_marker_in_between() {
    List<Message> talk = new ArrayList<>(List.of(HI));
    talk.addAll(toolTurn(1, 25));
    JsonNode body = writer(Map.of()).body(request(talk.toArray(Message[]::new)));

    List<Integer> marked =
        IntStream.range(0, 25).filter(i -> block(body, 2, i).has("cache_control")).boxed().toList();
    assertThat(marked).containsExactly(9, 24);
  }

  @Test
  void without_a_system_text_the_last_tool_is_marked() {
    var tool = new ToolSpec("f", "F.", Map.of());
    var request =
        new ChatRequest(new CallId("T", 1, 1), "m", "", List.of(HI), List.of(tool, tool), 9);

    JsonNode body = writer(Map.of()).body(request);

    assertThat(body.has("system")).isFalse();
    assertThat(body.path("tools").path(0).has("cache_control")).isFalse();
    assertThat(body.path("tools").path(1).has("cache_control")).isTrue();
  }

  private static List<Message> toolTurn(int turn, int calls) {
    Part[] parts =
        IntStream.range(0, calls).mapToObj(i -> call(turn + "-" + i)).toArray(Part[]::new);
    List<ToolResult> results =
        IntStream.range(0, calls).mapToObj(i -> result(turn + "-" + i, false)).toList();
    return List.of(said(parts), new Message.Results(results));
  }

  private static JsonNode plain(Message... messages) {
    return writer(NO_CACHE).body(request(messages));
  }

  private static JsonNode block(JsonNode body, int message, int index) {
    return body.path("messages").path(message).path("content").path(index);
  }

  private static MessagesWriter writer(Map<String, String> options) {
    Duration second = Duration.ofSeconds(1);
    return new MessagesWriter(
        ClaudeSettings.from(
            new ProviderSettings(
                "claude",
                "claude",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Timeouts(second, second, second),
                options)));
  }

  private static ChatRequest request(Message... messages) {
    return new ChatRequest(
        new CallId("T1", 1, 1), "claude-x", "Be good.", List.of(messages), List.of(), 4096);
  }

  private static Part call(String id) {
    return new Part.Call(new ToolCall(id, "f", new ToolCall.Valid(Map.of())));
  }

  private static ToolResult result(String id, boolean failed) {
    return new ToolResult(id, "f", "result of " + id, failed);
  }

  private static Message results(String id) {
    return new Message.Results(List.of(result(id, false)));
  }

  private static Message said(Part... parts) {
    return new Message.Assistant(
        new Reply("m", List.of(parts), Stop.END, "", Usage.NONE, Optional.empty()));
  }

  private static Message echoed(String wire, String model, String json) {
    return new Message.Assistant(
        new Reply(
            "m",
            List.of(new Part.Thinking("Hm"), call("a")),
            Stop.TOOLS,
            "",
            Usage.NONE,
            Optional.of(new Echo(wire, model, json))));
  }
}
