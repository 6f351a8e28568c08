package dev.agentrunner.core.limit;

import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.ToolResult;

/**
 * How many tokens a call is going to cost, told before it is made; rather too many than too few.
 */
public final class TokenEstimate {

  private static final int CHARS_PER_TOKEN = 3;

  /** Replies are seldom longer, whatever they may be. */
  private static final int OUTPUT = 2_000;

  /** A tool as it is described to the model. */
  private static final int TOOL = 150;

  private TokenEstimate() {}

  public static long of(ChatRequest request) {
    long chars = request.system().length();
    for (Message message : request.messages()) {
      chars += length(message);
    }
    return chars / CHARS_PER_TOKEN
        + (long) TOOL * request.tools().size()
        + Math.min(OUTPUT, request.outputTokensMax());
  }

  private static long length(Message message) {
    return switch (message) {
      case Message.User(String text) -> text.length();
      case Message.Results(var results) ->
          results.stream().map(ToolResult::text).mapToLong(String::length).sum();
      case Message.Assistant(var reply) ->
          reply.parts().stream().mapToLong(TokenEstimate::length).sum();
    };
  }

  private static long length(Part part) {
    return switch (part) {
      case Part.Text(String text) -> text.length();
      case Part.Call(var call) -> call.arguments().toString().length();
      case Part.Thinking _, Part.Deed _ -> 0;
    };
  }
}
