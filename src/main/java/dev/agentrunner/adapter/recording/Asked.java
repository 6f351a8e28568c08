package dev.agentrunner.adapter.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a question is recognized by. What is empty matches anything: a cassette written by hand may
 * leave it out.
 *
 * @param system digest of the system text
 * @param added what was said since the model's last reply
 */
record Asked(
    Optional<String> model,
    Optional<String> system,
    Optional<Tools> tools,
    Optional<List<Message>> added) {

  /**
   * The tools on offer.
   *
   * @param names sorted
   */
  record Tools(String digest, List<String> names) {}

  static Asked of(ChatRequest request) {
    return new Asked(
        Optional.of(request.model()),
        Optional.of(digest(request.system())),
        Optional.of(tools(request.tools())),
        Optional.of(added(request.messages())));
  }

  private static List<Message> added(List<Message> messages) {
    int from = messages.size();
    while (from > 0 && !(messages.get(from - 1) instanceof Message.Assistant)) {
      from--;
    }
    return messages.subList(from, messages.size()).stream().map(Asked::writable).toList();
  }

  /** As it comes back from a cassette. */
  private static Message writable(Message message) {
    return switch (message) {
      case Message.User(String text) -> new Message.User(YamlText.whole(text));
      case Message.Results(List<ToolResult> results) ->
          new Message.Results(
              results.stream()
                  .map(result ->
                      new ToolResult(
                          result.callId(),
                          result.name(),
                          YamlText.whole(result.text()),
                          result.failed()))
                  .toList());
      case Message.Assistant assistant -> assistant;
    };
  }

  private static Tools tools(List<ToolSpec> tools) {
    List<ToolSpec> sorted = tools.stream().sorted(Comparator.comparing(ToolSpec::name)).toList();
    StringWriter json = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(json)) {
      out.writeStartArray();
      for (ToolSpec tool : sorted) {
        out.writeStartObject();
        out.writeStringField("name", tool.name());
        out.writeStringField("description", tool.description());
        out.writeFieldName("parameters");
        Values.write(out, tool.parameters(), out::writeString);
        out.writeEndObject();
      }
      out.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Tools(digest(json.toString()), sorted.stream().map(ToolSpec::name).toList());
  }

  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
