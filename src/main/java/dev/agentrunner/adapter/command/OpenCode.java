package dev.agentrunner.adapter.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * opencode without a terminal. It has no last line that older versions print too: it is done when
 * it ends with 0 and told of no error.
 *
 * <pre>
 * opencode run --format json …
 * {"type":"text","sessionID":…,"part":{"text":…}}
 * {"type":"tool_use","sessionID":…,"part":{"tool":…,"callID":…,"state":{"status":…,"input":{…}}}}
 * {"type":"step_finish","sessionID":…,"part":{"cost":…,"tokens":{"input":…,"output":…,…}}}
 * {"type":"error","sessionID":…,"error":{"name":…,"data":{"message":…,"statusCode":…}}}
 * </pre>
 *
 * Source: packages/opencode/src/cli/cmd/run.ts, read November 2026.
 */
final class OpenCode implements Dialect {

  @Override
  public List<String> program() {
    return List.of("opencode", "run");
  }

  @Override
  public List<String> flags(Errand errand, Permissions permissions) {
    List<String> words = new ArrayList<>(List.of("--format", "json", "--dir", errand.folder()));
    if (permissions != Permissions.EDIT) {
      words.add("--auto");
    }
    errand.model().ifPresent(model -> words.addAll(List.of("--model", model)));
    errand.session().ifPresent(session -> words.addAll(List.of("--session", session)));
    return words;
  }

  @Override
  public boolean sessionUnknown(String complaint) {
    return complaint.contains("Session not found");
  }

  @Override
  public Hearing hearing(Errand errand) {
    return new Listening();
  }

  private static final class Listening implements Hearing {

    private boolean started;

    @Override
    public boolean tellsItsEnd() {
      return false;
    }

    @Override
    public List<Signal> line(String line) {
      return JsonLines.object(line).map(this::signals).orElse(List.of());
    }

    private List<Signal> signals(JsonNode line) {
      List<Signal> signals = new ArrayList<>();
      String session = line.path("sessionID").asText("");
      if (!started && !session.isEmpty()) {
        started = true;
        signals.add(new Signal.Started(session, ""));
      }
      JsonNode part = line.path("part");
      String text = part.path("text").asText("");
      switch (line.path("type").asText("")) {
        case "text" -> {
          if (!text.isEmpty()) {
            signals.add(new Signal.Said(text, false));
          }
        }
        case "reasoning" -> {
          if (!text.isEmpty()) {
            signals.add(new Signal.Thought(text));
          }
        }
        case "tool_use" -> {
          JsonNode state = part.path("state");
          String id = part.path("callID").asText("");
          signals.add(
              new Signal.Used(
                  id, part.path("tool").asText(""), JsonLines.subject(state.path("input"))));
          signals.add(new Signal.Returned(id, state.path("status").asText("").equals("error")));
        }
        case "step_finish" -> signals.add(new Signal.Counted(usage(part)));
        case "error" -> signals.add(failed(line.path("error")));
        default -> {
          // Steps that begin, and kinds that later versions bring.
        }
      }
      return signals;
    }

    private static Signal failed(JsonNode error) {
      JsonNode data = error.path("data");
      String name = error.path("name").asText("");
      return new Signal.Failed(
          JsonLines.text(data, "message").orElse(name.isEmpty() ? "failed" : name),
          JsonLines.text(data, "statusCode").orElse(name),
          true);
    }

    private static Usage usage(JsonNode part) {
      JsonNode tokens = part.path("tokens");
      long reasoning = JsonLines.count(tokens, "reasoning");
      return new Usage(
              JsonLines.count(tokens, "input"),
              JsonLines.count(tokens.path("cache"), "read"),
              JsonLines.count(tokens.path("cache"), "write"),
              JsonLines.count(tokens, "output") + reasoning,
              reasoning,
              tokens.isObject())
          .costing(ClaudeCode.dollars(part.path("cost")));
    }
  }
}
