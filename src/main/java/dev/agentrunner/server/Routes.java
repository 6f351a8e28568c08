package dev.agentrunner.server;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** All that can be asked for. Paths stand for themselves: none is mended before it is compared. */
final class Routes {

  /** Paths are the same with it and without, for good. */
  static final String PREFIX = "/api/v1";

  private final List<Route> all;

  Routes(List<Route> all) {
    this.all = List.copyOf(all);
  }

  List<Route> all() {
    return all;
  }

  /** What a path leads to. */
  sealed interface Found {

    record Match(Route route, Map<String, String> places) implements Found {}

    /**
     * The path is known, the method is not.
     *
     * @param allowed methods it has, sorted
     */
    record OtherMethods(String path, List<String> allowed) implements Found {}

    record Nothing() implements Found {}
  }

  static String withoutPrefix(String rawPath) {
    return rawPath.startsWith(PREFIX + "/") ? rawPath.substring(PREFIX.length()) : rawPath;
  }

  /**
   * Looks for the route of a request.
   *
   * @param rawPath as it was sent, without the query
   * @throws ProblemException if the path is not well written
   */
  Found find(String method, String rawPath) {
    List<String> segments = segments(withoutPrefix(rawPath));
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : all) {
      Optional<Map<String, String>> places = match(route.template(), segments);
      if (places.isEmpty()) {
        continue;
      }
      if (route.method().equals(method.equals("HEAD") ? "GET" : method)) {
        return new Found.Match(route, places.get());
      }
      allowed.add(route.method());
    }
    if (allowed.isEmpty()) {
      return new Found.Nothing();
    }
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    allowed.add("OPTIONS");
    return new Found.OtherMethods(withoutPrefix(rawPath), List.copyOf(allowed));
  }

  private static Optional<Map<String, String>> match(String template, List<String> segments) {
    String[] wanted = template.substring(1).split("/", -1);
    String last = wanted[wanted.length - 1];
    if (last.endsWith("+}") && segments.size() > wanted.length) {
      // The rest of the path, however long.
      List<String> joined = new ArrayList<>(segments.subList(0, wanted.length - 1));
      joined.add(String.join("/", segments.subList(wanted.length - 1, segments.size())));
      return match(template, joined);
    }
    if (wanted.length != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> places = new LinkedHashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      String segment = segments.get(i);
      if (wanted[i].startsWith("{")) {
        if (segment.isEmpty()) {
          return Optional.empty();
        }
        places.put(wanted[i].replaceAll("[{+}]", ""), segment);
      } else if (!wanted[i].equals(segment)) {
        return Optional.empty();
      }
    }
    return Optional.of(places);
  }

  private static List<String> segments(String path) {
    if (!path.startsWith("/")) {
      throw new ProblemException(Problem.badRequest("The path does not begin with a slash."));
    }
    List<String> segments = new ArrayList<>();
    for (String segment : path.substring(1).split("/", -1)) {
      // In a path, unlike in a form, a plus is a plus.
      segments.add(decoded(segment.replace("+", "%2B")));
    }
    return segments;
  }

  /** The query of a request, by name. */
  static Map<String, List<String>> query(String raw) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      query.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }
    return query;
  }

  private static String decoded(String text) {
    try {
      byte[] bytes =
          URLDecoder.decode(text, StandardCharsets.ISO_8859_1)
              .getBytes(StandardCharsets.ISO_8859_1);
      String decoded =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (decoded.indexOf('\0') < 0) {
        return decoded;
      }
    } catch (CharacterCodingException | IllegalArgumentException e) {
      // Told below.
    }
    throw new ProblemException(
        Problem.badRequest("The address has an escape in it that is no UTF-8."));
  }
}
