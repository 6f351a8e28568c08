package dev.agentrunner.adapter.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.testing.ChatModelContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GeminiModelTest extends ChatModelContract {

  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private Map<String, String> options = Map.of();
  private Map<String, String> environment = Map.of("GEMINI_API_KEY", KEY);

  @Override
  protected ChatModel model(String baseUrl, ProviderHttp http) {
    var settings =
        new ProviderSettings(
            "gemini",
            "gemini",
            Optional.of(MODEL),
            Optional.of(baseUrl),
            Optional.empty(),
            TIMEOUTS,
            options);
    return new GeminiModel(
        settings,
        name -> Optional.ofNullable(environment.get(name)),
        http,
        LONGEST_WAIT,
        InstantSource.fixed(NOW));
  }

  @Override
  protected Wire wire() {
    return new GeminiWire();
  }

  // What is sent

  @Test
  void the_key_goes_into_its_own_header_and_never_into_the_address() {
    play(wire().text("x"));
    ask();

    var asked = server.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/v1beta/models/model-1:streamGenerateContent?alt=sse");
    assertThat(asked.headers())
        .containsEntry("x-goog-api-key", KEY)
        .containsEntry("content-type", "application/json")
        .doesNotContainKey("authorization");
  }

  @Test
  void a_token_goes_into_the_authorization_header() {
    options = Map.of("auth", "bearer");
    play(wire().text("x"));
    ask();

    assertThat(server.asked().getFirst().headers())
        .containsEntry("authorization", "Bearer " + KEY)
        .doesNotContainKey("x-goog-api-key");
  }

  @Test
  void the_older_variable_is_heeded_where_the_usual_one_is_not_set() {
    environment = Map.of("GEMINI_API_KEY", " ", "GOOGLE_API_KEY", KEY);
    play(wire().text("x"));
    ask();

    assertThat(server.asked().getFirst().headers()).containsEntry("x-goog-api-key", KEY);
  }

  @Test
  void google_is_not_asked_without_a_key() {
    environment = Map.of();
    try (var http = new ProviderHttp(TIMEOUTS, pulse)) {
      Answer answer =
          model("https://generativelanguage.googleapis.com", http).ask(request(), noted, stop);

      assertThat(failure(answer))
          .isInstanceOf(ModelFailure.Denied.class)
          .extracting(ModelFailure::message)
          .asString()
          .contains("GEMINI_API_KEY");
    }
  }

  // What comes back

  @Test
  void a_plain_reply_needs_no_echo() {
    play(wire().calls(call("a1", "f", Map.of())));

    assertThat(reply(ask()).echo()).isEmpty();
  }

  @Test
  void parts_are_echoed_as_they_came_with_each_signature_in_its_place() {
    List<String> stream = new ArrayList<>();
    stream.add(GeminiWire.said(GeminiWire.text("Two ").put("thought", true)));
    stream.add(GeminiWire.said(GeminiWire.text("files.").put("thought", true)));
    stream.add(
        GeminiWire.said(
            GeminiWire.call(call("a1", "f", Map.of())).put("thoughtSignature", "sig"),
            GeminiWire.call(call("a2", "g", Map.of()))));
    stream.add(GeminiWire.said(GeminiWire.text("").put("thoughtSignature", "end")));
    play(GeminiWire.ended(stream, "STOP"));

    Reply reply = reply(ask());

    assertThat(reply.parts())
        .containsExactly(
            new Part.Thinking("Two files."),
            new Part.Call(call("a1", "f", Map.of())),
            new Part.Call(call("a2", "g", Map.of())));
    assertThat(reply.echo())
        .contains(
            new Echo(
                "gemini",
                MODEL,
                """
                [{"text":"Two files.","thought":true},\
                {"functionCall":{"name":"f","id":"a1","args":{}},"thoughtSignature":"sig"},\
                {"functionCall":{"name":"g","id":"a2","args":{}}},\
                {"text":"","thoughtSignature":"end"}]\
                """));
  }

  @Test
  void calls_without_ids_are_given_some_that_the_conversation_does_not_have_yet() {
    List<String> stream =
        List.of(
            GeminiWire.event(
                """
                {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"x":1}}},
                {"functionCall":{"name":"f"}},{"functionCall":{"args":{}}}]},"finishReason":"STOP"}]}\
                """));
    play(stream);
    Reply first = reply(ask());
    List<Message> goesOn =
        List.of(
            new Message.User("Hi"),
            new Message.Assistant(first),
            new Message.Results(
                List.of(
                    new ToolResult("call_0", "f", "one", false),
                    new ToolResult("call_1", "f", "two", true))));
    play(stream);
    Reply second = reply(ask(request(MODEL, goesOn)));

    assertThat(first.calls())
        .containsExactly(call("call_0", "f", Map.of("x", 1L)), call("call_1", "f", Map.of()));
    assertThat(second.calls()).extracting(ToolCall::id).containsExactly("call_2", "call_3");
    assertThat(server.asked().get(1).body())
        .contains(
            """
            {"role":"model","parts":[{"functionCall":{"name":"f","args":{"x":1}}},{"functionCall":{"name":"f"}}]},\
            {"role":"user","parts":[\
            {"functionResponse":{"name":"f","response":{"output":"one"}}},\
            {"functionResponse":{"name":"f","response":{"error":"two"}}}]}]\
            """);
  }

  @Test
  void arguments_that_are_no_object_are_kept_as_they_came() {
    play(
        List.of(
            GeminiWire.event(
                """
                {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":"x"}}]},
                "finishReason":"STOP"}]}\
                """)));

    assertThat(reply(ask()).calls())
        .singleElement()
        .extracting(ToolCall::arguments)
        .isEqualTo(new ToolCall.Broken("\"x\"", "not a JSON object"));
  }

  @Test
  void a_blocked_prompt_is_a_refusal_and_says_why() {
    play(
        List.of(
            GeminiWire.event(
                """
                {"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":7}}\
                """)));

    Reply reply = reply(ask());

    assertThat(reply.stop()).isEqualTo(Stop.REFUSED);
    assertThat(reply.stopDetail()).contains("PROHIBITED_CONTENT");
    assertThat(reply.parts()).isEmpty();
    assertThat(reply.usage()).isEqualTo(new Usage(7, 0, 0, 0, 0, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"})
  void a_garbled_call_is_a_passing_failure_that_was_paid_for(String reason) {
    play(GeminiWire.stopped(reason));

    Answer answer = ask();

    assertThat(failure(answer)).isInstanceOf(ModelFailure.Transient.class);
    assertThat(((Answer.Failed) answer).usage()).isEqualTo(wire().usage());
  }

  @Test
  void thoughts_that_used_up_the_output_limit_leave_an_empty_reply() {
    play(
        List.of(
            GeminiWire.event(
                """
                {"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS"}],
                "usageMetadata":{"promptTokenCount":7,"thoughtsTokenCount":9}}\
                """)));

    Reply reply = reply(ask());

    assertThat(reply.stop()).isEqualTo(Stop.OUTPUT_LIMIT);
    assertThat(reply.parts()).isEmpty();
    assertThat(reply.usage()).isEqualTo(new Usage(7, 0, 0, 9, 9, true));
  }

  @Test
  void older_models_tell_an_end_with_each_chunk() {
    String chunk =
        GeminiWire.event(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\"STOP\"}]}");
    play(List.of(chunk, chunk));

    assertThat(reply(ask()).text()).isEqualTo("xx");
  }

  @Test
  void a_line_that_is_cut_behind_the_end_of_a_reply_does_no_harm() {
    server.next(line -> {
      line.stream(wire().contentType());
      for (String piece : wire().text("x")) {
        line.send(piece);
      }
      line.cut();
    });

    assertThat(reply(ask()).text()).isEqualTo("x");
  }

  // Other forms of a stream

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/event-stream"})
  void a_stream_may_come_as_one_array(String contentType) {
    String body =
        """
        [{"candidates": [{"content": {"parts": [{"text": "Hi "}]}}]}
        ,
        {"candidates": [{"content": {"parts": [{"text": "you"}]}, "finishReason": "STOP"}]}
        ]
        """;
    server.next(200, Map.of("content-type", contentType), body.getBytes(UTF_8));

    assertThat(reply(ask()).parts()).containsExactly(new Part.Text("Hi you"));
  }

  @Test
  void events_need_no_blank_lines_between_them() {
    play(List.of(String.join("", wire().text("one ", "two")).replace("\r\n\r\n", "\n")));

    assertThat(reply(ask()).text()).isEqualTo("one two");
  }

  @Test
  void an_error_may_come_as_plain_json_behind_events() {
    play(List.of(GeminiWire.said(GeminiWire.text("one ")), wire().error(503, "overloaded")));

    assertThat(failure(ask()))
        .isInstanceOf(ModelFailure.Transient.class)
        .extracting(ModelFailure::message)
        .asString()
        .contains("overloaded");
  }

  @Test
  void an_error_may_come_in_an_array_with_a_good_status() {
    server.next(
        200,
        Map.of("content-type", "text/event-stream"),
        ("[" + wire().error(429, "slower") + "]").getBytes(UTF_8));

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Transient.class);
  }

  @Test
  void a_stream_without_an_end_is_broken() {
    play(List.of(GeminiWire.said(GeminiWire.text("one"))));

    assertThat(ask())
        .isInstanceOfSatisfying(
            Answer.Failed.class,
            failed -> {
              assertThat(failed.failure()).isInstanceOf(ModelFailure.Transient.class);
              assertThat(failed.usage()).isEqualTo(new Usage(120, 0, 0, 0, 0, false));
            });
  }
}
