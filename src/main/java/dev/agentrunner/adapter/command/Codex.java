package dev.agentrunner.adapter.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Codex without a terminal.
 *
 * <pre>
 * codex exec [resume ID] --json … -
 * {"type":"thread.started","thread_id":…}
 * {"type":"item.started"|"item.completed","item":{"id":…,"type":"agent_message"|"command_execution"|…}}
 * {"type":"turn.completed","usage":{"input_tokens":…,"cached_input_tokens":…,"output_tokens":…}}
 * {"type":"turn.failed","error":{"message":…}}      {"type":"error","message":…}
 * </pre>
 *
 * Source: codex-rs/exec, and 0.169.0 as installed, read November 2026.
 */
final class Codex implements Dialect {

  @Override
  public List<String> program() {
    return List.of("codex", "exec");
  }

  @Override
  public List<String> flags(Errand errand, Permissions permissions) {
    List<String> words = new ArrayList<>();
    errand.session().ifPresent(session -> words.add("resume"));
    words.addAll(List.of("--json", "--skip-git-repo-check"));
    words.addAll(
        switch (permissions) {
          // As settings and not as flags: resume does not know --sandbox.
          case EDIT, RUN ->
              List.of("-c", "sandbox_mode=\"workspace-write\"", "-c", "approval_policy=\"never\"");
          case ALL -> List.of("--dangerously-bypass-approvals-and-sandbox");
        });
    errand.model().ifPresent(model -> words.addAll(List.of("-m", model)));
    errand.session().ifPresent(words::add);
    return words;
  }

  @Override
  public boolean countsWholeSession() {
    return true;
  }

  @Override
  public boolean sessionUnknown(String complaint) {
    return complaint.contains("no rollout found for thread id")
        || complaint.contains("No saved session found")
        || complaint.contains("thread not found");
  }

  @Override
  public List<String> loginWords() {
    return List.of("login", "status");
  }

  @Override
  public Hearing hearing(Errand errand) {
    return new Listening();
  }

  private static final class Listening implements Hearing {

    @Override
    public boolean tellsItsEnd() {
      return true;
    }

    @Override
    public List<Signal> line(String line) {
      return JsonLines.object(line).map(Listening::signals).orElse(List.of());
    }

    private static List<Signal> signals(JsonNode line) {
      return switch (line.path("type").asText("")) {
        case "thread.started" -> List.of(new Signal.Started(line.path("thread_id").asText(""), ""));
        case "item.started" -> item(line.path("item"), false);
        case "item.completed" -> item(line.path("item"), true);
        case "turn.completed" ->
            List.of(new Signal.Counted(usage(line.path("usage"))), new Signal.Finished(""));
        case "turn.failed" ->
            List.of(
                new Signal.Failed(
                    message(line.path("error").path("message").asText("")), "", true));
        // Also tells of attempts to reconnect, so it is final only if nothing better follows.
        case "error" ->
            List.of(new Signal.Failed(message(line.path("message").asText("")), "", false));
        default -> List.of();
      };
    }

    /** An error of the API comes as the JSON text of its answer. */
    private static String message(String raw) {
      Optional<JsonNode> json = JsonLines.object(raw);
      Optional<String> inner =
          json.flatMap(node -> JsonLines.text(node.path("error"), "message"))
              .or(() -> json.flatMap(node -> JsonLines.text(node, "detail")));
      return inner.orElse(raw);
    }

    private static List<Signal> item(JsonNode item, boolean done) {
      String id = item.path("id").asText("");
      String text = item.path("text").asText("");
      String type = item.path("type").asText("");
      return switch (type) {
        case "agent_message" ->
            done && !text.isEmpty() ? List.of(new Signal.Said(text, false)) : List.of();
        case "reasoning" -> done && !text.isEmpty() ? List.of(new Signal.Thought(text)) : List.of();
        case "command_execution" ->
            deed(id, "shell", JsonLines.shown(item.path("command").asText("")), item, done);
        case "file_change" -> deed(id, "edit", changes(item.path("changes")), item, done);
        case "mcp_tool_call" ->
            deed(
                id,
                item.path("server").asText("") + "." + item.path("tool").asText(""),
                JsonLines.subject(item.path("arguments")),
                item,
                done);
        case "web_search" ->
            deed(id, "web_search", JsonLines.shown(item.path("query").asText("")), item, done);
        default -> List.of();
      };
    }

    private static List<Signal> deed(
        String id, String tool, String subject, JsonNode item, boolean done) {
      Signal used = new Signal.Used(id, tool, subject);
      String status = item.path("status").asText("");
      boolean failed = status.equals("failed") || status.equals("declined");
      // Told again when it is done, as some items are not told when they begin.
      return done ? List.of(used, new Signal.Returned(id, failed)) : List.of(used);
    }

    private static String changes(JsonNode changes) {
      List<String> paths = new ArrayList<>();
      changes.forEach(change -> paths.add(change.path("path").asText("")));
      return JsonLines.shown(String.join(", ", paths));
    }

    private static Usage usage(JsonNode told) {
      long cached = JsonLines.count(told, "cached_input_tokens");
      return new Usage(
          Math.max(0, JsonLines.count(told, "input_tokens") - cached),
          cached,
          0,
          JsonLines.count(told, "output_tokens"),
          JsonLines.count(told, "reasoning_output_tokens"),
          told.isObject());
    }
  }
}
