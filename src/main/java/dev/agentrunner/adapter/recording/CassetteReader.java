package dev.agentrunner.adapter.recording;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a cassette; {@link CassetteFile} draws its form. */
final class CassetteReader {

  private final CassetteSource source;
  private final Map<CallId, Cassette.Entry> entries = new HashMap<>();
  private final Map<String, String> systemTexts = new HashMap<>();

  private CassetteReader(Path file) {
    this.source = new CassetteSource(file);
  }

  /**
   * @throws UsageException if there is no such file, or it is no cassette, or a damaged one
   */
  static Cassette read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException _) {
      throw new UsageException(
          "there is no cassette %s; name one with --cassette, or record one with --record"
              .formatted(file));
    } catch (IOException e) {
      throw new EnvironmentException(
          "the cassette %s cannot be read: %s; see to its permissions".formatted(file, e), e);
    }
    return new CassetteReader(file).read(bytes);
  }

  private Cassette read(byte[] bytes) {
    Cassette.Header header = header(text(bytes));
    // Every recorded document is closed, so that one that was cut off is known from one that is
    // not.
    int whole = header.recorded() ? endOfClosed(bytes) : bytes.length;
    boolean torn = !text(Arrays.copyOfRange(bytes, whole, bytes.length)).isBlank();
    try (NodeReader documents = new NodeReader(source, text(Arrays.copyOf(bytes, whole)))) {
      documents.next();
      for (Optional<Node> next = documents.next(); next.isPresent(); next = documents.next()) {
        entry(next.get(), header);
      }
    }
    return new Cassette(header, Map.copyOf(entries), Map.copyOf(systemTexts), whole, torn);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Just behind the last line that holds nothing but three dots. */
  private int endOfClosed(byte[] bytes) {
    int lineEnd = bytes.length;
    for (int i = bytes.length - 1; i >= 0; i--) {
      boolean lineStarts = i == 0 || bytes[i - 1] == '\n';
      if (lineStarts) {
        boolean ended = bytes[lineEnd - 1] == '\n';
        if (ended && text(Arrays.copyOfRange(bytes, i, lineEnd)).stripTrailing().equals("...")) {
          return lineEnd;
        }
        lineEnd = i;
      }
    }
    throw source.fault(new Node.Place(1, 1), "not even the head is closed by a line of three dots");
  }

  private Cassette.Header header(String text) {
    try (NodeReader documents = new NodeReader(source, text)) {
      Node.Place top = new Node.Place(1, 1);
      Node node = documents.next().orElseThrow(() -> source.fault(top, "no cassette: it is empty"));
      if (!(node instanceof Node.Mapping mapping) || !mapping.members().containsKey("cassette")) {
        throw source.fault(node.place(), "no cassette: it does not begin with cassette: 1");
      }
      CassetteSource.Fields fields =
          source.fields(
              node, "the head of a cassette", List.of("cassette", "provider", "model", "recorded"));
      if (fields.count("cassette", 1) != 1) {
        throw source.fault(fields.one("cassette").place(), "a cassette of a newer kind");
      }
      return new Cassette.Header(fields.anyText("model"), fields.any("recorded").isPresent());
    }
  }

  private void entry(Node node, Cassette.Header header) {
    CassetteSource.Fields fields =
        source.fields(
            node, "an entry", List.of("task", "attempt", "turn", "request", "reply", "failure"));
    CallId call =
        new CallId(
            fields.text("task"), (int) fields.count("attempt", 1, 1), fields.count("turn", 1));
    Asked asked =
        fields
            .any("request")
            .map(this::asked)
            .orElse(
                new Asked(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    Answer answer =
        fields
            .any("failure")
            .map(this::failed)
            .orElseGet(() -> new Answer.Replied(reply(fields.one("reply"), call, asked, header)));
    entries.put(call, new Cassette.Entry(node.place().line(), asked, answer));
  }

  private Asked asked(Node node) {
    CassetteSource.Fields fields =
        source.fields(
            node,
            "request",
            List.of("model", "system", "system_text", "tools", "tool_names", "new"));
    Optional<String> text = fields.anyText("system_text");
    Optional<String> system = fields.anyText("system").or(() -> text.map(Asked::digest));
    text.ifPresent(t -> systemTexts.put(system.orElseThrow(), t));
    List<String> names =
        fields
            .any("tool_names")
            .map(list -> source.items(list, "tool_names"))
            .orElse(List.of())
            .stream()
            .map(name -> source.text(name, "a tool name"))
            .toList();
    return new Asked(
        fields.anyText("model"),
        system,
        fields.anyText("tools").map(digest -> new Asked.Tools(digest, names)),
        fields
            .any("new")
            .map(list -> source.items(list, "new").stream().map(this::message).toList()));
  }

  private Message message(Node node) {
    CassetteSource.Fields fields = source.fields(node, "a message", List.of("user", "results"));
    return fields
        .any("results")
        .<Message>map(list ->
            new Message.Results(source.items(list, "results").stream().map(this::result).toList()))
        .orElseGet(() -> new Message.User(fields.text("user")));
  }

  private ToolResult result(Node node) {
    CassetteSource.Fields fields =
        source.fields(node, "a result", List.of("call", "name", "failed", "text"));
    return new ToolResult(
        fields.text("call"),
        fields.text("name"),
        fields.text("text"),
        fields.truth("failed", false));
  }

  private Reply reply(Node node, CallId call, Asked asked, Cassette.Header header) {
    String model = asked.model().or(header::model).orElse("");
    if (node instanceof Node.Scalar) {
      List<Part> said = said(source.text(node, "reply"));
      return new Reply(model, said, Stop.END, "", UNKNOWN, Optional.empty());
    }
    CassetteSource.Fields fields =
        source.fields(
            node,
            "reply",
            List.of(
                "model",
                "thinking",
                "text",
                "calls",
                "parts",
                "stop",
                "stop_detail",
                "usage",
                "echo"));
    List<Part> parts = new ArrayList<>();
    Calls calls = new Calls(call);
    fields
        .anyText("thinking")
        .filter(t -> !t.isEmpty())
        .map(Part.Thinking::new)
        .ifPresent(parts::add);
    fields.anyText("text").map(CassetteReader::said).ifPresent(parts::addAll);
    fields
        .any("calls")
        .ifPresent(list -> source.items(list, "calls").forEach(one -> parts.add(calls.read(one))));
    fields
        .any("parts")
        .ifPresent(list -> source.items(list, "parts").forEach(one -> parts.add(part(one, calls))));
    boolean any = parts.stream().anyMatch(Part.Call.class::isInstance);
    return new Reply(
        fields.text("model", model),
        parts,
        fields.any("stop").map(this::stop).orElse(any ? Stop.TOOLS : Stop.END),
        fields.text("stop_detail", ""),
        fields.any("usage").map(this::usage).orElse(UNKNOWN),
        fields.any("echo").map(this::echo));
  }

  private static final Usage UNKNOWN = new Usage(0, 0, 0, 0, 0, false);

  private static List<Part> said(String text) {
    return text.isEmpty() ? List.of() : List.of(new Part.Text(text));
  }

  private Part part(Node node, Calls calls) {
    CassetteSource.Fields fields =
        source.fields(node, "a part", List.of("text", "thinking", "call"));
    if (fields.any("call").isPresent()) {
      return calls.read(fields.one("call"));
    }
    boolean thinking = fields.any("thinking").isPresent();
    String said = fields.text(thinking ? "thinking" : "text");
    if (said.isEmpty()) {
      throw source.fault(node.place(), "a part says something");
    }
    return thinking ? new Part.Thinking(said) : new Part.Text(said);
  }

  /** Reads calls; those without an id are given the same one whenever the cassette is read. */
  private final class Calls {
    private final CallId within;
    private int count;

    Calls(CallId within) {
      this.within = within;
    }

    Part read(Node node) {
      count++;
      CassetteSource.Fields fields =
          source.fields(node, "a call", List.of("id", "name", "arguments", "broken", "why"));
      ToolCall.Arguments arguments =
          fields
              .anyText("broken")
              .<ToolCall.Arguments>map(
                  raw -> new ToolCall.Broken(raw, fields.text("why", "no JSON object")))
              .orElseGet(() -> new ToolCall.Valid(arguments(fields)));
      String id = "call-%d-%d-%d".formatted(within.attempt(), within.turn(), count);
      return new Part.Call(new ToolCall(fields.text("id", id), fields.text("name"), arguments));
    }

    private Map<String, Object> arguments(CassetteSource.Fields fields) {
      return fields
          .any("arguments")
          .map(node -> {
            if (node instanceof Node.Mapping mapping) {
              return Values.read(mapping);
            }
            throw source.fault(node.place(), "arguments is a mapping");
          })
          .orElse(Map.of());
    }
  }

  private Stop stop(Node node) {
    String word = source.text(node, "stop");
    for (Stop stop : Stop.values()) {
      if (word(stop).equals(word)) {
        return stop;
      }
    }
    throw source.fault(
        node.place(),
        "there is no stop %s; there are %s"
            .formatted(
                word,
                String.join(
                    ", ", List.of(Stop.values()).stream().map(CassetteReader::word).toList())));
  }

  static String word(Stop stop) {
    return stop.name().toLowerCase(Locale.ROOT);
  }

  private Usage usage(Node node) {
    CassetteSource.Fields fields =
        source.fields(
            node,
            "usage",
            List.of("input", "cache_read", "cache_write", "output", "reasoning", "exact"));
    return new Usage(
        fields.count("input", 0, 0),
        fields.count("cache_read", 0, 0),
        fields.count("cache_write", 0, 0),
        fields.count("output", 0, 0),
        fields.count("reasoning", 0, 0),
        fields.truth("exact", true));
  }

  private Echo echo(Node node) {
    CassetteSource.Fields fields = source.fields(node, "echo", List.of("wire", "model", "json"));
    return new Echo(fields.text("wire"), fields.text("model"), fields.text("json"));
  }

  private Answer failed(Node node) {
    CassetteSource.Fields fields =
        source.fields(
            node, "failure", List.of("kind", "message", "retry_after", "resets_at", "usage"));
    String message = fields.text("message", "as the cassette says");
    Node kind = fields.one("kind");
    ModelFailure failure =
        switch (source.text(kind, "kind")) {
          case "transient" ->
              new ModelFailure.Transient(message, fields.any("retry_after").map(this::seconds));
          case "window" ->
              new ModelFailure.Window(message, fields.any("resets_at").map(this::instant));
          case "denied" -> new ModelFailure.Denied(message);
          case "unusable" -> new ModelFailure.Unusable(message);
          case String word ->
              throw source.fault(
                  kind.place(),
                  "there is no failure "
                      + word
                      + "; there are transient, window, denied, unusable");
        };
    return new Answer.Failed(failure, fields.any("usage").map(this::usage).orElse(Usage.NONE));
  }

  private Duration seconds(Node node) {
    if (node instanceof Node.Scalar(_, _, Number number)) {
      BigDecimal millis = new BigDecimal(number.toString()).movePointRight(3);
      if (millis.signum() >= 0 && millis.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) < 0) {
        return Duration.ofMillis(millis.longValue());
      }
    }
    throw source.fault(node.place(), "retry_after is a number of seconds");
  }

  private Instant instant(Node node) {
    try {
      return Instant.parse(source.text(node, "resets_at"));
    } catch (DateTimeException _) {
      throw source.fault(node.place(), "resets_at is a time such as 2026-12-01T00:00:00Z");
    }
  }
}
