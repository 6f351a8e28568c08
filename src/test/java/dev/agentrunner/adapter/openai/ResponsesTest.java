package dev.agentrunner.adapter.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponsesTest extends OpenAiModelContract {

  @Override
  String api() {
    return "responses";
  }

  @Override
  protected Wire wire() {
    return new ResponsesWire();
  }

  // Servers of other makes

  @Test
  void items_may_lack_their_place_and_the_response_its_status() {
    Reply reply =
        reply(
            played(
                event(
                    "response.output_item.done",
                    """
                    {"item":{"type":"message","content":[{"type":"output_text","text":"Hi"}]}}\
                    """),
                event(
                    "response.output_item.done",
                    """
                    {"item":{"type":"function_call","call_id":"c","name":"f","arguments":null}}\
                    """),
                event("response.completed", "{\"response\":{\"model\":null,\"status\":null}}")));

    assertThat(reply.text()).isEqualTo("Hi");
    assertThat(reply.calls()).containsExactly(call("c", "f", Map.of()));
    assertThat(reply.stop()).isEqualTo(Stop.TOOLS);
    assertThat(reply.model()).isEqualTo(MODEL);
  }

  private static String event(String name, String data) {
    return ResponsesWire.event(name, data);
  }

  // What is sent

  @Test
  void nothing_is_kept_at_the_other_end() {
    play(wire().text("x"));
    ask();

    assertThat(server.asked().getFirst().path()).isEqualTo("/responses");
    JsonNode body = OpenAiWires.tree(server.asked().getFirst().body());
    assertThat(body.path("store").booleanValue()).isFalse();
    assertThat(body.path("include").path(0).textValue()).isEqualTo("reasoning.encrypted_content");
    assertThat(body.path("instructions").textValue()).isEqualTo("You are a test.");
    assertThat(body.path("tools").path(0).path("strict").booleanValue()).isFalse();
    assertThat(body.has("reasoning")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o", "gpt-4.1-mini", "chatgpt-4o-latest"})
  void models_that_do_not_think_are_not_asked_for_thoughts(String model) {
    play(wire().text("x"));
    ask(request(model, List.of(new Message.User("Hi"))));

    assertThat(OpenAiWires.tree(server.asked().getFirst().body()).has("include")).isFalse();
  }

  @Test
  void thoughts_and_calls_go_back_as_they_came_and_results_follow() {
    play(wire().thinking("Hmm.", call("a1", "f", Map.of("n", 1L))));
    Reply reply = reply(ask());
    play(wire().text("x"));

    ask(
        request(
            MODEL,
            List.of(
                new Message.User("Hi"),
                new Message.Assistant(reply),
                new Message.Results(List.of(new ToolResult("a1", "f", "done", false))))));

    JsonNode input = OpenAiWires.tree(server.asked().get(1).body()).path("input");
    assertThat(input).hasSize(4);
    assertThat(input.path(1).path("encrypted_content").textValue())
        .isEqualTo(ResponsesWire.ENCRYPTED);
    assertThat(input.path(2).path("arguments").textValue()).isEqualTo("{\"n\":1}");
    assertThat(input.path(3))
        .isEqualTo(
            OpenAiWires.tree(
                "{\"type\":\"function_call_output\",\"call_id\":\"a1\",\"output\":\"done\"}"));
  }

  // What comes back

  @Test
  void a_plain_reply_needs_no_echo() {
    play(wire().calls(call("a1", "f", Map.of())));

    assertThat(reply(ask()).echo()).isEmpty();
  }

  @Test
  void the_phase_of_a_message_goes_back() {
    List<String> stream = ResponsesWire.begun();
    stream.add(
        ResponsesWire.item(
            "response.output_item.done",
            0,
            OpenAiWires.object(
                "{\"type\":\"message\",\"phase\":\"commentary\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}")));
    play(ResponsesWire.ended(stream, "completed", "null"));

    Reply reply = reply(ask());

    assertThat(reply.text()).isEqualTo("Hi");
    assertThat(noted.text()).isEqualTo("Hi");
    assertThat(reply.echo().orElseThrow().json()).contains("commentary");
  }

  @Test
  void thoughts_that_led_nowhere_do_not_go_back() {
    play(reasoningOnly("\"encrypted_content\":\"gAAA\","));

    Reply reply = reply(ask());

    assertThat(reply.stop()).isEqualTo(Stop.OUTPUT_LIMIT);
    assertThat(reply.parts()).isEmpty();
    assertThat(reply.echo()).isEmpty();
  }

  @Test
  void thoughts_that_cannot_be_sent_back_leave_the_parts_to_do() {
    List<String> stream = reasoningOnly("");
    stream.removeLast();
    ResponsesWire.call(stream, 1, "a1", "f", "{}");
    play(ResponsesWire.ended(stream, "completed", "null"));

    Reply reply = reply(ask());

    assertThat(reply.stop()).isEqualTo(Stop.TOOLS);
    assertThat(reply.echo()).isEmpty();
  }

  private static List<String> reasoningOnly(String encrypted) {
    List<String> stream = ResponsesWire.begun();
    stream.add(
        ResponsesWire.item(
            "response.output_item.done",
            0,
            OpenAiWires.object("{\"type\":\"reasoning\"," + encrypted + "\"summary\":[]}")));
    return ResponsesWire.ended(stream, "incomplete", "{\"reason\":\"max_output_tokens\"}");
  }

  @Test
  void a_call_cut_by_the_output_limit_is_broken() {
    List<String> stream = ResponsesWire.begun();
    ResponsesWire.call(stream, 0, "a1", "f", "{\"pa");
    play(ResponsesWire.ended(stream, "incomplete", "{\"reason\":\"max_output_tokens\"}"));

    assertThat(reply(ask()).calls().getFirst().arguments()).isInstanceOf(ToolCall.Broken.class);
  }

  @Test
  void a_refusal_is_told_in_the_models_words() {
    List<String> stream = ResponsesWire.begun();
    stream.add(ResponsesWire.delta("response.refusal.delta", 0, "I can't."));
    stream.add(
        ResponsesWire.item(
            "response.output_item.done",
            0,
            OpenAiWires.object(
                "{\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"I can't.\"}]}")));
    play(ResponsesWire.ended(stream, "completed", "null"));

    Reply reply = reply(ask());

    assertThat(reply.stop()).isEqualTo(Stop.REFUSED);
    assertThat(reply.stopDetail()).isEqualTo("I can't.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"error\",\"code\":\"insufficient_quota\",\"message\":\"x\"}",
        "{\"type\":\"error\",\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}}",
        "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}}}"
      })
  void a_quota_used_up_midway_needs_a_person(String event) {
    assertThat(failure(played("data: " + event + "\n\n"))).isInstanceOf(ModelFailure.Denied.class);
  }

  @Test
  void a_closing_done_without_an_end_is_a_cut() {
    List<String> stream = ResponsesWire.begun();
    ResponsesWire.message(stream, 0, "Hi");
    stream.add("data: [DONE]\n\n");
    play(stream);

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Transient.class);
  }
}
