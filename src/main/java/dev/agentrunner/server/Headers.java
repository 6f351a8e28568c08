package dev.agentrunner.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Headers that every answer has. */
final class Headers {

  /** Keep browsers from guessing, framing, telling others and running anything. */
  static final Map<String, String> GUARDS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cache-Control", "no-store");

  private static final String EXPOSED =
      "ETag, Location, Retry-After, Idempotency-Replayed, Trace-Id, Content-Range";

  private final Access access;

  Headers(Access access) {
    this.access = access;
  }

  /**
   * What goes with an answer, its own headers last.
   *
   * @param origin of the web page that asks; empty if none does
   * @param preflight whether a browser only asks what it may send
   */
  Map<String, String> of(Door.Outcome outcome, Optional<String> origin, boolean preflight) {
    Map<String, String> headers = new LinkedHashMap<>(GUARDS);
    headers.put("Trace-Id", outcome.trace());
    if (origin.isPresent()) {
      headers.put("Vary", "Origin");
    }
    if (origin.filter(access::isAllowed).isPresent()) {
      headers.put("Access-Control-Allow-Origin", origin.get());
      headers.put("Access-Control-Expose-Headers", EXPOSED);
      headers.put("Cross-Origin-Resource-Policy", "cross-origin");
      if (preflight) {
        headers.put(
            "Access-Control-Allow-Methods",
            outcome.answer().headers().getOrDefault("Allow", "GET"));
        headers.put(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Range");
        headers.put("Access-Control-Max-Age", "600");
      }
    }
    headers.putAll(outcome.answer().headers());
    return headers;
  }
}
