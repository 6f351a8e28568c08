package dev.agentrunner.server;

import dev.agentrunner.port.EnvironmentException;
import io.helidon.http.Header;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every request comes in: found, let in, read, done, and each trouble translated into a
 * problem, here and nowhere else.
 */
final class Door {

  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  /** Of the W3C: {@code 00-<trace>-<span>-<flags>}. */
  private static final Pattern TRACE_PARENT =
      Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

  private final Routes routes;
  private final Access access;
  private final Repeats repeats;

  Door(Routes routes, Access access, Repeats repeats) {
    this.routes = routes;
    this.access = access;
    this.repeats = repeats;
  }

  /**
   * What became of a request.
   *
   * @param template of its route; {@code none} if it has none
   * @param closes whether the connection cannot be used any more
   */
  record Outcome(Answer answer, String template, String trace, boolean closes) {}

  Outcome answer(ServerRequest request) {
    Map<String, String> headers = headers(request);
    String trace = trace(headers);
    var template = new StringBuilder("none");
    try {
      return new Outcome(
          serve(request, headers, trace, template), template.toString(), trace, false);
    } catch (ProblemException e) {
      Problem problem = e.problem();
      return new Outcome(
          problem.answer(trace), template.toString(), trace, problem.status() == 413);
    } catch (RequestException e) {
      // The client was too slow with the body, or what it sent is no body.
      return new Outcome(
          Transport.problem(e.status().code()).answer(trace), template.toString(), trace, true);
    } catch (CloseConnectionException e) {
      throw e;
    } catch (EnvironmentException e) {
      LOG.warn("{} {}: {}", trace, template, e.getMessage());
      return new Outcome(
          Problem.of(
                  503,
                  "unavailable",
                  "Something that this needs does not answer",
                  "Try again in a moment; the log of the server has more under the trace_id.")
              .withHeader("Retry-After", "5")
              .answer(trace),
          template.toString(),
          trace,
          false);
    } catch (RuntimeException e) {
      LOG.error("{} {}: a bug in agent-runner", trace, template, e);
      return new Outcome(Transport.problem(500).answer(trace), template.toString(), trace, false);
    }
  }

  private Answer serve(
      ServerRequest request, Map<String, String> headers, String trace, StringBuilder template) {
    String method = request.prologue().method().text();
    String path = request.prologue().uriPath().rawPath();
    access.checkHost(Optional.ofNullable(headers.get("host")));
    access.checkOrigin(method, headers);
    Map<String, List<String>> query = Routes.query(request.prologue().query().rawValue());
    Routes.Found found = routes.find(method, path);
    if (method.equals("OPTIONS") && found instanceof Routes.Found.OtherMethods other) {
      return Answer.empty(204).with("Allow", String.join(", ", other.allowed()));
    }
    if (found instanceof Routes.Found.Match match && match.route().scope().isEmpty()) {
      template.replace(0, template.length(), match.route().template());
      return done(match, request, headers, query, Caller.NOBODY, trace);
    }
    Caller caller = access.caller(headers, query, request.remotePeer().host());
    return switch (found) {
      case Routes.Found.Match match -> {
        template.replace(0, template.length(), match.route().template());
        yield done(match, request, headers, query, caller, trace);
      }
      case Routes.Found.OtherMethods(String of, List<String> allowed) ->
          throw new ProblemException(
              Problem.of(
                      405,
                      "method-not-allowed",
                      "The method is not one of this path",
                      "It has " + String.join(", ", allowed) + ".")
                  .withHeader("Allow", String.join(", ", allowed)));
      case Routes.Found.Nothing() ->
          throw new ProblemException(
              Problem.notFound("No path of the API is written like that; see /openapi.json."));
    };
  }

  private Answer done(
      Routes.Found.Match match,
      ServerRequest request,
      Map<String, String> headers,
      Map<String, List<String>> query,
      Caller caller,
      String trace) {
    Route route = match.route();
    if (route.scope().isPresent() && !caller.may(route.scope().get())) {
      throw new ProblemException(
          Problem.of(
              403,
              "forbidden",
              "The key does not allow that",
              "It takes one with the scope %s."
                  .formatted(route.scope().get().name().toLowerCase(Locale.ROOT))));
    }
    checkQuery(route, query.keySet());
    Media.checkAccepted(headers.get("accept"), route.produces());
    byte[] body = body(route, request, headers);
    var call =
        new Call(
            route.method(),
            Routes.withoutPrefix(request.prologue().uriPath().rawPath()),
            match.places(),
            query,
            headers,
            body,
            caller,
            trace);
    return route.creates()
        ? repeats.once(call, () -> route.handler().answer(call))
        : route.handler().answer(call);
  }

  private static void checkQuery(Route route, Set<String> given) {
    for (String name : given) {
      if (!route.queries().contains(name)) {
        String known =
            route.queries().isEmpty()
                ? "none is"
                : String.join(", ", route.queries().stream().sorted().toList()) + " are";
        throw new ProblemException(
            Problem.badRequest("A query parameter is not known here; %s.".formatted(known)));
      }
    }
  }

  private static byte[] body(Route route, ServerRequest request, Map<String, String> headers) {
    if (route.sends().isEmpty()) {
      return new byte[0];
    }
    boolean empty = !request.content().hasEntity();
    if (!empty || headers.containsKey("content-type")) {
      Media.checkSent(headers.get("content-type"), route.sends());
    }
    if (headers.containsKey("content-encoding")) {
      throw new ProblemException(Media.unsupported("Bodies are taken as they are, not packed."));
    }
    if (empty) {
      return new byte[0];
    }
    int most =
        Media.isJson(headers.get("content-type")) ? Limits.BODY_BYTES_MAX : route.bodyBytesMax();
    if (request.headers().contentLength().orElse(0) > most) {
      throw tooLarge(most);
    }
    byte[] body = read(request, most + 1);
    if (body.length > most) {
      throw tooLarge(most);
    }
    return body;
  }

  private static byte[] read(ServerRequest request, int most) {
    try {
      // Not closed: that would wait for the rest of what is not wanted any more.
      return request.content().inputStream().readNBytes(most);
    } catch (RequestException | CloseConnectionException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Chunks that are none.
      throw Line.refused(400, e);
    }
  }

  private static ProblemException tooLarge(int most) {
    return new ProblemException(
        Problem.of(
            413,
            "body-too-large",
            "The body is too large",
            "At most %d bytes are taken.".formatted(most)));
  }

  private static Map<String, String> headers(ServerRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : request.headers()) {
      headers.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.get());
    }
    return headers;
  }

  private static String trace(Map<String, String> headers) {
    Matcher parent = TRACE_PARENT.matcher(headers.getOrDefault("traceparent", ""));
    return parent.matches() ? parent.group(1) : newTrace();
  }

  static String newTrace() {
    var chance = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(chance.nextLong()) + hex.toHexDigits(chance.nextLong());
  }
}
