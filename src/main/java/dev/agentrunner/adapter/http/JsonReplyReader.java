package dev.agentrunner.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.Headers;
import okio.BufferedSource;

/**
 * Reads a reply that comes as server-sent events holding JSON, or in one piece of JSON where a
 * server does not stream. Which of the two it is shows in how it begins, as content types are not
 * always right.
 */
public final class JsonReplyReader implements ReplyReader {

  private static final int SHOWN_MAX = 200;

  /** What the events of one reply add up to. */
  public interface Growth {

    /**
     * Takes in one event.
     *
     * @param name of the event; empty if it had none
     * @return the answer once there is one; what follows is not read
     */
    Optional<Answer> take(String name, JsonNode data, Headers headers);

    /** Takes in a reply that came in one piece; empty if it is none. */
    Optional<Answer> takeWhole(JsonNode reply, Headers headers);

    /**
     * What has come so far, where it can be a whole reply without an event that says so.
     *
     * @param told whether the server said that it was done
     */
    Optional<Answer> atEnd(boolean told);

    ModelFailure refused(Refusal refusal);

    Usage counted();
  }

  private final Growth growth;
  private final String api;
  private final Supplier<ProviderFailures> failures;

  /**
   * @param api its name, for messages
   * @param failures as of the moment of asking for them
   */
  public JsonReplyReader(Growth growth, String api, Supplier<ProviderFailures> failures) {
    this.growth = growth;
    this.api = api;
    this.failures = failures;
  }

  @Override
  public Answer read(Headers headers, BufferedSource body) throws IOException {
    String beginning = beginning(body);
    if (inOnePiece(headers, beginning)) {
      return readWhole(headers, body.readUtf8());
    }
    EventReader events = new EventReader(body);
    boolean any = false;
    boolean told = false;
    for (Optional<ServerSentEvent> next = events.next(); next.isPresent(); next = events.next()) {
      ServerSentEvent event = next.get();
      if (event.data().isBlank()) {
        continue;
      }
      if (event.data().strip().equals("[DONE]")) {
        told = true;
        break;
      }
      JsonNode data;
      try {
        data = JsonTree.read(event.data());
      } catch (JsonProcessingException _) {
        boolean some = any;
        return growth
            .atEnd(false)
            .orElseGet(() ->
                broken(
                    some
                        ? failures.get().unreadable(event.data())
                        : failures.get().garbage(api, headers, beginning)));
      }
      any = true;
      Optional<Answer> answer = growth.take(event.name(), data, headers);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    boolean some = any;
    return growth
        .atEnd(told)
        .orElseGet(() ->
            broken(some ? failures.get().cut() : failures.get().garbage(api, headers, beginning)));
  }

  private static boolean inOnePiece(Headers headers, String beginning) {
    String start = beginning.stripLeading();
    if (start.startsWith("{") || start.startsWith("[")) {
      return true;
    }
    String type = headers.get("content-type");
    boolean json = type != null && type.toLowerCase(Locale.ROOT).contains("json");
    return json
        && !start.startsWith("data:")
        && !start.startsWith("event:")
        && !start.startsWith(":");
  }

  private Answer readWhole(Headers headers, String body) {
    Optional<Answer> whole = Optional.empty();
    try {
      whole = growth.takeWhole(JsonTree.read(body), headers);
    } catch (JsonProcessingException _) {
      // Cut, or not JSON after all.
    }
    return whole.orElseGet(() -> broken(failures.get().garbage(api, headers, body)));
  }

  /** What has come first, without taking it; more may follow. */
  private static String beginning(BufferedSource body) throws IOException {
    if (!body.request(1)) {
      return "";
    }
    BufferedSource ahead = body.peek();
    return ahead.readUtf8(Math.min(body.getBuffer().size(), SHOWN_MAX));
  }

  private Answer broken(ModelFailure failure) {
    return new Answer.Failed(failure, growth.counted());
  }

  @Override
  public ModelFailure refused(Refusal refusal) {
    return growth.refused(refusal);
  }

  @Override
  public Usage counted() {
    return growth.counted();
  }
}
