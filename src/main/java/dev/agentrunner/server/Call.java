package dev.agentrunner.server;

import dev.agentrunner.json.RequestJson;
import dev.agentrunner.json.UnreadableJsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that was let in.
 *
 * @param method such as {@code GET}; that of a {@code HEAD} is {@code GET}
 * @param path without the prefix of the version
 * @param places what stands in the path where the route has names, decoded
 * @param query by name, decoded
 * @param headers by name in lower case; the first of each
 * @param body all of it
 * @param trace names the request in answers and logs
 */
record Call(
    String method,
    String path,
    Map<String, String> places,
    Map<String, List<String>> query,
    Map<String, String> headers,
    byte[] body,
    Caller caller,
    String trace) {

  Call {
    places = Map.copyOf(places);
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** What stands in the path in the place of that name. */
  String place(String name) {
    String value = places.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no place named " + name);
    }
    return value;
  }

  Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  /**
   * A member of the query that may be given once.
   *
   * @throws ProblemException if it is given more often
   */
  Optional<String> query(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new ProblemException(Problem.badRequest(name + " is given more than once."));
    }
    return values.stream().findFirst();
  }

  /** The values of a member of the query that may be given often, or with commas in between. */
  List<String> queries(String name) {
    List<String> all = new ArrayList<>();
    for (String value : query.getOrDefault(name, List.of())) {
      for (String one : value.split(",")) {
        if (!one.isBlank()) {
          all.add(one.strip());
        }
      }
    }
    return all;
  }

  /** A whole number of the query. */
  long number(String name, long otherwise, long min, long max) {
    Optional<String> given = query(name);
    if (given.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(given.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new ProblemException(
        Problem.badRequest("%s must be a whole number from %d to %d.".formatted(name, min, max)));
  }

  /**
   * The body as a JSON object; one without members if there is no body.
   *
   * @throws ProblemException if it is none
   */
  Sent sent() {
    try {
      return Sent.of(body.length == 0 ? Map.of() : RequestJson.read(body));
    } catch (UnreadableJsonException e) {
      throw new ProblemException(
          Problem.of(
              400, "invalid-json", "The body is no JSON object", String.valueOf(e.getMessage())));
    }
  }
}
