package dev.agentrunner.server;

import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.JsonWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What a request is answered with. */
sealed interface Answer {

  String JSON = "application/json";

  int status();

  Map<String, String> headers();

  /** The same with one more header; it takes the place of one of that name. */
  Answer with(String header, String value);

  /**
   * All of it at once.
   *
   * @param repeated the body for whoever sends the same request again: without what is told once
   */
  record Whole(int status, Map<String, String> headers, byte[] body, byte[] repeated)
      implements Answer {

    public Whole {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    @Override
    public Whole with(String header, String value) {
      return new Whole(status, more(headers, header, value), body, repeated);
    }

    Whole repeatedAs(byte[] other) {
      return new Whole(status, headers, body, other);
    }
  }

  /**
   * Piece by piece.
   *
   * @param length in bytes; empty if nobody knows yet
   * @param source closed in the end, whether anything was written or not
   */
  record Flowing(
      int status, Map<String, String> headers, OptionalLong length, Closeable source, Flow flow)
      implements Answer {

    public Flowing {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    @Override
    public Flowing with(String header, String value) {
      return new Flowing(status, more(headers, header, value), length, source, flow);
    }
  }

  /** Writes a body; it ends when this returns. */
  interface Flow {
    void write(OutputStream out) throws IOException;
  }

  static Whole whole(int status, String contentType, byte[] body) {
    return new Whole(status, Map.of("Content-Type", contentType), body, body);
  }

  static <T> Whole json(int status, T value, JsonWriter.Shape<? super T> shape) {
    return whole(status, JSON, JsonWriter.<T>bytes(value, shape::write, Bodies.INLINE));
  }

  static Whole empty(int status) {
    return new Whole(status, Map.of(), new byte[0], new byte[0]);
  }

  private static Map<String, String> more(Map<String, String> headers, String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.keySet().removeIf(name::equalsIgnoreCase);
    all.put(name, value);
    return all;
  }
}
