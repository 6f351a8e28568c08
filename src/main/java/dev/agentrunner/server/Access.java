package dev.agentrunner.server;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is let in: by a key, or from this machine as long as there is no key. Also refuses what web
 * pages of others have browsers send.
 */
final class Access {

  private static final String BEARER = "bearer ";

  /** Names that people give a key in an address; there it ends up in logs. */
  private static final Set<String> KEY_QUERIES =
      Set.of("api_key", "apikey", "api-key", "key", "token", "access_token", "authorization");

  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private final Listening listening;
  private final Keys keys;
  private final InstantSource clock;
  private final Guesses guesses = new Guesses();

  Access(Listening listening, Keys keys, InstantSource clock) {
    this.listening = listening;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Who asks.
   *
   * @param peer address it came from
   * @throws ProblemException if nobody is let in like that
   */
  Caller caller(Map<String, String> headers, Map<String, List<String>> query, String peer) {
    if (query.keySet().stream().anyMatch(name -> KEY_QUERIES.contains(lower(name)))) {
      throw new ProblemException(
          unauthorized("A key in an address ends up in logs; send it as a header instead."));
    }
    return caller(Optional.ofNullable(headers.get("authorization")), peer);
  }

  /**
   * Who asks.
   *
   * @param authorization what its header says
   * @throws ProblemException if nobody is let in like that
   */
  Caller caller(Optional<String> authorization, String peer) {
    if (authorization.isEmpty()) {
      if (isOpen()) {
        return Caller.LOCAL;
      }
      throw new ProblemException(unauthorized("This needs an API key."));
    }
    String given = authorization.get().strip();
    Optional<Caller> caller =
        lower(given).startsWith(BEARER)
            ? keys.caller(given.substring(BEARER.length()).strip(), clock.instant())
            : Optional.empty();
    if (caller.isPresent()) {
      return caller.get();
    }
    if (guesses.tooMany(peer, clock.instant())) {
      throw new ProblemException(
          Problem.of(
                  429,
                  "too-many-guesses",
                  "Too many keys that open nothing",
                  "Wait for a minute before the next try.")
              .withHeader("Retry-After", String.valueOf(Guesses.WINDOW.toSeconds())));
    }
    throw new ProblemException(unauthorized("This key opens nothing, or not any more."));
  }

  private static Problem unauthorized(String detail) {
    return Problem.of(401, "unauthorized", "Nobody is let in like that", detail)
        .withHeader("WWW-Authenticate", "Bearer realm=\"agent-runner\"");
  }

  /** Whether whoever is on this machine needs no key. */
  boolean isOpen() {
    return listening.isPrivate() && !keys.exist();
  }

  /** Whether who was let in before would be again. */
  boolean stillOpen(Caller caller) {
    return keys.stillOpen(caller, clock.instant());
  }

  /**
   * Refuses a request that meant another server. On loopback a web page can have its own name point
   * here, and would then read answers as its own.
   *
   * @throws ProblemException if so
   */
  void checkHost(Optional<String> host) {
    boolean known = listening.names().isEmpty() && !listening.isLoopback();
    if (!known && !isOurName(withoutPort(lower(host.orElse(""))))) {
      throw new ProblemException(
          Problem.of(
              400,
              "unknown-host",
              "The request is not for this server",
              "It does not go by the name that the Host header has."));
    }
  }

  private boolean isOurName(String name) {
    return name.equals(lower(listening.address()))
        || listening.names().stream().map(Access::lower).anyMatch(name::equals)
        || (listening.isLoopback() && LOCAL_NAMES.contains(name));
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  /**
   * Refuses what the web page of somebody else has a browser send: it needs no key to do that on
   * this machine.
   *
   * @throws ProblemException if so
   */
  void checkOrigin(String method, Map<String, String> headers) {
    if (READING.contains(method)) {
      return;
    }
    boolean foreign =
        headers.containsKey("origin")
            ? !isFriend(headers.get("origin"), Optional.ofNullable(headers.get("host")))
            : "cross-site".equals(headers.get("sec-fetch-site"));
    if (foreign) {
      throw new ProblemException(
          Problem.of(
              403,
              "foreign-origin",
              "Web pages of others may not do that",
              "The origin of the page is not among those that the server was told to trust."));
    }
  }

  /** Whether a web page is ours or of an origin that was allowed. */
  boolean isFriend(String origin, Optional<String> host) {
    return listening.origins().contains(origin)
        || host.map(name -> name.equalsIgnoreCase(authority(origin))).orElse(false);
  }

  /** Whether answers to that origin say that it may read them. */
  boolean isAllowed(String origin) {
    return listening.origins().contains(origin);
  }

  private static String authority(String origin) {
    try {
      String authority = URI.create(origin).getAuthority();
      return authority == null ? "" : authority;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
