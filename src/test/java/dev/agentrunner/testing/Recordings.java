package dev.agentrunner.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Exchanges recorded from one provider, where {@code AGENT_RUNNER_FIXTURES} says that they are;
 * tests that need them are skipped where it is not set. Each is a body beside a {@code .meta.json}
 * that has the request, the status and the headers.
 */
public final class Recordings {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  public Recordings(String provider) {
    String fixtures = System.getenv("AGENT_RUNNER_FIXTURES");
    assumeTrue(fixtures != null, "AGENT_RUNNER_FIXTURES is not set");
    folder = Path.of(fixtures, provider);
  }

  /**
   * One exchange.
   *
   * @param request its body; the missing node where it was not recorded
   */
  public record Recording(
      String name, int status, Map<String, String> headers, JsonNode request, byte[] body) {

    /** Has the next request answered as it was then. */
    public void playOn(ScriptedServer server) {
      server.next(status, headers, body);
    }
  }

  public Stream<Recording> all() {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> bodies =
          files.filter(file -> !file.toString().endsWith(".meta.json")).sorted().toList();
      return bodies.stream().map(Recordings::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Recording named(String name) {
    return all().filter(recording -> recording.name().equals(name)).findFirst().orElseThrow();
  }

  private static Recording read(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
    try {
      JsonNode meta = JSON.readTree(Files.readString(file.resolveSibling(name + ".meta.json")));
      JsonNode response = meta.path("response");
      Map<String, String> headers = new TreeMap<>();
      response
          .path("headers")
          .properties()
          .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
      return new Recording(
          name,
          response.path("status").asInt(),
          headers,
          meta.path("request").path("body"),
          Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
