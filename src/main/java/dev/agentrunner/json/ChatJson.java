package dev.agentrunner.json;

import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.chat.Usage;
import java.io.IOException;

/** What is said between us and a model. */
public final class ChatJson {

  private static final Words<Stop> STOPS = new Words<>(Stop.values());

  private ChatJson() {}

  /** One object without a newline; the same request gives the same bytes. */
  public static byte[] write(ChatRequest request) {
    return JsonWriter.bytes(request, ChatJson::request, Bodies.INLINE);
  }

  /**
   * Reads what {@link #write(ChatRequest)} wrote.
   *
   * @throws UnreadableJsonException if it is something else
   */
  public static ChatRequest readRequest(byte[] json) {
    return request(JsonReader.read(json, 0, json.length, Bodies.INLINE));
  }

  /** One object without a newline; the same reply gives the same bytes. */
  public static byte[] write(Reply reply) {
    return JsonWriter.bytes(reply, ChatJson::reply, Bodies.INLINE);
  }

  /**
   * Reads what {@link #write(Reply)} wrote.
   *
   * @throws UnreadableJsonException if it is something else
   */
  public static Reply readReply(byte[] json) {
    return reply(JsonReader.read(json, 0, json.length, Bodies.INLINE));
  }

  static void request(JsonWriter out, ChatRequest request) throws IOException {
    out.object("call", request.call(), ChatJson::callId)
        .text("model", request.model())
        .text("system", request.system())
        .objects("messages", request.messages(), ChatJson::message)
        .objects("tools", request.tools(), ChatJson::toolSpec)
        .number("output_tokens_max", request.outputTokensMax());
  }

  static ChatRequest request(JsonObject in) {
    return new ChatRequest(
        in.object("call", ChatJson::callId),
        in.text("model"),
        in.text("system"),
        in.objects("messages", ChatJson::message),
        in.objects("tools", ChatJson::toolSpec),
        in.integer("output_tokens_max"));
  }

  private static void callId(JsonWriter out, ChatRequest.CallId call) throws IOException {
    out.text("task", call.task()).number("attempt", call.attempt()).number("turn", call.turn());
  }

  private static ChatRequest.CallId callId(JsonObject in) {
    return new ChatRequest.CallId(in.text("task"), in.integer("attempt"), in.integer("turn"));
  }

  private static void toolSpec(JsonWriter out, ToolSpec tool) throws IOException {
    out.text("name", tool.name())
        .text("description", tool.description())
        .values("parameters", tool.parameters());
  }

  private static ToolSpec toolSpec(JsonObject in) {
    return new ToolSpec(in.text("name"), in.text("description"), in.values("parameters"));
  }

  static void message(JsonWriter out, Message message) throws IOException {
    switch (message) {
      case Message.User(var text) -> out.text("role", "user").text("text", text);
      case Message.Assistant(var reply) ->
          out.text("role", "assistant").object("reply", reply, ChatJson::reply);
      case Message.Results(var results) ->
          out.text("role", "results").objects("results", results, ChatJson::toolResult);
    }
  }

  static Message message(JsonObject in) {
    String role = in.text("role");
    return switch (role) {
      case "user" -> new Message.User(in.text("text"));
      case "assistant" -> new Message.Assistant(in.object("reply", ChatJson::reply));
      case "results" -> new Message.Results(in.objects("results", ChatJson::toolResult));
      default -> throw in.unknown("role", role);
    };
  }

  static void reply(JsonWriter out, Reply reply) throws IOException {
    out.text("model", reply.model())
        .objects("parts", reply.parts(), ChatJson::part)
        .text("stop", STOPS.word(reply.stop()))
        .text("stop_detail", reply.stopDetail())
        .object("usage", reply.usage(), ChatJson::usage)
        .objectIfAny("echo", reply.echo(), ChatJson::echo);
  }

  static Reply reply(JsonObject in) {
    return new Reply(
        in.text("model"),
        in.objects("parts", ChatJson::part),
        in.word("stop", STOPS),
        in.text("stop_detail"),
        in.object("usage", ChatJson::usage),
        in.objectIfAny("echo", ChatJson::echo));
  }

  private static void part(JsonWriter out, Part part) throws IOException {
    switch (part) {
      case Part.Text(var text) -> out.text("kind", "text").text("text", text);
      case Part.Thinking(var text) -> out.text("kind", "thinking").text("text", text);
      case Part.Call(var call) -> {
        out.text("kind", "call");
        toolCall(out, call);
      }
      case Part.Deed(var name, var subject, var failed) ->
          out.text("kind", "deed")
              .text("name", name)
              .text("subject", subject)
              .flag("failed", failed);
    }
  }

