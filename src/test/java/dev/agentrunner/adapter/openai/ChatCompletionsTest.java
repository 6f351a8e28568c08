package dev.agentrunner.adapter.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatCompletionsTest extends OpenAiModelContract {

  private static final String FINISHED =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  @Override
  String api() {
    return "chat";
  }

  @Override
  protected Wire wire() {
    return new ChatWire();
  }

  // What is sent

  @Test
  void questions_are_posted_to_chat_completions_with_the_older_name_for_the_limit() {
    play(wire().text("x"));
    ask();

    assertThat(server.asked().getFirst().path()).isEqualTo("/chat/completions");
    JsonNode body = OpenAiWires.tree(server.asked().getFirst().body());
    assertThat(body.path("max_tokens").intValue()).isEqualTo(4096);
    assertThat(body.has("max_completion_tokens")).isFalse();
    assertThat(body.path("stream_options").path("include_usage").booleanValue()).isTrue();
    assertThat(body.path("messages").path(0).path("role").textValue()).isEqualTo("system");
  }

  @Test
  void each_call_is_answered_before_anything_else_is_said() {
    ToolCall broken = new ToolCall("a2", "f", new ToolCall.Broken("{\"pa", "cut"));
    Reply reply =
        saying(
            new Part.Text("So."), new Part.Call(call("a1", "f", Map.of())), new Part.Call(broken));
    play(wire().text("x"));

    ask(
        request(
            MODEL,
            List.of(
                new Message.User("Hi"),
                new Message.Assistant(reply),
                new Message.User("By the way"),
                new Message.Results(List.of(new ToolResult("a1", "f", "done", false))))));

    JsonNode messages = OpenAiWires.tree(server.asked().getFirst().body()).path("messages");
    assertThat(messages.findValuesAsText("role"))
        .containsExactly("system", "user", "assistant", "tool", "tool", "user");
    assertThat(messages.findValuesAsText("tool_call_id")).containsExactly("a1", "a2");
    assertThat(messages.findValuesAsText("arguments")).containsExactly("{}", "{}");
  }

  private static Reply saying(Part... parts) {
    return new Reply(MODEL, List.of(parts), Stop.TOOLS, "", Usage.NONE, java.util.Optional.empty());
  }

  // What comes back

  @ParameterizedTest
  @ValueSource(strings = {"reasoning_content", "reasoning"})
  void thoughts_may_come_in_either_field(String field) {
    Reply reply =
        reply(
            played(
                chunk("{\"" + field + "\":\"Hm\",\"content\":null}"),
                chunk("{\"" + field + "\":null,\"content\":\"Hi\"}"),
                FINISHED,
                DONE));

    assertThat(reply.parts()).containsExactly(new Part.Thinking("Hm"), new Part.Text("Hi"));
    assertThat(reply.echo()).isEmpty();
  }

  @Test
  void thoughts_may_stand_between_tags_that_come_in_pieces() {
    Reply reply =
        reply(
            played(
                chunk("{\"content\":\"\\n<th\"}"),
                chunk("{\"content\":\"ink>a < b</thi\"}"),
                chunk("{\"content\":\"nk>\\n\\nHi\"}"),
                chunk("{\"content\":\" <think>\"}"),
                FINISHED));

    assertThat(reply.parts())
        .containsExactly(new Part.Thinking("a < b"), new Part.Text("Hi <think>"));
    assertThat(noted.text()).isEqualTo("Hi <think>");
    assertThat(noted.thinking()).isEqualTo("a < b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<", "<thin", " ", "<b>"})
  void what_only_begins_like_a_tag_is_text(String text) {
    assertThat(reply(played(chunk("{\"content\":\"" + text + "\"}"), FINISHED)).text())
        .isEqualTo(text);
  }

  @Test
  void reasoning_details_are_shown_once_and_go_back_whole() {
    Reply reply =
        reply(
            played(
                ": OPENROUTER PROCESSING\n\n",
                chunk(
                    "{\"reasoning\":\"a\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"a\"}]}"),
                chunk(
                    "{\"reasoning\":\"b\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"b\",\"signature\":\"s\"}]}"),
                chunk(
                    "{\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"index\":1,\"data\":\"x\"}]}"),
                chunk("{\"content\":\"Hi\"}"),
                FINISHED,
                DONE));

    assertThat(reply.parts()).containsExactly(new Part.Thinking("ab"), new Part.Text("Hi"));
    assertThat(OpenAiWires.tree(reply.echo().orElseThrow().json()))
        .isEqualTo(
            OpenAiWires.tree(
                """
                {"role":"assistant","content":"Hi","reasoning_details":[
                  {"type":"reasoning.text","index":0,"text":"ab","signature":"s"},
                  {"type":"reasoning.encrypted","index":1,"data":"x"}]}
                """));
  }

  @Test
  void fields_of_a_call_that_this_version_does_not_know_go_back() {
    Reply reply =
        reply(
            played(
                chunk(
                    """
                    {"tool_calls":[{"index":0,"id":"","type":"function","extra_content":{"google":\
                    {"thought_signature":"CvcB"}},"function":{"name":"f","arguments":"{}"}}]}\
                    """),
                FINISHED));

    assertThat(reply.calls()).containsExactly(call("call_0", "f", Map.of()));
    assertThat(reply.stop()).isEqualTo(Stop.TOOLS);
    assertThat(reply.echo().orElseThrow().json()).contains("CvcB", "call_0");
  }

  @Test
  void calls_without_index_or_id_are_told_apart() {
    Reply reply =
        reply(
            played(
                chunk(
                    """
                    {"tool_calls":[{"function":{"name":"f","arguments":"{\\"a\\":1}"}},\
                    {"function":{"name":"f","arguments":{"a":2}}}]}\
                    """),
                FINISHED));

    assertThat(reply.calls())
        .containsExactly(
            call("call_0", "f", Map.of("a", 1L)), call("call_1", "f", Map.of("a", 2L)));
  }

  @Test
  void calls_that_all_have_the_first_index_are_told_apart_by_their_ids() {
    Reply reply =
        reply(
            played(
                chunk(fragment("x", "f", "\"{}\"")), chunk(fragment("y", "g", "\"\"")), FINISHED));

    assertThat(reply.calls()).containsExactly(call("x", "f", Map.of()), call("y", "g", Map.of()));
  }

  @Test
  void a_name_repeated_with_every_fragment_is_one_name() {
    Reply reply =
        reply(
            played(
                chunk(fragment("0", "f", "null")),
                chunk(fragment("0", "f", "\"{\\\"a\\\":\"")),
                chunk(fragment("0", "f", "\"1}\"")),
                chunk(fragment("0", "f", "\"\"")),
                FINISHED));

    assertThat(reply.calls()).containsExactly(call("0", "f", Map.of("a", 1L)));
    assertThat(noted.calls()).containsExactly("f");
  }

  @Test
  void a_call_cut_by_the_output_limit_is_broken() {
    Reply reply =
        reply(
            played(
                chunk(fragment("a1", "f", "\"\"")),
                "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n"));

    assertThat(reply.stop()).isEqualTo(Stop.OUTPUT_LIMIT);
    assertThat(reply.calls().getFirst().arguments()).isInstanceOf(ToolCall.Broken.class);
  }

  @Test
  void without_a_report_the_count_is_not_exact() {
    Reply reply = reply(played(chunk("{\"content\":\"Hi\"}"), FINISHED));

    assertThat(reply.usage()).isEqualTo(new Usage(0, 0, 0, 0, 0, false));
  }

  @Test
  void a_reply_that_the_server_ends_without_a_reason_is_whole() {
    assertThat(reply(played(chunk("{\"content\":\"Hi\"}"), DONE)).stop()).isEqualTo(Stop.END);
  }

  @Test
  void an_end_before_anything_was_said_is_a_passing_failure() {
    assertThat(failure(played(chunk("{\"role\":\"assistant\"}"), DONE)))
        .isInstanceOf(ModelFailure.Transient.class);
  }

  @ParameterizedTest
  @CsvSource({"error", "insufficient_system_resource"})
  void an_end_for_trouble_at_the_other_side_is_a_passing_failure(String reason) {
    assertThat(
            failure(
                played(
                    chunk("{\"content\":\"Hi\"}"),
                    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\""
                        + reason
                        + "\"}]}\n\n")))
        .isInstanceOf(ModelFailure.Transient.class);
  }

  @Test
  void a_reply_may_come_in_one_piece_behind_blank_lines() {
    server.next(
        200,
        Map.of("content-type", "application/json"),
        """


        {"choices":[{"message":{"role":"assistant","content":"Hi","tool_calls":null},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":5,"completion_tokens":2,"prompt_cache_hit_tokens":3}}
        """
            .getBytes(UTF_8));

    Reply reply = reply(ask());

    assertThat(reply.text()).isEqualTo("Hi");
    assertThat(reply.usage()).isEqualTo(new Usage(2, 3, 0, 2, 0, true));
  }

  private static String fragment(String id, String name, String arguments) {
    return "{\"tool_calls\":[{\"index\":0,\"id\":\"%s\",\"function\":{\"name\":\"%s\",\"arguments\":%s}}]}"
        .formatted(id, name, arguments);
  }

  private static String chunk(String delta) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}\n\n";
  }
}
