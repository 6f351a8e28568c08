package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.CallIds;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.WrittenArguments;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The items of one reply of the Responses API: what they say, and what goes back. */
final class OutputTurn {

  private final List<OutputItem> items;
  private final List<Part> parts = new ArrayList<>();
  private final StringBuilder refusal = new StringBuilder();

  /**
   * @param raw calls without an id of their own are given one
   * @param incomplete why the last item may be cut; empty if it is not
   */
  OutputTurn(List<ObjectNode> raw, String incomplete) {
    items = raw.stream().map(OutputItem::new).toList();
    CallIds ids = new CallIds();
    for (int i = 0; i < items.size(); i++) {
      OutputItem item = items.get(i);
      boolean cut = !incomplete.isEmpty() && i == items.size() - 1;
      if (!item.thoughts().isEmpty()) {
        parts.add(new Part.Thinking(item.thoughts()));
      }
      item.texts().forEach(text -> parts.add(new Part.Text(text)));
      item.refusals().forEach(refusal::append);
      if (item.isCall()) {
        parts.add(new Part.Call(call(item.raw(), ids, cut)));
      }
    }
  }

  private static ToolCall call(ObjectNode raw, CallIds ids, boolean cut) {
    String id = ids.next(raw.path("call_id").asText(""));
    raw.put("call_id", id);
    JsonNode given = raw.path("arguments");
    String written = given.isObject() ? JsonTree.write(given) : given.asText("");
    ToolCall.Arguments arguments = new WrittenArguments(written, cut).read();
    // Some servers read the arguments again when they come back.
    boolean readable = arguments instanceof ToolCall.Valid && !written.isBlank();
    raw.put("arguments", readable ? written : "{}");
    return new ToolCall(id, raw.path("name").asText(""), arguments);
  }

  List<Part> parts() {
    return parts;
  }

  boolean hasCalls() {
    return items.stream().anyMatch(OutputItem::isCall);
  }

  /** In the model's words; empty if it did not decline. */
  String refusal() {
    return refusal.toString();
  }

  /**
   * The items to send back; empty where the parts do. Thoughts at the very end stay out, as the API
   * wants each thought followed by what came of it. If it gave no way of sending its thoughts back,
   * then the other items, which refer to them by their ids, cannot go back as they are either.
   */
  Optional<Echo> echo(String model) {
    if (items.stream().noneMatch(OutputItem::holdsMore)
        || !items.stream().allMatch(OutputItem::canGoBack)) {
      return Optional.empty();
    }
    int end = items.size();
    while (end > 0 && items.get(end - 1).isReasoning()) {
      end--;
    }
    ArrayNode echo = JsonNodeFactory.instance.arrayNode();
    items.subList(0, end).forEach(item -> echo.add(item.raw()));
    return echo.isEmpty()
        ? Optional.empty()
        : Optional.of(new Echo(ResponsesWriter.WIRE, model, JsonTree.write(echo)));
  }
}
