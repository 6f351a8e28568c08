package dev.agentrunner.server;

import java.time.Duration;

/**
 * What the server bears of one client.
 *
 * @param head for the first line and the headers of a request to come in
 * @param body for the rest of it
 * @param silence between two bytes of a client that owes us some
 * @param stall for a client to take what it was sent, before it is taken for gone
 * @param keepalive between two signs of life on a stream
 * @param streams at once, of all clients
 * @param queue events kept for a client of a stream that falls behind
 */
public record Limits(
    Duration head,
    Duration body,
    Duration silence,
    Duration stall,
    Duration keepalive,
    int streams,
    int queue) {

  public static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          1_000,
          1_000);

  /** Bytes of the first line. */
  static final int LINE_BYTES_MAX = 8 * 1024;

  /** Bytes of all headers. */
  static final int HEADERS_BYTES_MAX = 16 * 1024;

  static final int HEADERS_MAX = 100;

  static final int BODY_BYTES_MAX = 1024 * 1024;

  /** Bytes of a body that is a file. */
  static final int FILE_BYTES_MAX = 8 * 1024 * 1024;

  static final int CONNECTIONS_MAX = 4_096;

  /** The longest that a request may ask to be waited for. */
  static final Duration WAIT_MAX = Duration.ofSeconds(60);
}
