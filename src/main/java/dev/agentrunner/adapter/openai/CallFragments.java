package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.CallIds;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.WrittenArguments;
import dev.agentrunner.core.chat.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The calls of a Chat Completions reply, put together from fragments. Fragments belong together by
 * their index; but some servers leave it out, some give all calls the same one, and some repeat the
 * name with every fragment.
 */
final class CallFragments {

  private static final Set<String> KNOWN = Set.of("index", "id", "type", "function");

  private final Liveness watcher;
  private final List<Call> calls = new ArrayList<>();
  private final Map<Integer, Call> byIndex = new HashMap<>();

  CallFragments(Liveness watcher) {
    this.watcher = watcher;
  }

  private static final class Call {
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();

    /** Fields that only this server has, and wants back. */
    private final ObjectNode more = JsonNodeFactory.instance.objectNode();

    boolean isWhole() {
      return !arguments.isEmpty()
          && new WrittenArguments(arguments.toString(), false).read() instanceof ToolCall.Valid;
    }
  }

  void take(JsonNode fragments) {
    fragments.forEach(this::add);
    watcher.content();
  }

  private void add(JsonNode fragment) {
    JsonNode function = fragment.path("function");
    String id = fragment.path("id").asText("");
    String name = function.path("name").asText("");
    JsonNode given = function.path("arguments");
    String arguments = given.isContainerNode() ? JsonTree.write(given) : given.asText("");

    Call call = find(fragment, id, name, arguments);
    if (call.id.isEmpty()) {
      call.id = id;
    }
    if (call.name.isEmpty() && !name.isEmpty()) {
      call.name = name;
      watcher.call(name);
    }
    call.arguments.append(arguments);
    fragment
        .properties()
        .forEach(field -> {
          if (!KNOWN.contains(field.getKey()) && !field.getValue().isNull()) {
            call.more.set(field.getKey(), field.getValue());
          }
        });
  }

  private Call find(JsonNode fragment, String id, String name, String arguments) {
    JsonNode index = fragment.path("index");
    Call known =
        index.isIntegralNumber()
            ? byIndex.get(index.intValue())
            : calls.isEmpty() ? null : calls.getLast();
    if (known != null && !isAnother(known, id, name, arguments)) {
      return known;
    }
    Call call = new Call();
    calls.add(call);
    if (index.isIntegralNumber()) {
      byIndex.put(index.intValue(), call);
    }
    return call;
  }

  /** Whether a fragment that should go on with a call begins the next one in truth. */
  private static boolean isAnother(Call known, String id, String name, String arguments) {
    boolean otherId = !id.isEmpty() && !known.id.isEmpty() && !id.equals(known.id);
    boolean startsAgain = !name.isEmpty() && !arguments.isBlank();
    return ((otherId && !name.isEmpty()) || startsAgain) && known.isWhole();
  }

  /**
   * The calls in the order they began, each with an id of its own.
   *
   * @param cut whether the output limit ended the reply, and so the last of them
   */
  List<ToolCall> whole(boolean cut) {
    List<ToolCall> whole = new ArrayList<>();
    CallIds ids = new CallIds();
    for (Call call : calls) {
      boolean last = call == calls.getLast();
      whole.add(
          new ToolCall(
              ids.next(call.id),
              call.name,
              new WrittenArguments(call.arguments.toString(), cut && last).read()));
    }
    return whole;
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /**
   * Adds to calls about to be sent back what this server wants back with them.
   *
   * @return whether there was anything
   */
  boolean restore(JsonNode sentBack) {
    boolean any = false;
    for (int i = 0; i < calls.size(); i++) {
      if (!calls.get(i).more.isEmpty() && sentBack.path(i) instanceof ObjectNode call) {
        call.setAll(calls.get(i).more);
        any = true;
      }
    }
    return any;
  }
}
