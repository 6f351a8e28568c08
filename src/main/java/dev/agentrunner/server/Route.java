package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that can be asked for.
 *
 * @param template such as {@code /runs/{id}}, without the prefix of the version
 * @param scope that a caller needs; empty if everybody may ask
 * @param queries members of the query that it knows; others are refused
 * @param produces media type of what it answers; {@code *}{@code /*} if that depends
 * @param sends media types of bodies it takes; none if it takes no body
 * @param bodyBytesMax the longest body
 * @param creates whether a repeated request would make another thing, so that an idempotency key
 *     helps
 */
record Route(
    String method,
    String template,
    Optional<Scope> scope,
    Set<String> queries,
    String produces,
    Set<String> sends,
    int bodyBytesMax,
    boolean creates,
    Handler handler) {

  static final String ANY = "*/*";

  private static final Set<String> JSON_BODY = Set.of(Answer.JSON);

  Route {
    queries = Set.copyOf(queries);
    sends = Set.copyOf(sends);
  }

  /** Does what is asked for. */
  interface Handler {

    /**
     * Answers one call, on a thread of its own.
     *
     * @throws ProblemException if it is not done
     */
    Answer answer(Call call);
  }

  static Route get(String template, Scope scope, Handler handler) {
    return new Route(
        "GET", template, Optional.of(scope), Set.of(), Answer.JSON, Set.of(), 0, false, handler);
  }

  static Route post(String template, Scope scope, Handler handler) {
    return sending("POST", template, scope, handler);
  }

  static Route sending(String method, String template, Scope scope, Handler handler) {
    return new Route(
        method,
        template,
        Optional.of(scope),
        Set.of(),
        Answer.JSON,
        JSON_BODY,
        Limits.BODY_BYTES_MAX,
        false,
        handler);
  }

  static Route delete(String template, Scope scope, Handler handler) {
    return new Route(
        "DELETE", template, Optional.of(scope), Set.of(), Answer.JSON, Set.of(), 0, false, handler);
  }

  Route open() {
    return new Route(
        method,
        template,
        Optional.empty(),
        queries,
        produces,
        sends,
        bodyBytesMax,
        creates,
        handler);
  }

  Route knowing(String... names) {
    return new Route(
        method, template, scope, Set.of(names), produces, sends, bodyBytesMax, creates, handler);
  }

  Route producing(String mediaType) {
    return new Route(
        method, template, scope, queries, mediaType, sends, bodyBytesMax, creates, handler);
  }

  /** Also takes a text of that type, up to the size of a file. */
  Route alsoTaking(String... mediaTypes) {
    Set<String> all = new HashSet<>(sends);
    all.addAll(Set.of(mediaTypes));
    return new Route(
        method, template, scope, queries, produces, all, Limits.FILE_BYTES_MAX, creates, handler);
  }

  Route creating() {
    return new Route(
        method, template, scope, queries, produces, sends, bodyBytesMax, true, handler);
  }
}
