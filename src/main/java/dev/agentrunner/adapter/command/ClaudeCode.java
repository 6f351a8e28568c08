package dev.agentrunner.adapter.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Claude Code in print mode.
 *
 * <pre>
 * claude -p --output-format stream-json --verbose …
 * {"type":"system","subtype":"init","session_id":…,"model":…}
 * {"type":"assistant","message":{"content":[{"type":"text"|"tool_use"|"thinking",…}]},"error":…?}
 * {"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":…,"is_error":…}]}}
 * {"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":…}}
 * {"type":"result","subtype":…,"is_error":…,"result":…,"usage":{…},"total_cost_usd":…}
 * </pre>
 *
 * Source: recordings of 2.1.152 to 2.1.185, and 2.1.197 as installed, read November 2026.
 */
final class ClaudeCode implements Dialect {

  private static final String EDITING =
      "Read,Glob,Grep,LS,Edit,MultiEdit,Write,NotebookEdit,TodoWrite";

  @Override
  public List<String> program() {
    return List.of("claude");
  }

  @Override
  public List<String> flags(Errand errand, Permissions permissions) {
    List<String> words =
        new ArrayList<>(List.of("-p", "--output-format", "stream-json", "--verbose"));
    words.addAll(
        switch (permissions) {
          case EDIT -> List.of("--permission-mode", "dontAsk", "--allowedTools", EDITING);
          case RUN -> List.of("--permission-mode", "dontAsk", "--allowedTools", EDITING + ",Bash");
          case ALL -> List.of("--permission-mode", "bypassPermissions");
        });
    words.addAll(List.of("--append-system-prompt", errand.preamble()));
    errand.model().ifPresent(model -> words.addAll(List.of("--model", model)));
    errand.session().ifPresent(session -> words.addAll(List.of("--resume", session)));
    return words;
  }

  @Override
  public String prompt(Errand errand) {
    return errand.prompt();
  }

  @Override
  public boolean sessionUnknown(String complaint) {
    return complaint.contains("No conversation found with session ID");
  }

  @Override
  public List<String> loginWords() {
    return List.of("auth", "status");
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
        case "system" -> system(line);
        case "assistant" -> assistant(line);
        case "user" -> returned(line.path("message").path("content"));
        case "rate_limit_event" -> limit(line.path("rate_limit_info"));
        case "result" -> result(line);
        default -> List.of();
      };
    }

    private static List<Signal> system(JsonNode line) {
      return line.path("subtype").asText("").equals("init")
          ? List.of(
              new Signal.Started(line.path("session_id").asText(""), line.path("model").asText("")))
          : List.of();
    }

    private static List<Signal> assistant(JsonNode line) {
      List<Signal> signals = new ArrayList<>();
      Optional<String> error = JsonLines.text(line, "error");
      for (JsonNode block : line.path("message").path("content")) {
        String text = block.path("text").asText("");
        switch (block.path("type").asText("")) {
          case "text" -> {
            // With an error the words are the program's own, not the model's.
            if (error.isPresent()) {
              signals.add(new Signal.Failed(text, error.get(), false));
            } else if (!text.isEmpty()) {
              signals.add(new Signal.Said(text, false));
            }
          }
          case "thinking" -> {
            String thought = block.path("thinking").asText("");
            if (!thought.isEmpty()) {
              signals.add(new Signal.Thought(thought));
            }
          }
          case "tool_use" ->
              signals.add(
                  new Signal.Used(
                      block.path("id").asText(""),
                      block.path("name").asText(""),
                      JsonLines.subject(block.path("input"))));
          default -> {
            // Kinds that later versions bring are not needed to follow.
          }
        }
      }
      return signals;
    }

    private static List<Signal> returned(JsonNode content) {
      List<Signal> signals = new ArrayList<>();
      for (JsonNode block : content) {
        if (block.path("type").asText("").equals("tool_result")) {
          signals.add(
              new Signal.Returned(
                  block.path("tool_use_id").asText(""), block.path("is_error").asBoolean(false)));
        }
      }
      return signals;
    }

    /** Anything but a rejection is told long before there is a limit. */
    private static List<Signal> limit(JsonNode info) {
      if (!info.path("status").asText("").equals("rejected")) {
        return List.of();
      }
      long resets = JsonLines.count(info, "resetsAt");
      return List.of(
          new Signal.RateLimited(
              info.path("rateLimitType").asText("").replace('_', ' '),
              resets > 0 ? Optional.of(Instant.ofEpochSecond(resets)) : Optional.empty()));
    }

    private static List<Signal> result(JsonNode line) {
      List<Signal> signals = new ArrayList<>();
      signals.add(new Signal.Counted(usage(line)));
      String subtype = line.path("subtype").asText("");
      boolean failed = line.path("is_error").asBoolean(false) || !subtype.equals("success");
      if (!failed) {
        signals.add(new Signal.Finished(line.path("result").asText("")));
        return signals;
      }
      String said = line.path("result").asText("");
      StringBuilder message = new StringBuilder(said);
      line.path("errors")
          .forEach(error -> message.append(message.isEmpty() ? "" : "; ").append(error.asText("")));
      signals.add(
          new Signal.Failed(
              message.isEmpty() ? subtype : message.toString(), hint(line, subtype), true));
      return signals;
    }

    private static String hint(JsonNode line, String subtype) {
      return JsonLines.text(line, "api_error_status")
          .orElse(subtype.equals("success") ? "" : subtype);
    }

    private static Usage usage(JsonNode line) {
      JsonNode told = line.path("usage");
      Usage tokens =
          new Usage(
              JsonLines.count(told, "input_tokens"),
              JsonLines.count(told, "cache_read_input_tokens"),
              JsonLines.count(told, "cache_creation_input_tokens"),
              JsonLines.count(told, "output_tokens"),
              0,
              told.isObject());
      return tokens.costing(dollars(line.path("total_cost_usd")));
    }
  }

  static Cost dollars(JsonNode dollars) {
    return dollars.isNumber() && dollars.decimalValue().signum() >= 0
        ? Cost.of(
            dollars
                .decimalValue()
                .multiply(BigDecimal.valueOf(1_000_000))
                .setScale(0, RoundingMode.HALF_UP)
                .longValue())
        : Cost.UNKNOWN;
  }
}
