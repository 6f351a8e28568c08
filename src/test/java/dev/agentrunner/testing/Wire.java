package dev.agentrunner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One provider's API, as a {@link FakeProvider} speaks it. Keeps nothing between requests. */
interface Wire {

  /**
   * Whether such a request is for this wire.
   *
   * @param path without its query
   */
  boolean serves(String path);

  /** Whether there is a key where the provider looks for one. */
  boolean hasKey(Map<String, String> headers);

  /**
   * What the real one would find wrong with a question: fields it wants, calls left without an
   * answer, thoughts that were not sent back.
   */
  Optional<String> fault(Map<String, String> headers, JsonNode body);

  /** What was said so far, in order. */
  List<Line> said(JsonNode body);

  /** The answer to another question than one to a model, such as what the model can do. */
  Optional<String> aside(String path, JsonNode body);

  String contentType();

  /**
   * A reply in the pieces it is sent in.
   *
   * @param number tells this reply from others of the same server
   */
  List<String> stream(Reaction.Says reply, Asked asked, long number);

  /** Trouble told in the middle of a reply. */
  String midway(Trouble trouble, String message);

  Refusal refusal(Reaction.Refuses refuses, long number);

  /** Trouble told instead of a reply. */
  record Refusal(int status, Map<String, String> headers, String body) {}

  /** A turn of one side, without what is not words. */
  record Line(boolean ofModel, String words) {}

  /** How a wait is told where whole seconds are wanted. */
  static String seconds(Duration wait) {
    return String.valueOf(wait.toSeconds());
  }
}
