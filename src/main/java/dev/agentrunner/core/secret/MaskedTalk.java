package dev.agentrunner.core.secret;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What models and tools say, with secrets masked. */
public record MaskedTalk(Mask mask) {

  public Answer answer(Answer answer) {
    return switch (answer) {
      case Answer.Replied(Reply reply) -> new Answer.Replied(reply(reply));
      case Answer.Failed(ModelFailure failure, var usage, var session) ->
          new Answer.Failed(failure(failure), usage, session);
    };
  }

  /**
   * The reply in the provider's own form is left out where it holds a secret: it is signed, and no
   * provider takes it back changed.
   */
  public Reply reply(Reply reply) {
    List<Part> parts = reply.parts().stream().map(this::part).toList();
    return new Reply(
        reply.model(),
        parts,
        reply.stop(),
        mask.text(reply.stopDetail()),
        reply.usage(),
        reply
            .echo()
            .filter(echo ->
                (echo.whole() || parts.equals(reply.parts()))
                    && mask.fileText(echo.json()).equals(echo.json())));
  }

  private Part part(Part part) {
    return switch (part) {
      case Part.Text(String text) -> new Part.Text(mask.text(text));
      case Part.Thinking(String text) -> new Part.Thinking(mask.text(text));
      case Part.Call(ToolCall call) -> new Part.Call(call(call));
      case Part.Deed(String name, String subject, boolean failed) ->
          new Part.Deed(name, mask.text(subject), failed);
    };
  }

  private ToolCall call(ToolCall call) {
    ToolCall.Arguments arguments =
        switch (call.arguments()) {
          case ToolCall.Valid(Map<String, Object> values) -> new ToolCall.Valid(values(values));
          case ToolCall.Broken(String raw, String why) ->
              new ToolCall.Broken(mask.text(raw), mask.text(why));
        };
    return new ToolCall(call.id(), call.name(), arguments);
  }

  private Map<String, Object> values(Map<String, Object> values) {
    Map<String, Object> masked = new LinkedHashMap<>();
    values.forEach((name, value) -> masked.put(mask.fileText(name), value(value)));
    return masked;
  }

  private Object value(Object value) {
    return switch (value) {
      case String text -> mask.fileText(text);
      case List<?> list -> list.stream().map(item -> item == null ? item : value(item)).toList();
      case Map<?, ?> map -> {
        Map<String, Object> masked = new LinkedHashMap<>();
        map.forEach((name, inner) ->
            masked.put(mask.fileText(String.valueOf(name)), inner == null ? inner : value(inner)));
        yield masked;
      }
      default -> value;
    };
  }

  public ToolResult result(ToolResult result) {
    return new ToolResult(
        result.callId(), result.name(), mask.fileText(result.text()), result.failed());
  }

  public ModelFailure failure(ModelFailure failure) {
    String message = mask.text(failure.message());
    return switch (failure) {
      case ModelFailure.Transient f -> new ModelFailure.Transient(message, f.retryAfter());
      case ModelFailure.Window f -> new ModelFailure.Window(message, f.resetsAt());
      case ModelFailure.Denied _ -> new ModelFailure.Denied(message);
      case ModelFailure.Unusable _ -> new ModelFailure.Unusable(message);
      case ModelFailure.Canceled _ -> new ModelFailure.Canceled(message);
    };
  }
}
