package dev.agentrunner.server;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

/** Answers to what is no request, or none that gets as far as the door. */
final class Transport implements DirectHandler {

  static DirectHandlers handlers() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, new Transport());
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType eventType,
      Status defaultStatus,
      ServerResponseHeaders responseHeaders,
      String message) {
    responseHeaders.set(HeaderValues.create("Content-Type", Problem.MEDIA_TYPE));
    Headers.GUARDS.forEach((name, value) -> responseHeaders.set(HeaderValues.create(name, value)));
    return TransportResponse.builder()
        .status(defaultStatus)
        .headers(responseHeaders)
        .entity(problem(defaultStatus.code()).json(Door.newTrace()))
        .keepAlive(false)
        .build();
  }

  /** What is told where nothing is known but the status. */
  static Problem problem(int status) {
    return switch (status) {
      case 408 ->
          Problem.of(
              408,
              "request-timeout",
              "The request did not come in time",
              "It has to be sent in one go.");
      case 413 ->
          Problem.of(
              413,
              "body-too-large",
              "The body is too large",
              "At most %d bytes are taken.".formatted(Limits.FILE_BYTES_MAX));
      case 414 ->
          Problem.of(
              414,
              "address-too-long",
              "The address is too long",
              "The first line of a request has at most %d bytes.".formatted(Limits.LINE_BYTES_MAX));
      case 431 ->
          Problem.of(
              431,
              "headers-too-large",
              "The headers are too many or too long",
              "At most %d of them are taken, and %d bytes in all."
                  .formatted(Limits.HEADERS_MAX, Limits.HEADERS_BYTES_MAX));
      case 503 ->
          Problem.of(503, "unavailable", "Too much is asked for at once", "Try again in a moment.");
      case 505 -> Problem.of(505, "http-version", "Only HTTP/1.1 is spoken here", "Send HTTP/1.1.");
      default ->
          status >= 500
              ? Problem.of(
                  500,
                  "internal",
                  "This is a fault of the server",
                  "The log of the server has more under the trace_id.")
              : Problem.badRequest("It is not well written as HTTP.");
    };
  }
}
