package dev.agentrunner.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.QuotaReading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.Headers;
import okio.BufferedSource;

/**
 * Reads a reply that comes as server-sent events holding JSON, or in one piece of JSON where a
 * server does not stream. Which of the two it is shows in how it begins, as content types are not
 * always right.
 */
public final class JsonReplyReader implements ReplyReader {

  /** How a stream came to its end. */
  public enum End {
    /** The server said that it was done. */
    TOLD,
    /** Nothing more came. */
    QUIET,
    /** In the middle of something. */
    TORN
  }

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

    /** What has come so far, where it can be a whole reply without an event that says so. */
    Optional<Answer> atEnd(End end);

    /** Whether the server has said that, and why, the reply ends; it may go on to count. */
    boolean ended();

    ModelFailure refused(Refusal refusal);

    Usage counted();
  }

  private final Growth growth;
  private final String api;
  private final Supplier<ProviderFailures> failures;
  private final Function<Headers, List<QuotaReading>> readings;

  /**
   * @param api its name, for messages
   * @param failures as of the moment of asking for them
   */
  public JsonReplyReader(Growth growth, String api, Supplier<ProviderFailures> failures) {
    this(growth, api, failures, headers -> List.of());
  }

  /**
   * @param readings what headers say of quotas
   */
  public JsonReplyReader(
      Growth growth,
      String api,
      Supplier<ProviderFailures> failures,
      Function<Headers, List<QuotaReading>> readings) {
    this.growth = growth;
    this.api = api;
    this.failures = failures;
    this.readings = readings;
  }

  @Override
  public List<QuotaReading> readings(Headers headers) {
    return readings.apply(headers);
  }

  @Override
  public Answer read(Headers headers, BufferedSource body) throws IOException {
    String beginning = Excerpt.ahead(body);
    if (inOnePiece(headers, beginning)) {
      return readWhole(headers, body.readUtf8());
    }
    EventReader events = new EventReader(body);
    boolean any = false;
    End end = End.QUIET;
    for (Optional<ServerSentEvent> next = next(events); next.isPresent(); next = next(events)) {
      ServerSentEvent event = next.get();
      if (event.data().isBlank()) {
        continue;
      }
      if (event.data().strip().equals("[DONE]")) {
        end = End.TOLD;
        break;
      }
      List<JsonNode> pieces = pieces(event.data());
      if (pieces.isEmpty()) {
        boolean some = any;
        return growth
            .atEnd(End.TORN)
            .orElseGet(() ->
                broken(
                    some
                        ? failures.get().unreadable(event.data())
                        : failures.get().garbage(api, headers, beginning)));
      }
      any = true;
      for (JsonNode piece : pieces) {
        Optional<Answer> answer = growth.take(event.name(), piece, headers);
        if (answer.isPresent()) {
          return answer.get();
        }
      }
    }
    boolean some = any;
    return growth
        .atEnd(end)
        .orElseGet(() ->
            broken(some ? failures.get().cut() : failures.get().garbage(api, headers, beginning)));
  }

  private Optional<ServerSentEvent> next(EventReader events) throws IOException {
    try {
      return events.next();
    } catch (IOException e) {
      // Whatever happens to the line behind its end, a reply is whole.
      if (growth.ended()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The JSON of an event, or of several that no blank line parts; empty if it is none. */
  private static List<JsonNode> pieces(String data) {
    try {
      return List.of(JsonTree.read(data));
    } catch (JsonProcessingException _) {
      return data.contains("\n") ? parted(data) : List.of();
    }
  }

  private static List<JsonNode> parted(String data) {
    List<JsonNode> pieces = new ArrayList<>();
    for (String line : data.split("\n", -1)) {
      try {
        pieces.add(JsonTree.read(line));
      } catch (JsonProcessingException _) {
        return List.of();
      }
    }
    return pieces;
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
