package dev.agentrunner.json;

import dev.agentrunner.core.queue.RunCommand.Wish;
import java.io.IOException;

/**
 * What a person wants of a run, as one JSON object, such as {@code {"kind":"cancel","reason":"too
 * slow","force":false}}.
 */
public final class WishJson {

  private WishJson() {}

  public static byte[] write(Wish wish) {
    return JsonWriter.bytes(wish, WishJson::write, Bodies.INLINE);
  }

  private static void write(JsonWriter out, Wish wish) throws IOException {
    switch (wish) {
      case Wish.Cancel(String reason, boolean force) ->
          out.text("kind", "cancel").text("reason", reason).flag("force", force);
      case Wish.Pause() -> out.text("kind", "pause");
      case Wish.Resume() -> out.text("kind", "resume");
      case Wish.Decide(String task, String choice, String text) ->
          out.text("kind", "decide").text("task", task).text("choice", choice).text("text", text);
      case Wish.Tell(var task, String text) ->
          out.text("kind", "tell").textIfAny("task", task).text("text", text);
    }
  }

  /** Reads what {@link #write} has written. */
  public static Wish read(byte[] bytes) {
    JsonObject wish = JsonReader.read(bytes, 0, bytes.length, Bodies.INLINE);
    String kind = wish.text("kind");
    return switch (kind) {
      case "cancel" -> new Wish.Cancel(wish.text("reason"), wish.flag("force"));
      case "pause" -> new Wish.Pause();
      case "resume" -> new Wish.Resume();
      case "decide" -> new Wish.Decide(wish.text("task"), wish.text("choice"), wish.text("text"));
      case "tell" -> new Wish.Tell(wish.textIfAny("task"), wish.text("text"));
      default -> throw wish.unknown("kind", kind);
    };
  }
}
