package dev.agentrunner.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An exchange recorded from a provider. They are no part of the repository; where {@code
 * AGENT_RUNNER_FIXTURES} does not name their folder, tests that want them are skipped.
 *
 * @param name of the file, without its ending
 * @param request the body sent; a missing node if it was not kept
 * @param file the body that came
 */
public record Recording(
    String name, int status, Map<String, String> headers, JsonNode request, Path file) {

  /** All from one provider, by name. */
  public static Stream<Recording> of(String provider) {
    String fixtures = System.getenv("AGENT_RUNNER_FIXTURES");
    assumeTrue(fixtures != null, "AGENT_RUNNER_FIXTURES is not set");
    try (Stream<Path> files = Files.list(Path.of(fixtures, provider))) {
      return files
          .filter(file -> !file.toString().endsWith(".meta.json"))
          .sorted()
          .map(Recording::read)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Recording of(String provider, String name) {
    return of(provider).filter(r -> r.name().equals(name)).findFirst().orElseThrow();
  }

  private static Recording read(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
    try {
      JsonNode meta = JsonTree.read(Files.readString(file.resolveSibling(name + ".meta.json")));
      JsonNode response = meta.path("response");
      Map<String, String> headers = new HashMap<>();
      response
          .path("headers")
          .properties()
          .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
      return new Recording(
          name, response.path("status").asInt(), headers, meta.path("request").path("body"), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has the next request answered as it was then. */
  public void playOn(ScriptedServer server) {
    server.next(status, headers, bytes());
  }

  /** What came, as it came. */
  public byte[] bytes() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
