package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import java.util.List;
import java.util.Optional;

/**
 * How often the model has made the very same call, one after the other up to now, and was told the
 * very same.
 *
 * @param name of the tool; empty if there was no call
 */
record Repetition(String name, int times) {

  /** The model is told after so many. */
  static final int REMARKABLE = 4;

  /** The attempt is over after so many. */
  static final int HOPELESS = 8;

  private static final Repetition NONE = new Repetition("", 0);

  private record Exchange(String name, ToolCall.Arguments arguments, String text, boolean failed) {
    Exchange(ToolCall call, ToolResult result) {
      this(call.name(), call.arguments(), result.text(), result.failed());
    }
  }

  static Repetition in(List<Message> said) {
    Optional<Exchange> last = Optional.empty();
    List<ToolResult> answers = List.of();
    int times = 0;
    for (Message message : said.reversed()) {
      switch (message) {
        case Message.User _ -> {} // Our own remark, or the prompt.
        case Message.Results(List<ToolResult> results) -> answers = results;
        case Message.Assistant(Reply reply) -> {
          List<ToolCall> calls = reply.calls();
          for (int n = calls.size() - 1; n >= 0; n--) {
            if (n >= answers.size()) {
              return of(last, times);
            }
            Exchange exchange = new Exchange(calls.get(n), answers.get(n));
            if (!last.orElse(exchange).equals(exchange)) {
              return of(last, times);
            }
            last = Optional.of(exchange);
            times++;
          }
          if (calls.isEmpty()) {
            return of(last, times);
          }
        }
      }
    }
    return of(last, times);
  }

  private static Repetition of(Optional<Exchange> last, int times) {
    return last.map(exchange -> new Repetition(exchange.name(), times)).orElse(NONE);
  }

  boolean isHopeless() {
    return times >= HOPELESS;
  }

  /**
   * What the model is to be told of it, once.
   *
   * @param calls how many the last reply made
   */
  Optional<String> remark(int calls) {
    return times >= REMARKABLE && times - calls < REMARKABLE
        ? Optional.of(
            "You have called %s %d times in a row with the very same arguments, and it told you the same each time. Do something else, or call finish if the task is done."
                .formatted(name, times))
        : Optional.empty();
  }
}
