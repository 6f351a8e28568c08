package dev.agentrunner.adapter.claude;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.testing.ChatModelContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClaudeModelTest extends ChatModelContract {

  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private Map<String, String> options = Map.of();
  private Optional<String> key = Optional.of(KEY);

  @Override
  protected ChatModel model(String baseUrl, ProviderHttp http) {
    var settings =
        new ProviderSettings(
            "claude",
            "claude",
            Optional.of(MODEL),
            Optional.of(baseUrl),
            Optional.empty(),
            TIMEOUTS,
            options);
    return new ClaudeModel(
        settings,
        name -> key.filter(k -> name.equals("ANTHROPIC_API_KEY")),
        http,
        LONGEST_WAIT,
        InstantSource.fixed(NOW));
  }

  @Override
  protected Wire wire() {
    return new ClaudeWire();
  }

  // What is sent

  @Test
  void the_key_goes_into_its_own_header() {
    play(wire().text("x"));
    ask();

    var asked = server.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/v1/messages");
    assertThat(asked.headers())
        .containsEntry("x-api-key", KEY)
        .containsEntry("anthropic-version", "2023-06-01")
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
        .doesNotContainKey("x-api-key");
  }

  @Test
  void another_server_may_need_no_key() {
    key = Optional.empty();
    play(wire().text("x"));

    reply(ask());

    assertThat(server.asked().getFirst().headers()).doesNotContainKey("x-api-key");
  }

  @Test
  void anthropic_is_not_asked_without_a_key() {
    key = Optional.empty();
    try (var model =
        (ClaudeModel) model("https://api.anthropic.com", new ProviderHttp(TIMEOUTS, pulse))) {
      assertThat(model.missing()).hasValueSatisfying(w -> assertThat(w).contains("KEY"));

      Answer answer = model.ask(request(), noted, stop);

      assertThat(failure(answer))
          .isInstanceOf(ModelFailure.Denied.class)
          .extracting(ModelFailure::message)
          .asString()
          .contains("ANTHROPIC_API_KEY");
    }
  }

  @Test
  void a_thinking_budget_must_fit_into_the_reply() {
    options = Map.of("thinking", "8000");

    assertThat(failure(ask())).isInstanceOf(ModelFailure.Unusable.class);
    assertThat(server.asked()).isEmpty();
  }

  // What comes back

  @Test
  void a_plain_reply_needs_no_echo() {
    play(wire().calls(call("a1", "f", Map.of())));

    assertThat(reply(ask()).echo()).isEmpty();
  }

  @Test
  void blocks_of_unknown_kinds_are_kept_for_the_echo_with_what_they_grew_by() {
    List<String> stream = ClaudeWire.begun();
    stream.add(ClaudeWire.start(0, "{\"type\":\"redacted_thinking\",\"data\":\"abc=\"}"));
    stream.add(ClaudeWire.start(1, "{\"type\":\"compaction\",\"content\":\"So \",\"n\":1.50}"));
    stream.add(ClaudeWire.delta(1, "compaction_delta", "content", "far."));
    stream.add(ClaudeWire.event("starlight", "{\"type\":\"starlight\"}"));
    stream.add(ClaudeWire.start(2, "{\"type\":\"text\",\"text\":\"\"}"));
    stream.add(ClaudeWire.delta(2, "text_delta", "text", "Hi"));
    stream.add(ClaudeWire.delta(2, "sparkle_delta", "sparkle", "*"));
    stream.add(ClaudeWire.start(3, "{\"type\":\"text\",\"text\":\"\"}"));
    play(ClaudeWire.ended(stream, "end_turn"));

    Reply reply = reply(ask());

    assertThat(reply.parts()).containsExactly(new Part.Text("Hi"));
    assertThat(reply.echo())
        .contains(
            new Echo(
                "anthropic-messages",
                MODEL,
                """
                [{"type":"redacted_thinking","data":"abc="},\
                {"type":"compaction","content":"So far.","n":1.50},\
                {"type":"text","text":"Hi","sparkle":"*"}]\
                """));
  }

  @Test
  void a_thinking_block_without_words_is_echoed_but_not_shown() {
    List<String> stream = ClaudeWire.begun();
    stream.add(ClaudeWire.start(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"));
    stream.add(ClaudeWire.delta(0, "signature_delta", "signature", "sig"));
    play(ClaudeWire.ended(stream, "end_turn"));

    Reply reply = reply(ask());

    assertThat(reply.parts()).isEmpty();
    assertThat(reply.echo().orElseThrow().json())
        .isEqualTo("[{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"sig\"}]");
  }

  @Test
  void a_call_cut_by_the_output_limit_is_broken_even_if_nothing_of_it_came() {
    List<String> stream = ClaudeWire.begun();
    stream.add(
        ClaudeWire.start(0, "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}"));
    play(ClaudeWire.ended(stream, "max_tokens"));

    Reply reply = reply(ask());

    assertThat(reply.stop()).isEqualTo(Stop.OUTPUT_LIMIT);
    assertThat(reply.calls().getFirst().arguments()).isInstanceOf(ToolCall.Broken.class);
  }

  @Test
  void what_is_null_counts_as_left_out() {
    List<String> stream =
        new java.util.ArrayList<>(
            List.of(
                ClaudeWire.event(
                    "message_start",
                    "{\"type\":\"message_start\",\"message\":{\"model\":null,\"usage\":null}}")));
    stream.add(ClaudeWire.start(0, "{\"type\":\"text\",\"text\":null,\"citations\":null}"));
    stream.add(ClaudeWire.delta(0, "text_delta", "text", "Hi"));
    play(ClaudeWire.ended(stream, "end_turn"));

    Reply reply = reply(ask());

    assertThat(reply.text()).isEqualTo("Hi");
    assertThat(reply.model()).isEqualTo(MODEL);
    assertThat(noted.text()).isEqualTo("Hi");
  }

  @Test
  void calls_without_an_id_of_their_own_are_given_one() {
    List<String> stream = ClaudeWire.begun();
    stream.add(ClaudeWire.start(0, "{\"type\":\"tool_use\",\"name\":\"f\"}"));
    stream.add(ClaudeWire.start(1, "{\"type\":\"tool_use\",\"id\":\"\",\"name\":\"f\"}"));
    play(ClaudeWire.ended(stream, "tool_use"));

    assertThat(reply(ask()).calls()).extracting(ToolCall::id).containsExactly("call_0", "call_1");
  }

  @Test
  void numbers_in_arguments_stay_as_exact_as_they_came() {
    String raw = "{\"a\": 12345678901234567890, \"b\": 0.10, \"c\": null, \"d\": [1, null, true]}";
    play(wire().brokenCall("a1", "f", raw).orElseThrow());

    assertThat(reply(ask()).calls().getFirst().arguments())
        .isEqualTo(
            new ToolCall.Valid(
                Map.of(
                    "a",
                    new java.math.BigInteger("12345678901234567890"),
                    "b",
                    new java.math.BigDecimal("0.10"),
                    "d",
                    java.util.Arrays.asList(1L, null, true))));
  }

  @Test
  void a_refusal_says_of_what_kind_it_is() {
    List<String> stream = ClaudeWire.begun();
    stream.add(
        ClaudeWire.event(
            "message_delta",
            """
            {"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":\
            {"type":"refusal","category":"cyber","explanation":"No."}},"usage":{"output_tokens":0}}\
            """));
    stream.add(ClaudeWire.event("message_stop", "{\"type\":\"message_stop\"}"));
    play(stream);

    Reply reply = reply(ask());

    assertThat(reply.stop()).isEqualTo(Stop.REFUSED);
    assertThat(reply.stopDetail()).isEqualTo("cyber: No.");
  }

  @Test
  void a_server_that_does_not_stream_is_understood() {
    String message =
        """
        {"type":"message","model":"m","content":[{"type":"text","text":"Hi"},
         {"type":"tool_use","id":"a","name":"f","input":{"x":1}}],
         "stop_reason":"tool_use","usage":{"input_tokens":5,"output_tokens":7}}\
        """;
    server.next(200, Map.of("content-type", "application/json"), message.getBytes(UTF_8));

    Reply reply = reply(ask());

    assertThat(reply.text()).isEqualTo("Hi");
    assertThat(reply.calls()).containsExactly(call("a", "f", Map.of("x", 1L)));
    assertThat(reply.usage()).isEqualTo(new Usage(5, 0, 0, 7, 0, true));
    assertThat(noted.text()).isEqualTo("Hi");
  }

  // Counting

  @Test
  void a_cut_reply_tells_what_was_counted_until_then() {
    play(wire().text("one").subList(0, 3));

    assertThat(ask())
        .isInstanceOfSatisfying(
            Answer.Failed.class,
            failed -> assertThat(failed.usage()).isEqualTo(new Usage(100, 20, 3, 1, 0, false)));
  }

  @Test
  void several_passes_are_added_up() {
    List<String> stream = ClaudeWire.begun();
    stream.add(
        ClaudeWire.event(
            "message_delta",
            """
            {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":1,"output_tokens":2,\
            "iterations":[{"input_tokens":10,"output_tokens":3,"cache_read_input_tokens":5},\
            {"input_tokens":1,"output_tokens":2}],"output_tokens_details":{"thinking_tokens":2}}}\
            """));
    stream.add(ClaudeWire.event("message_stop", "{\"type\":\"message_stop\"}"));
    play(stream);

    assertThat(reply(ask()).usage()).isEqualTo(new Usage(11, 5, 0, 5, 2, true));
  }

  @Test
  void pings_are_signs_of_life_but_no_content() {
    server.next(line -> {
      line.stream(wire().contentType());
      for (int i = 0; i < 3; i++) {
        line.send(ClaudeWire.event("ping", "{\"type\": \"ping\"}"));
        pulse.advance(Duration.ofSeconds(5));
      }
      for (String piece : wire().text("x")) {
        line.send(piece);
      }
      line.end();
    });

    reply(ask());

    assertThat(noted.silences())
        .containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(15));
  }
}
