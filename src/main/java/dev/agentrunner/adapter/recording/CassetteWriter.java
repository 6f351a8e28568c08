package dev.agentrunner.adapter.recording;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;

/** Writes the documents of a cassette; {@link CassetteFile} draws their form. */
final class CassetteWriter {

  private final YAMLGenerator out;

  private CassetteWriter(YAMLGenerator out) {
    this.out = out;
  }

  private interface Content {
    void write(CassetteWriter writer) throws IOException;
  }

  static String header(String provider, String model, LocalDate today) {
    return document(w -> {
      w.out.writeNumberField("cassette", 1);
      w.text("provider", provider);
      w.text("model", model);
      w.text("recorded", today.toString());
    });
  }

  /**
   * @param withSystemText whether the cassette does not hold the system text yet
   */
  static String entry(ChatRequest request, Asked asked, boolean withSystemText, Answer answer) {
    return document(w -> {
      w.text("task", request.call().task());
      w.out.writeNumberField("attempt", request.call().attempt());
      w.out.writeNumberField("turn", request.call().turn());
      w.out.writeObjectFieldStart("request");
      w.asked(asked);
      if (withSystemText) {
        w.text("system_text", request.system());
      }
      w.out.writeEndObject();
      switch (answer) {
        case Answer.Replied(Reply reply) -> w.reply(reply);
        case Answer.Failed(ModelFailure failure, Usage usage, _) -> w.failure(failure, usage);
      }
    });
  }

  private static String document(Content content) {
    StringWriter text = new StringWriter();
    try (YAMLGenerator out = factory().createGenerator(text)) {
      out.writeStartObject();
      content.write(new CassetteWriter(out));
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String written = text.toString();
    return "---\n" + written + (written.endsWith("\n") ? "" : "\n") + "...\n";
  }

  private static YAMLFactory factory() {
    return YAMLFactory.builder()
        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
        .disable(YAMLGenerator.Feature.SPLIT_LINES)
        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
        .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
        .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
        .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
        .stringQuotingChecker(new QuotedNames())
        .build();
  }

  /** Quotes every name that is not plainly one: some would not come back as they were. */
  private static final class QuotedNames extends StringQuotingChecker.Default {
    private static final long serialVersionUID = 1;

    @Override
    public boolean needToQuoteName(String name) {
      return !name.matches("[A-Za-z_][A-Za-z0-9_.-]*") || super.needToQuoteName(name);
    }
  }

  private void text(String name, String text) throws IOException {
    out.writeFieldName(name);
    YamlText.write(out, text);
  }

  private void asked(Asked asked) throws IOException {
    text("model", asked.model().orElseThrow());
    text("system", asked.system().orElseThrow());
    Asked.Tools tools = asked.tools().orElseThrow();
    text("tools", tools.digest());
    out.writeArrayFieldStart("tool_names");
    for (String name : tools.names()) {
      YamlText.write(out, name);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("new");
    for (Message message : asked.added().orElseThrow()) {
      out.writeStartObject();
      switch (message) {
        case Message.User(String text) -> text("user", text);
        case Message.Results(List<ToolResult> results) -> results(results);
        case Message.Assistant _ ->
            throw new IllegalArgumentException("what the model said is not new");
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void results(List<ToolResult> results) throws IOException {
    out.writeArrayFieldStart("results");
    for (ToolResult result : results) {
      out.writeStartObject();
      text("call", result.callId());
      text("name", result.name());
      if (result.failed()) {
        out.writeBooleanField("failed", true);
      }
      text("text", result.text());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void reply(Reply reply) throws IOException {
    out.writeObjectFieldStart("reply");
    text("model", reply.model());
    out.writeArrayFieldStart("parts");
    for (Part part : reply.parts()) {
      if (part instanceof Part.Deed) {
        continue; // What an agent did by its own hand cannot be played.
      }
      out.writeStartObject();
      switch (part) {
        case Part.Text(String text) -> text("text", text);
        case Part.Thinking(String text) -> text("thinking", text);
        case Part.Call(ToolCall call) -> call(call);
        case Part.Deed _ -> throw new IllegalStateException("left out above");
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    text("stop", CassetteReader.word(reply.stop()));
    if (!reply.stopDetail().isEmpty()) {
      text("stop_detail", reply.stopDetail());
    }
    usage(reply.usage());
    if (reply.echo().isPresent()) {
      Echo echo = reply.echo().get();
      out.writeObjectFieldStart("echo");
      text("wire", echo.wire());
      text("model", echo.model());
      text("json", echo.json());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private void call(ToolCall call) throws IOException {
    out.writeObjectFieldStart("call");
    text("id", call.id());
    text("name", call.name());
    switch (call.arguments()) {
      case ToolCall.Valid(var values) -> {
        out.writeFieldName("arguments");
        Values.write(out, values, text -> YamlText.write(out, text));
      }
      case ToolCall.Broken(String raw, String why) -> {
        text("broken", raw);
        text("why", why);
      }
    }
    out.writeEndObject();
  }

  private void usage(Usage usage) throws IOException {
    out.writeObjectFieldStart("usage");
    out.writeNumberField("input", usage.inputTokens());
    out.writeNumberField("cache_read", usage.cacheReadTokens());
    out.writeNumberField("cache_write", usage.cacheWriteTokens());
    out.writeNumberField("output", usage.outputTokens());
    out.writeNumberField("reasoning", usage.reasoningTokens());
    out.writeBooleanField("exact", usage.exact());
    out.writeEndObject();
  }

  private void failure(ModelFailure failure, Usage usage) throws IOException {
    out.writeObjectFieldStart("failure");
    text(
        "kind",
        switch (failure) {
          case ModelFailure.Denied _ -> "denied";
          case ModelFailure.Unusable _ -> "unusable";
          case ModelFailure.Transient _, ModelFailure.Window _, ModelFailure.Canceled _ ->
              throw new IllegalArgumentException("a failure that passes is not recorded");
        });
    text("message", failure.message());
    if (!usage.equals(Usage.NONE)) {
      usage(usage);
    }
    out.writeEndObject();
  }
}
