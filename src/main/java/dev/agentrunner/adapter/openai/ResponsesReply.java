package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonReplyReader;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import okhttp3.Headers;

/**
 * A reply of the Responses API as its events add up to it. Deltas are for the screen only; the
 * reply is made of the items as they are when done, and of the event that ends it.
 */
final class ResponsesReply implements JsonReplyReader.Growth {

  private final String modelAsked;
  private final Liveness watcher;
  private final Supplier<OpenAiFailures> failures;
  private final TokenCount usage = new TokenCount();
  private final Map<Integer, ObjectNode> items = new TreeMap<>();
  private final Set<Integer> shown = new HashSet<>();
  private String model;

  ResponsesReply(String modelAsked, Liveness watcher, Supplier<OpenAiFailures> failures) {
    this.modelAsked = modelAsked;
    this.model = modelAsked;
    this.watcher = watcher;
    this.failures = failures;
  }

  @Override
  public Optional<Answer> take(String name, JsonNode event, Headers headers) {
    String type = event.path("type").asText(name);
    // Left out, the items come one after the other.
    int index = event.path("output_index").asInt(items.size());
    switch (type) {
      case "response.created", "response.in_progress", "response.queued" -> {
        name(event.path("response"));
        watcher.content();
      }
      case "response.output_item.added" -> begin(event.path("item"));
      case "response.output_text.delta", "response.refusal.delta" -> {
        shown.add(index);
        say(event.path("delta").asText(""));
      }
      case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" -> {
        shown.add(index);
        think(event.path("delta").asText(""));
      }
      case "response.reasoning_summary_part.added" -> {
        if (event.path("summary_index").asInt() > 0) {
          think("\n\n");
        }
      }
      case "response.output_item.done" -> end(index, event.path("item"));
      case "response.completed", "response.incomplete", "response.failed" -> {
        String told = type.substring(type.indexOf('.') + 1);
        return Optional.of(whole(event.path("response"), told, headers));
      }
      case "error" -> {
        return Optional.of(failed(failures.get().ofEvent(event, headers)));
      }
      default -> {
        if (event.hasNonNull("error")) {
          return Optional.of(failed(failures.get().ofEvent(event, headers)));
        }
        // A mere sign of life has no such name.
        if (type.startsWith("response.")) {
          watcher.content();
        }
      }
    }
    return Optional.empty();
  }

  private void begin(JsonNode item) {
    watcher.content();
    if (item.path("type").asText("").equals("function_call")) {
      watcher.call(item.path("name").asText(""));
    }
  }

  private void end(int index, JsonNode item) {
    watcher.content();
    if (item instanceof ObjectNode done) {
      items.put(index, done);
      if (!shown.contains(index)) {
        new OutputItem(done).texts().forEach(this::say);
      }
    }
  }

  private void say(String delta) {
    if (!delta.isEmpty()) {
      watcher.text(delta);
    }
  }

  private void think(String delta) {
    if (!delta.isEmpty()) {
      watcher.thinking(delta);
    }
  }

  @Override
  public Optional<Answer> takeWhole(JsonNode response, Headers headers) {
    if (response.path("output").isArray()) {
      return Optional.of(whole(response, "completed", headers));
    }
    return response.hasNonNull("error")
        ? Optional.of(failed(failures.get().ofEvent(response, headers)))
        : Optional.empty();
  }

  @Override
  public Optional<Answer> atEnd(JsonReplyReader.End end) {
    // Only an event that says how it ended makes a reply whole.
    return Optional.empty();
  }

  @Override
  public boolean ended() {
    return false;
  }

  /**
   * @param told how it ended, should the response itself not say
   */
  private Answer whole(JsonNode response, String told, Headers headers) {
    name(response);
    usage.report(response.path("usage"));
    String status = response.path("status").asText(told);
    if (response.hasNonNull("error") || status.equals("failed")) {
      return failed(failures.get().ofEvent(response, headers));
    }
    if (!status.equals("completed") && !status.equals("incomplete")) {
      return failed(failures.get().ofTroubledEnd(status.isEmpty() ? "no status" : status));
    }
    String incomplete = response.path("incomplete_details").path("reason").asText("");
    var turn = new OutputTurn(output(response), status.equals("incomplete") ? incomplete : "");
    Stop stop = stop(status, incomplete, turn);
    return new Answer.Replied(
        new Reply(
            model,
            turn.parts(),
            stop,
            stopDetail(stop, incomplete, turn),
            usage.soFar(),
            turn.echo(modelAsked)));
  }

  /** The items as they came, unless the end of the reply knows of more. */
  private List<ObjectNode> output(JsonNode response) {
    List<ObjectNode> told = new ArrayList<>();
    for (JsonNode item : response.path("output")) {
      if (item instanceof ObjectNode object) {
        told.add(object);
      }
    }
    return told.size() > items.size() ? told : List.copyOf(items.values());
  }

  private static Stop stop(String status, String incomplete, OutputTurn turn) {
    if (status.equals("incomplete")) {
      return switch (incomplete) {
        case "max_output_tokens" -> Stop.OUTPUT_LIMIT;
        case "content_filter" -> Stop.REFUSED;
        default -> Stop.OTHER;
      };
    }
    if (!turn.refusal().isEmpty()) {
      return Stop.REFUSED;
    }
    return turn.hasCalls() ? Stop.TOOLS : Stop.END;
  }

  private static String stopDetail(Stop stop, String incomplete, OutputTurn turn) {
    return switch (stop) {
      case REFUSED -> turn.refusal().isEmpty() ? incomplete : turn.refusal();
      case OTHER -> incomplete.isEmpty() ? "no reason given" : incomplete;
      default -> "";
    };
  }

  private void name(JsonNode response) {
    if (!response.path("model").asText("").isEmpty()) {
      model = response.path("model").asText("");
    }
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
