package dev.agentrunner.adapter.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * Gemini CLI without a terminal.
 *
 * <pre>
 * gemini --output-format stream-json …
 * {"type":"init","session_id":…,"model":…}
 * {"type":"message","role":"assistant","content":…,"delta":true}
 * {"type":"tool_use","tool_name":…,"tool_id":…,"parameters":{…}}
 * {"type":"tool_result","tool_id":…,"status":"success"|"error"}
 * {"type":"error","severity":"warning"|"error","message":…}
 * {"type":"result","status":"success"|"error","error":{"type":…,"message":…},"stats":{…}}
 * </pre>
 *
 * Source: packages/core/src/output/types.ts, read November 2026.
 */
final class GeminiCli implements Dialect {

  @Override
  public List<String> program() {
    return List.of("gemini");
  }

  @Override
  public List<String> flags(Errand errand, Permissions permissions) {
    List<String> words = new ArrayList<>(List.of("--output-format", "stream-json", "--skip-trust"));
    words.addAll(
        List.of(
            "--approval-mode",
            switch (permissions) {
              case EDIT -> "auto_edit";
              case RUN, ALL -> "yolo";
            }));
    errand.model().ifPresent(model -> words.addAll(List.of("-m", model)));
    errand.session().ifPresent(session -> words.addAll(List.of("--resume", session)));
    return words;
  }

  @Override
  public boolean sessionUnknown(String complaint) {
    return complaint.contains("Invalid session identifier")
        || complaint.contains("No previous sessions found");
  }

  @Override
  public Hearing hearing(Errand errand) {
    return new Listening();
  }

  private static final class Listening implements Hearing {

    private boolean speaking;

    @Override
    public boolean tellsItsEnd() {
      return true;
    }

    @Override
    public List<Signal> line(String line) {
      return JsonLines.object(line).map(this::signals).orElse(List.of());
    }

    private List<Signal> signals(JsonNode line) {
      String type = line.path("type").asText("");
      boolean goesOn = speaking && line.path("delta").asBoolean(false);
      speaking = type.equals("message");
      return switch (type) {
        case "init" ->
            List.of(
                new Signal.Started(
                    line.path("session_id").asText(""), line.path("model").asText("")));
        case "message" -> message(line, goesOn);
        case "tool_use" ->
            List.of(
                new Signal.Used(
                    line.path("tool_id").asText(""),
                    line.path("tool_name").asText(""),
                    JsonLines.subject(line.path("parameters"))));
        case "tool_result" ->
            List.of(
                new Signal.Returned(
                    line.path("tool_id").asText(""),
                    line.path("status").asText("").equals("error")));
        case "error" ->
            line.path("severity").asText("").equals("warning")
                ? List.of()
                : List.of(new Signal.Failed(line.path("message").asText(""), "", false));
        case "result" -> result(line);
        default -> line.path("error").isObject() ? List.of(failed(line)) : List.of();
      };
    }

    private static List<Signal> message(JsonNode line, boolean goesOn) {
      String text = line.path("content").asText("");
      return line.path("role").asText("").equals("assistant") && !text.isEmpty()
          ? List.of(new Signal.Said(text, goesOn))
          : List.of();
    }

    private static List<Signal> result(JsonNode line) {
      Signal counted = new Signal.Counted(usage(line.path("stats")));
      return line.path("status").asText("").equals("success")
          ? List.of(counted, new Signal.Finished(""))
          : List.of(counted, failed(line));
    }

    private static Signal failed(JsonNode line) {
      JsonNode error = line.path("error");
      return new Signal.Failed(
          error.path("message").asText("failed without a word"),
          error.path("type").asText(""),
          true);
    }

    private static Usage usage(JsonNode stats) {
      long cached = JsonLines.count(stats, "cached");
      long input = JsonLines.count(stats, "input_tokens");
      return new Usage(
          Math.max(0, input - cached),
          Math.min(cached, input),
          0,
          JsonLines.count(stats, "output_tokens"),
          0,
          stats.has("input_tokens"));
    }
  }
}
