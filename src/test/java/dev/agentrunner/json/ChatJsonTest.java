package dev.agentrunner.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.testing.MemoryBodies;
import dev.agentrunner.testing.Samples;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ChatJsonTest {

  @Test
  void a_request_comes_back_as_it_was() {
    var samples = new Samples(1);
    for (int i = 0; i < 100; i++) {
      ChatRequest request = samples.of(ChatRequest.class);

      assertThat(ChatJson.readRequest(ChatJson.write(request))).isEqualTo(request);
    }
  }

  @Test
  void a_reply_comes_back_as_it_was() {
    var samples = new Samples(2);
    for (int i = 0; i < 200; i++) {
      Reply reply = samples.of(Reply.class);

      assertThat(ChatJson.readReply(ChatJson.write(reply))).isEqualTo(reply);
    }
  }

  @Test
  void members_of_arguments_keep_their_order_and_numbers_their_digits() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("z", Long.MIN_VALUE);
    arguments.put("a", BigInteger.ONE.shiftLeft(20_000));
    arguments.put("m", new BigDecimal("100"));
    arguments.put("b", new BigDecimal("1." + "0123456789".repeat(300)));
    arguments.put("c", new BigDecimal("1E+1000000"));

    Map<String, Object> back = arguments(roundTrip(reply(arguments)));

    assertThat(back).isEqualTo(arguments);
    assertThat(new ArrayList<>(back.keySet())).containsExactly("z", "a", "m", "b", "c");
  }

  @Test
  void nothing_within_a_list_stays_where_it_is() {
    List<Object> list = Arrays.asList("x", null, 1L);

    assertThat(arguments(roundTrip(reply(Map.of("list", list))))).containsEntry("list", list);
  }

  @Test
  void half_a_surrogate_pair_in_the_name_of_a_member_is_replaced() {
    Reply back = roundTrip(reply(Map.of("a\ud83d \ud83d\ude00", 1L)));

    assertThat(arguments(back)).isEqualTo(Map.of("a\ufffd \ud83d\ude00", 1L));
  }

  @Test
  void as_deep_as_a_provider_may_nest_we_can_write_and_read() {
    Object value = "end";
    for (int depth = 0; depth < 1_000; depth++) {
      value = depth % 2 == 0 ? List.of(value) : Map.of("k", value);
    }

    Reply reply = reply(Map.of("deep", value));

    assertThat(roundTrip(reply)).isEqualTo(reply);
  }

  @Test
  void a_model_that_sends_what_looks_like_a_kept_body_is_taken_at_its_word() {
    var bodies = new MemoryBodies();
    Map<String, Object> sent =
        Map.of(
            "$artifact",
            "0".repeat(64),
            "bytes",
            5L,
            "$$artifact",
            "y",
            "long",
            "x".repeat(100_000));

    byte[] json = JsonWriter.bytes(reply(sent), ChatJson::reply, bodies);

    assertThat(arguments(ChatJson.reply(JsonReader.read(json, 0, json.length, bodies))))
        .isEqualTo(sent);
    assertThat(bodies.kept).hasSize(1);
  }

  private static Reply roundTrip(Reply reply) {
    return ChatJson.readReply(ChatJson.write(reply));
  }

  private static Reply reply(Map<String, Object> arguments) {
    return new Reply(
        "model",
        List.of(new Part.Call(new ToolCall("1", "tool", new ToolCall.Valid(arguments)))),
        Stop.TOOLS,
        "",
        Usage.NONE,
        Optional.empty());
  }

  private static Map<String, Object> arguments(Reply reply) {
    return ((ToolCall.Valid) reply.calls().getFirst().arguments()).values();
  }
}
