package dev.agentrunner.adapter.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * goose without a terminal. Sessions go by a name that we choose.
 *
 * <pre>
 * goose run --quiet --output-format stream-json --name NAME [--resume] -i - …
 * {"type":"message","message":{"role":…,"content":[{"type":"text"|"toolRequest"|"toolResponse",…}]}}
 * {"type":"error","error":…}      {"type":"complete","total_tokens":N}
 * </pre>
 *
 * In some versions an error leaves no such line and an exit code of 0, only the words {@code Ran
 * into this error}. Source: goose's documentation, read November 2026; shapes partly from memory.
 */
final class Goose implements Dialect {

  @Override
  public List<String> program() {
    return List.of("goose", "run");
  }

  @Override
  public List<String> flags(Errand errand, Permissions permissions) {
    List<String> words =
        new ArrayList<>(
            List.of("--quiet", "--output-format", "stream-json", "--system", errand.preamble()));
    errand.model().ifPresent(model -> words.addAll(List.of("--model", model)));
    words.addAll(List.of("--name", errand.session().orElse(errand.name())));
    errand.session().ifPresent(session -> words.add("--resume"));
    words.addAll(List.of("-i", "-"));
    return words;
  }

  @Override
  public String prompt(Errand errand) {
    return errand.prompt();
  }

  @Override
  public Map<String, String> variables(Permissions permissions) {
    // The modes that ask would wait for an answer that never comes.
    return Map.of("GOOSE_MODE", "auto");
  }

  @Override
  public boolean sessionUnknown(String complaint) {
    return complaint.contains("No session found") || complaint.contains("Cannot resume session");
  }

  @Override
  public Hearing hearing(Errand errand) {
    return new Listening(errand.session().orElse(errand.name()));
  }

  private static final class Listening implements Hearing {

    private static final String TROUBLE = "Ran into this error";

    private final String session;
    private boolean started;

    Listening(String session) {
      this.session = session;
    }

    @Override
    public boolean tellsItsEnd() {
      return true;
    }

    @Override
    public List<Signal> line(String line) {
      return JsonLines.object(line)
          .map(this::signals)
          .orElseGet(() ->
              line.startsWith(TROUBLE) ? List.of(new Signal.Failed(line, "", true)) : List.of());
    }

    private List<Signal> signals(JsonNode line) {
      List<Signal> signals = new ArrayList<>();
      if (!started) {
        started = true;
        signals.add(new Signal.Started(session, ""));
      }
      switch (line.path("type").asText("")) {
        case "message" ->
            line.path("message")
                .path("content")
                .forEach(
                    block -> block(line.path("message").path("role").asText(""), block, signals));
        case "error" ->
            signals.add(
                new Signal.Failed(
                    JsonLines.text(line, "error").orElse("failed without a word"), "", true));
        case "complete" -> {
          long tokens = JsonLines.count(line, "total_tokens");
          signals.add(new Signal.Counted(new Usage(tokens, 0, 0, 0, 0, false)));
          signals.add(new Signal.Finished(""));
        }
        default -> {
          // Notices, and kinds that later versions bring.
        }
      }
      return signals;
    }

    private static void block(String role, JsonNode block, List<Signal> signals) {
      String text = block.path("text").asText("");
      switch (block.path("type").asText("")) {
        case "text" -> {
          if (role.equals("assistant") && text.startsWith(TROUBLE)) {
            signals.add(new Signal.Failed(text, "", true));
          } else if (role.equals("assistant") && !text.isEmpty()) {
            signals.add(new Signal.Said(text, true));
          }
        }
        case "toolRequest" -> {
          JsonNode call = block.path("toolCall").path("value");
          signals.add(
              new Signal.Used(
                  block.path("id").asText(""),
                  call.path("name").asText(""),
                  JsonLines.subject(call.path("arguments"))));
        }
        case "toolResponse" ->
            signals.add(
                new Signal.Returned(
                    block.path("id").asText(""),
                    block.path("toolResult").path("status").asText("").equals("error")));
        default -> {
          // Thoughts and pictures are not needed to follow.
        }
      }
    }
  }
}
