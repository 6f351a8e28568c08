package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonReplyReader;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.Headers;

/**
 * A reply of Chat Completions as its chunks add up to it, read as leniently as its many dialects
 * ask for: thoughts may come in one of four places, the reason for the end, the count of tokens and
 * the closing {@code [DONE]} may be missing.
 */
final class ChatReply implements JsonReplyReader.Growth {

  private static final List<String> THOUGHT_FIELDS = List.of("reasoning_content", "reasoning");

  private final String modelAsked;
  private final Liveness watcher;
  private final Supplier<OpenAiFailures> failures;
  private final TokenCount usage = new TokenCount();
  private final StringBuilder thoughts = new StringBuilder();
  private final ReasoningDetails details = new ReasoningDetails();
  private final ThinkTag words;
  private final StringBuilder refusal = new StringBuilder();
  private final CallFragments calls;
  private String model;
  private String thoughtField = "";
  private String finish = "";

  ChatReply(String modelAsked, Liveness watcher, Supplier<OpenAiFailures> failures) {
    this.modelAsked = modelAsked;
    this.model = modelAsked;
    this.watcher = watcher;
    this.failures = failures;
    this.words = new ThinkTag(watcher);
    this.calls = new CallFragments(watcher);
  }

  @Override
  public Optional<Answer> take(String name, JsonNode chunk, Headers headers) {
    takeUsage(chunk);
    if (isError(name, chunk)) {
      return Optional.of(failed(failures.get().ofEvent(chunk, headers)));
    }
    choice(chunk, "delta");
    return Optional.empty();
  }

  @Override
  public Optional<Answer> takeWhole(JsonNode completion, Headers headers) {
    takeUsage(completion);
    if (isError("", completion)) {
      return Optional.of(failed(failures.get().ofEvent(completion, headers)));
    }
    if (completion.path("choices").isEmpty()) {
      return Optional.empty();
    }
    choice(completion, "message");
    return atEnd(JsonReplyReader.End.TOLD);
  }

  private static boolean isError(String name, JsonNode chunk) {
    return chunk.hasNonNull("error")
        || name.equals("error")
        || chunk.path("object").asText("").equals("error")
        || chunk.path("choices").path(0).hasNonNull("error");
  }

  private void takeUsage(JsonNode chunk) {
    usage.report(chunk.path("usage"));
    if (!chunk.path("model").asText("").isEmpty()) {
      model = chunk.path("model").asText("");
    }
  }

  /**
   * @param field that holds what was said
   */
  private void choice(JsonNode chunk, String field) {
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.path("index").asInt(0) == 0) {
        say(choice.path(field));
        String reason = choice.path("finish_reason").asText("");
        if (!reason.isEmpty() && !reason.equals("null")) {
          finish = reason;
        }
        watcher.content();
      }
    }
  }

  private void say(JsonNode delta) {
    think(delta);
    text(delta.path("content"));
    String declined = delta.path("refusal").asText("");
    if (!delta.path("refusal").isNull() && !declined.isEmpty()) {
      refusal.append(declined);
      watcher.text(declined);
    }
    if (delta.path("tool_calls").isArray()) {
      calls.take(delta.path("tool_calls"));
    }
  }

  private void text(JsonNode content) {
    if (content.isTextual()) {
      words.take(content.textValue());
    }
    // Some servers write the parts that a message may be made of.
    for (JsonNode part : content) {
      words.take(part.path("text").asText(""));
    }
  }

  private void think(JsonNode delta) {
    details.take(delta.path("reasoning_details"));
    String thought = "";
    for (String field : THOUGHT_FIELDS) {
      if (thought.isEmpty() && delta.path(field).isTextual()) {
        thought = delta.path(field).textValue();
        thoughtField = thought.isEmpty() ? thoughtField : field;
      }
    }
    if (thought.isEmpty()) {
      thought = ReasoningDetails.words(delta.path("reasoning_details"));
    }
    if (!thought.isEmpty()) {
      thoughts.append(thought);
      watcher.thinking(thought);
    }
  }

  @Override
  public boolean ended() {
    return !finish.isEmpty();
  }

  @Override
  public Optional<Answer> atEnd(JsonReplyReader.End end) {
    words.end();
    boolean anything = !words.words().isEmpty() || !calls.isEmpty() || !refusal.isEmpty();
    if (finish.isEmpty() && !(end == JsonReplyReader.End.TOLD && anything)) {
      return Optional.empty();
    }
    // OpenRouter's word, and DeepSeek's.
    if (finish.equals("error") || finish.equals("insufficient_system_resource")) {
      return Optional.of(failed(failures.get().ofTroubledEnd(finish)));
    }
    Stop stop = stop();
    List<ToolCall> made = calls.whole(stop == Stop.OUTPUT_LIMIT);
    List<Part> parts = new ArrayList<>();
    String thought = thoughts + words.thoughts();
    if (!thought.isEmpty()) {
      parts.add(new Part.Thinking(thought));
    }
    if (!words.words().isEmpty()) {
      parts.add(new Part.Text(words.words()));
    }
    made.forEach(call -> parts.add(new Part.Call(call)));
    return Optional.of(
        new Answer.Replied(
            new Reply(model, parts, stop, stopDetail(stop), usage.soFar(), echo(made))));
  }

  private Stop stop() {
    Stop told =
        switch (finish) {
          case "stop", "", "eos", "eos_token", "end_turn", "stop_sequence" -> Stop.END;
          case "length", "max_tokens" -> Stop.OUTPUT_LIMIT;
          case "model_length", "model_context_window_exceeded" -> Stop.CONTEXT_FULL;
          case "content_filter" -> Stop.REFUSED;
          default -> Stop.OTHER;
        };
    if (told != Stop.END && told != Stop.OTHER) {
      return told;
    }
    if (!refusal.isEmpty()) {
      return Stop.REFUSED;
    }
    return calls.isEmpty() ? told : Stop.TOOLS;
  }

  private String stopDetail(Stop stop) {
    return switch (stop) {
      case REFUSED -> refusal.isEmpty() ? finish : refusal.toString();
      case OTHER -> finish;
      default -> "";
    };
  }

  /**
   * The message to send back where its parts would not do. Thoughts in plain fields go along with
   * calls only: there DeepSeek demands them, and without calls older servers refuse them.
   */
  private Optional<Echo> echo(List<ToolCall> made) {
    ObjectNode said = ChatWriter.said(words.words(), made);
    boolean more = calls.restore(said.path("tool_calls"));
    if (!details.whole().isEmpty()) {
      said.set("reasoning_details", details.whole());
      more = true;
    } else if (!made.isEmpty() && !thoughtField.isEmpty()) {
      said.put(thoughtField, thoughts.toString());
      more = true;
    }
    return more
        ? Optional.of(new Echo(ChatWriter.WIRE, modelAsked, JsonTree.write(said)))
        : Optional.empty();
  }

  private Answer failed(ModelFailure failure) {
    return new Answer.Failed(failure, counted());
  }

  @Override
  public ModelFailure refused(Refusal refusal) {
    return failures.get().ofStatus(refusal);
  }

  @Override
  public Usage counted() {
    return usage.soFar();
  }
}
