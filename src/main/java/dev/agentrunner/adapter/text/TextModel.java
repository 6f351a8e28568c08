package dev.agentrunner.adapter.text;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lends tools to a model that can only write. The tools are described in the system prompt; what
 * the model then writes stays in its reply as it is, and the calls read from it stand beside it, so
 * that the same words always mean the same calls; what came of them is told in the next message.
 */
public final class TextModel implements ChatModel {

  private final ChatModel model;

  /**
   * @param model is never offered a tool
   */
  public TextModel(ChatModel model) {
    this.model = model;
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    if (request.tools().isEmpty()) {
      return model.ask(request, watcher, stop);
    }
    return switch (model.ask(inWords(request), watcher, stop)) {
      case Answer.Failed failed -> failed;
      case Answer.Replied(Reply reply) -> {
        Reply understood = understood(reply, reminded(request));
        understood.calls().forEach(call -> watcher.call(call.name()));
        yield new Answer.Replied(understood);
      }
    };
  }

  private static ChatRequest inWords(ChatRequest request) {
    return new ChatRequest(
        request.call(),
        request.model(),
        Manual.behind(request.system(), request.tools()),
        inWords(request.messages()),
        List.of(),
        request.outputTokensMax());
  }

  private static List<Message> inWords(List<Message> messages) {
    List<Message> inWords = new ArrayList<>();
    List<ToolCall> asked = List.of();
    for (Message message : messages) {
      switch (message) {
        case Message.User user -> inWords.add(user);
        case Message.Assistant(Reply reply) -> {
          asked = reply.calls();
          inWords.add(new Message.Assistant(inWords(reply)));
        }
        case Message.Results(List<ToolResult> results) ->
            inWords.add(new Message.User(Outcomes.told(asked, results)));
      }
    }
    return inWords;
  }

  private static Reply inWords(Reply reply) {
    String said = reply.text();
    StringBuilder words = new StringBuilder(said);
    for (ToolCall call : reply.calls()) {
      // Those read from the words need no other.
      if (!Spoken.made(call)) {
        words.append(words.isEmpty() ? "" : "\n").append(Outcomes.written(call));
      }
    }
    List<Part> parts = words.isEmpty() ? List.of() : List.of(new Part.Text(words.toString()));
    return new Reply(
        reply.model(), parts, Stop.END, reply.stopDetail(), reply.usage(), reply.echo());
  }

  private static boolean reminded(ChatRequest request) {
    return request.messages().stream()
        .filter(Message.Assistant.class::isInstance)
        .reduce((_, last) -> last)
        .filter(
            last -> ((Message.Assistant) last).reply().calls().stream().anyMatch(Spoken::nothing))
        .isPresent();
  }

  /**
   * @param reminded whether the model was just told that it had asked for nothing
   */
  private static Reply understood(Reply reply, boolean reminded) {
    boolean usable =
        switch (reply.stop()) {
          case END, TOOLS, OUTPUT_LIMIT, OTHER -> true;
          case CONTEXT_FULL, PAUSED, REFUSED -> false;
        };
    if (!usable) {
      return reply;
    }
    List<ToolCall> calls = new ArrayList<>(Spoken.in(reply.text()));
    boolean ended = reply.stop() == Stop.END && !reply.text().isBlank();
    if (calls.isEmpty() && ended && !reminded) {
      calls.add(Spoken.nothingIn(reply.text()));
    }
    List<Part> parts = new ArrayList<>(reply.parts());
    calls.forEach(call -> parts.add(new Part.Call(call)));
    Stop stop = reply.stop() == Stop.END && !calls.isEmpty() ? Stop.TOOLS : reply.stop();
    // An echo is for the wire below, which knows nothing of the calls that stand in the parts now.
    return new Reply(
        reply.model(), parts, stop, reply.stopDetail(), reply.usage(), Optional.empty());
  }
}
