package dev.agentrunner.adapter.http;

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
 * A conversation as every wire wants it: each call answered right behind the reply that made it,
 * and only then what else we had to say. A call that was left without an answer gets one.
 */
public final class Turns {

  private Turns() {}

  /** The same messages, with words of ours moved behind the results. */
  public static List<Message> answered(List<Message> messages) {
    List<Message> turns = new ArrayList<>();
    Map<String, ToolCall> open = new LinkedHashMap<>();
    List<ToolResult> results = new ArrayList<>();
    List<Message> words = new ArrayList<>();
    for (Message message : messages) {
      switch (message) {
        case Message.User user -> words.add(user);
        case Message.Results(List<ToolResult> given) ->
            given.forEach(result -> {
              open.remove(result.callId());
              results.add(result);
            });
        case Message.Assistant(Reply reply) -> {
          endOurs(turns, open, results, words);
          turns.add(message);
          reply.calls().forEach(call -> open.put(call.id(), call));
        }
      }
    }
    endOurs(turns, open, results, words);
    return turns;
  }

  private static void endOurs(
      List<Message> turns,
      Map<String, ToolCall> open,
      List<ToolResult> results,
      List<Message> words) {
    open.values()
        .forEach(call ->
            results.add(
                new ToolResult(call.id(), call.name(), "This call was not carried out.", true)));
    open.clear();
    if (!results.isEmpty()) {
      turns.add(new Message.Results(results));
    }
    turns.addAll(words);
    results.clear();
    words.clear();
  }

  /** The echo of {@code reply}, where it is of that wire and model. */
  public static Optional<Echo> echo(Reply reply, String wire, String model) {
    return reply.echo().filter(echo -> echo.wire().equals(wire) && echo.model().equals(model));
  }
}
