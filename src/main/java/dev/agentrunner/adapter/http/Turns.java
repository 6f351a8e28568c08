package dev.agentrunner.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A conversation as every wire wants it: each call answered right behind the reply that made it, in
 * the order of the calls, and only then what else we had to say. A call that was left without an
 * answer gets one.
 */
public final class Turns {

  private Turns() {}

  /** The same messages, with results in order and words of ours moved behind them. */
  public static List<Message> answered(List<Message> messages) {
    List<Message> turns = new ArrayList<>();
    List<ToolCall> asked = List.of();
    Map<String, ToolResult> given = new LinkedHashMap<>();
    List<Message> words = new ArrayList<>();
    for (Message message : messages) {
      switch (message) {
        case Message.User user -> words.add(user);
        case Message.Results(List<ToolResult> results) ->
            results.forEach(result -> given.put(result.callId(), result));
        case Message.Assistant(Reply reply) -> {
          endOurs(turns, asked, given, words);
          turns.add(message);
          asked = reply.calls();
        }
      }
    }
    endOurs(turns, asked, given, words);
    return turns;
  }

  private static void endOurs(
      List<Message> turns,
      List<ToolCall> asked,
      Map<String, ToolResult> given,
      List<Message> words) {
    List<ToolResult> results = new ArrayList<>();
    for (ToolCall call : asked) {
      ToolResult result = given.remove(call.id());
      results.add(
          result == null
              ? new ToolResult(call.id(), call.name(), "This call was not carried out.", true)
              : result);
    }
    results.addAll(given.values());
    if (!results.isEmpty()) {
      turns.add(new Message.Results(results));
    }
    turns.addAll(words);
    given.clear();
    words.clear();
  }

  /**
   * What is to be sent back for {@code reply} as it came, where it is of that wire and model.
   *
   * @param shape of the JSON in echoes of that wire
   */
  public static <T extends JsonNode> Optional<T> echo(
      Reply reply, String wire, String model, Class<T> shape) {
    return reply
        .echo()
        .filter(echo -> echo.wire().equals(wire) && echo.model().equals(model))
        .map(echo -> read(echo, shape));
  }

  private static <T extends JsonNode> T read(Echo echo, Class<T> shape) {
    try {
      return shape.cast(JsonTree.read(echo.json()));
    } catch (JsonProcessingException | ClassCastException e) {
      throw new IllegalArgumentException(
          "an echo of %s is no %s".formatted(echo.wire(), shape.getSimpleName()), e);
    }
  }
}