  private static Part part(JsonObject in) {
    String kind = in.text("kind");
    return switch (kind) {
      case "text" -> new Part.Text(in.text("text"));
      case "thinking" -> new Part.Thinking(in.text("text"));
      case "call" -> new Part.Call(toolCall(in));
      case "deed" -> new Part.Deed(in.text("name"), in.text("subject"), in.flag("failed"));
      default -> throw in.unknown("kind", kind);
    };
  }

  /**
   * Valid arguments stand under {@code arguments}, broken ones under {@code broken} with a {@code
   * why}.
   */
  static void toolCall(JsonWriter out, ToolCall call) throws IOException {
    out.text("id", call.id()).text("name", call.name());
    switch (call.arguments()) {
      case ToolCall.Valid(var values) -> out.values("arguments", values);
      case ToolCall.Broken(var raw, var why) -> out.text("broken", raw).text("why", why);
    }
  }

  static ToolCall toolCall(JsonObject in) {
    ToolCall.Arguments arguments =
        in.textIfAny("broken")
            .<ToolCall.Arguments>map(raw -> new ToolCall.Broken(raw, in.text("why")))
            .orElseGet(() -> new ToolCall.Valid(in.values("arguments")));
    return new ToolCall(in.text("id"), in.text("name"), arguments);
  }

  static void toolResult(JsonWriter out, ToolResult result) throws IOException {
    out.text("call_id", result.callId())
        .text("name", result.name())
        .text("text", result.text())
        .flag("failed", result.failed());
  }

  static ToolResult toolResult(JsonObject in) {
    return new ToolResult(in.text("call_id"), in.text("name"), in.text("text"), in.flag("failed"));
  }

  static void usage(JsonWriter out, Usage usage) throws IOException {
    out.number("input_tokens", usage.inputTokens())
        .number("cache_read_tokens", usage.cacheReadTokens())
        .number("cache_write_tokens", usage.cacheWriteTokens())
        .number("output_tokens", usage.outputTokens())
        .number("reasoning_tokens", usage.reasoningTokens())
        .flag("exact", usage.exact())
        .object("cost", usage.cost(), ChatJson::cost);
  }

  static Usage usage(JsonObject in) {
    return new Usage(
        in.number("input_tokens"),
        in.number("cache_read_tokens"),
        in.number("cache_write_tokens"),
        in.number("output_tokens"),
        in.number("reasoning_tokens"),
        in.flag("exact"),
        in.objectIfAny("cost", ChatJson::cost).orElse(Cost.UNKNOWN));
  }

  static void cost(JsonWriter out, Cost cost) throws IOException {
    out.number("micros", cost.micros()).flag("complete", cost.complete());
  }

  private static Cost cost(JsonObject in) {
    return new Cost(in.number("micros"), in.flag("complete"));
  }

  static void echo(JsonWriter out, Echo echo) throws IOException {
    // A text, although it is JSON: it goes back as it came, to the last blank.
    out.text("wire", echo.wire())
        .text("model", echo.model())
        .text("json", echo.json())
        .flag("whole", echo.whole());
  }

  static Echo echo(JsonObject in) {
    return new Echo(
        in.text("wire"), in.text("model"), in.text("json"), in.flagIfAny("whole").orElse(false));
  }

  static void failure(JsonWriter out, ModelFailure failure) throws IOException {
    switch (failure) {
      case ModelFailure.Transient(var message, var retryAfter) ->
          out.text("kind", "transient")
              .text("message", message)
              .durationIfAny("retry_after", retryAfter);
      case ModelFailure.Window(var message, var resetsAt) ->
          out.text("kind", "window").text("message", message).timeIfAny("resets_at", resetsAt);
      case ModelFailure.Denied(var message) -> out.text("kind", "denied").text("message", message);
      case ModelFailure.Unusable(var message) ->
          out.text("kind", "unusable").text("message", message);
      case ModelFailure.Canceled(var message) ->
          out.text("kind", "canceled").text("message", message);
    }
  }

  static ModelFailure failure(JsonObject in) {
    String kind = in.text("kind");
    String message = in.text("message");
    return switch (kind) {
      case "transient" -> new ModelFailure.Transient(message, in.durationIfAny("retry_after"));
      case "window" -> new ModelFailure.Window(message, in.timeIfAny("resets_at"));
      case "denied" -> new ModelFailure.Denied(message);
      case "unusable" -> new ModelFailure.Unusable(message);
      case "canceled" -> new ModelFailure.Canceled(message);
      default -> throw in.unknown("kind", kind);
    };
  }
}
