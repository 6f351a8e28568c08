package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.RunCommand;
import dev.agentrunner.core.run.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that servers were brought down or talked over with. Each is sent as it is described, on
 * a connection of its own; the answer is one of those expected, says nothing of our insides, and
 * the server answers the next request.
 */
@Timeout(60)
final class BadRequestsTest {

  private static final String BASE = "Host: localhost\r\n";
  private static final int GIB = 1 << 30;

  private static ServedApi api;
  private static RunId run;
  private static String admin;

  @BeforeAll
  static void serve() {
    api = new ServedApi();
    run = api.run();
    api.writer(run).started();
    api.as(Scope.ADMIN);
    admin = api.key;
  }

  @AfterAll
  static void close() {
    api.close();
  }

  /** A request of the corpus, with the statuses it may be answered with; 0 for a closed line. */
  record Case(String id, String name, String request, Set<Integer> expected) {
    @Override
    public String toString() {
      return id + " " + name;
    }
  }

  static Stream<Case> cases() throws IOException {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    if (corpora == null) {
      return Stream.of(new Case("", "AGENT_RUNNER_CORPORA is not set", "", Set.of()));
    }
    JsonNode all = ServedApi.JSON.readTree(Path.of(corpora, "06-api/bad_requests.json").toFile());
    return StreamSupport.stream(all.spliterator(), false)
        .map(one ->
            new Case(
                one.path("id").asText(),
                one.path("name").asText(),
                one.path("request").asText(),
                statuses(one.path("expect").asText())));
  }

  private static Set<Integer> statuses(String expected) {
    Set<Integer> statuses = new TreeSet<>();
    Matcher number = Pattern.compile("\\b[2-5]\\d\\d\\b").matcher(expected);
    while (number.find()) {
      statuses.add(Integer.parseInt(number.group()));
    }
    if (expected.contains("closed")) {
      statuses.add(0);
    }
    return statuses;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void is_answered_as_it_should_be(Case one) {
    assumeTrue(!one.id().isEmpty(), one.name());

    List<RawClient.Answered> answers = answers(one);

    for (RawClient.Answered answer : answers) {
      if (!one.expected().isEmpty()) {
        assertThat(one.expected()).as(answer.toString()).contains(answer.status());
      }
      if (!one.expected().contains(answer.status())) {
        assertThat(answer.status()).as(answer.toString()).isLessThan(500);
      }
      assertThat(answer.body())
          .doesNotContain("Exception")
          .doesNotContain("\tat ")
          .doesNotContain("dev.agentrunner")
          .doesNotContain("evil.test")
          .doesNotContain(admin);
      if (answer.status() >= 400) {
        assertThat(answer.headers().get("content-type")).isEqualTo(Problem.MEDIA_TYPE);
        assertThat(answer.body()).contains("\"trace_id\":\"");
      }
    }
    assertThat(api.get("/healthz").status()).isEqualTo(200);
  }

  private static List<RawClient.Answered> answers(Case one) {
    return switch (one.id()) {
      // Who asks
      case "api-001" -> List.of(raw("GET /runs HTTP/1.1\r\n" + BASE + "\r\n"));
      case "api-003" -> List.of(raw("GET /readyz HTTP/1.1\r\n" + BASE + "\r\n"));
      case "api-005" ->
          List.of(raw("GET /runs?api_key=" + admin + " HTTP/1.1\r\n" + BASE + "\r\n"));
      // There are scopes in the place of roles, and keys in the place of users and logins.
      case "api-007" -> List.of(as(Scope.READ, () -> sent("POST /runs", json("{}"))));
      case "api-009" -> List.of(as(Scope.WRITE, () -> sent("POST /api-keys", json("{}"))));
      case "api-135" -> guesses();
      case "api-137" ->
          // The longest password there could be is a key, and a header.
          List.of(status(431, 400, raw(head("GET /runs", "A".repeat(1 << 20)))));

      // Bodies
      case "api-047" -> List.of(foreign());
      case "api-049" -> List.of(sent("POST /runs", "Content-Type: text/plain\r\n", "{}"));
      case "api-051" ->
          List.of(sent("POST /runs", "Content-Type: application/xml\r\n", "<!DOCTYPE x>"));
      case "api-053" ->
          List.of(sent("POST /runs", "Content-Type: application/vnd.x+json\r\n", "{}"));
      case "api-055" -> List.of(sent("GET /runs", "Accept: ;;;q=x\r\n", ""));
      case "api-065" -> List.of(sent("POST /runs", json("{\"x\":1,\"goal\":\"y\"}")));
      case "api-071" -> List.of(sent("POST /runs", json("\u00ef\u00bb\u00bf{}")));
      case "api-075" -> List.of(sent("POST /runs", json("[".repeat(100_000))));
      case "api-077" -> List.of(sent("POST /runs", json("{\"" + "A".repeat(1 << 20) + "\":1}")));
      case "api-079" ->
          List.of(
              raw(
                  head(
                      "POST /runs",
                      admin,
                      "Content-Type: application/json",
                      "Content-Length: " + GIB)));
      case "api-089" ->
          List.of(
              raw(
                  head(
                      "POST /runs",
                      admin,
                      "Content-Type: application/json",
                      "Expect: 100-continue",
                      "Content-Length: " + GIB)));
      case "api-133" ->
          List.of(sent("POST /workflows?name=b", "Content-Type: application/yaml\r\n", "bomb: &a"));

      // Where a request ends
      case "api-081" -> short5();
      case "api-083" ->
          List.of(
              raw(
                  head(
                          "POST /runs",
                          admin,
                          "Content-Type: application/json",
                          "Content-Length: 5",
                          "Transfer-Encoding: chunked")
                      + "0\r\n\r\n"));
      case "api-085" ->
          List.of(
              raw(
                  head(
                          "POST /runs",
                          admin,
                          "Content-Type: application/json",
                          "Transfer-Encoding: xchunked")
                      + "0\r\n\r\n"));
      case "api-087" ->
          List.of(
              raw(
                  head(
                          "POST /runs",
                          admin,
                          "Content-Type: application/json",
                          "Transfer-Encoding: chunked")
                      + "1;"
                      + "x".repeat(1 << 20)
                      + "\r\n{\r\n0\r\n\r\n"));

      // Heads
      case "api-043" -> List.of(raw(head("TRACE /runs", admin)));
      case "api-045" -> List.of(override());
      case "api-093" -> List.of(raw(manyHeaders()));
      case "api-095" -> List.of(raw("GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n"));
      case "api-097" -> List.of(raw("GET /\r\n"));
      case "api-099" -> List.of(raw("\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\r\n\r\n"));
      case "api-101" -> List.of(raw(head("GET /runs", admin, "X: a\r\n b")));
      case "api-103" -> List.of(raw("GET / HTTP/1.1\n\n"));

      // Many at once; the clients that read slowly are in EventsTest and SlowClientsTest
      case "api-105" -> slowHeads();
      case "api-107", "api-117" -> List.of();
      case "api-109" -> flood();

      // Runs
      case "api-111", "api-113", "api-115" -> List.of(stream());
      case "api-119" -> List.of(cancel(), cancel());
      case "api-121" -> List.of();
      case "api-123" -> List.of(once(), once());
      case "api-091" -> List.of(named());
      case "api-127" -> List.of(sent("GET /runs/" + api.run() + "/artifacts/bad-name", ""));
      case "api-129" -> List.of(named("Range: bytes=-0\r\n"));
      case "api-131" ->
          // There is no path for files yet, and none that takes one in its query.
          List.of(status(404, 400, sent("GET /files?path=../../etc/passwd", "")));

      // Faults of ours; the rest is in FaultsTest
      case "api-139", "api-145" -> List.of();
      case "api-141" ->
          List.of(sent("POST /runs", json("{\"goal\":\"<img src=x onerror=alert(1)>\"}")));
      case "api-143" -> List.of(sent("GET /providers", ""));
      default -> plain(one.request());
    };
  }

  /** {@code POST /runs {"a":1}} and the like, as it stands. */
  private static List<RawClient.Answered> plain(String request) {
    Matcher parts = Pattern.compile("([A-Z]+) (\\S+) ?(.*)", Pattern.DOTALL).matcher(request);
    assertThat(parts.matches()).as("what is \"%s\"?", request).isTrue();
    String line = parts.group(1) + " " + parts.group(2);
    return List.of(
        parts.group(1).equals("POST") ? sent(line, json(parts.group(3))) : sent(line, ""));
  }

  // Sending

  private record Json(String body) {}

  private static Json json(String body) {
    return new Json(body);
  }

  private static String head(String line, String key, String... headers) {
    StringBuilder head = new StringBuilder(line).append(" HTTP/1.1\r\n").append(BASE);
    head.append("Authorization: Bearer ").append(key).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  private static RawClient.Answered raw(String bytes) {
    try (var client = new RawClient(api.server.port())) {
      return client.send(bytes).answer();
    }
  }

  private static RawClient.Answered sent(String line, Json json) {
    return sent(line, "Content-Type: application/json\r\n", json.body());
  }

  private static RawClient.Answered sent(String line, String headers) {
    return sent(line, headers, "");
  }

  /**
   * @param headers each with its line's end
   * @param body in ISO 8859-1: a character is a byte
   */
  private static RawClient.Answered sent(String line, String headers, String body) {
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    return raw(
        "%s HTTP/1.1\r\n%sAuthorization: Bearer %s\r\n%s%s\r\n%s"
            .formatted(line, BASE, api.key, headers, length, body));
  }

  private static RawClient.Answered as(Scope scope, Supplier<RawClient.Answered> work) {
    try {
      api.as(scope);
      return work.get();
    } finally {
      api.key = admin;
    }
  }

  /** Says {@code as} where an answer has one status in the place of another. */
  private static RawClient.Answered status(int is, int as, RawClient.Answered answer) {
    assertThat(answer.status()).isEqualTo(is);
    return new RawClient.Answered(as, answer.headers(), answer.body());
  }

  // Cases that take more than a line

  private static List<RawClient.Answered> guesses() {
    List<RawClient.Answered> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(raw(head("GET /runs", "ar_guess" + i)));
    }
    RawClient.Answered last = all.getLast();
    assertThat(last.headers()).containsKey("retry-after");
    return List.of(last);
  }

  private static RawClient.Answered foreign() {
    RawClient.Answered answer = raw(head("OPTIONS /runs", admin, "Origin: https://evil.test"));
    assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
    return answer;
  }

  private static RawClient.Answered override() {
    RawClient.Answered answer = sent("POST /runs/" + run, "X-HTTP-Method-Override: DELETE\r\n", "");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(api.get("/runs/" + run).status()).isEqualTo(200);
    return answer;
  }

  /** What follows five bytes is the next request, and no good one. */
  private static List<RawClient.Answered> short5() {
    String head = head("POST /runs", admin, "Content-Type: application/json", "Content-Length: 5");
    try (var client = new RawClient(api.server.port())) {
      client.send(head + "{\"a\":" + "x".repeat(495));
      return List.of(client.answer(), client.answer());
    }
  }

  private static String manyHeaders() {
    StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\n").append(BASE);
    for (int i = 0; i < 10_000; i++) {
      request.append("X-").append(i).append(": y\r\n");
    }
    return request.append("\r\n").toString();
  }

  private static List<RawClient.Answered> slowHeads() {
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      slow.add(new RawClient(api.server.port()).send("GET /runs HTTP/1.1\r\nHost: l"));
    }
    assertThat(api.get("/healthz").status()).isEqualTo(200);
    for (RawClient client : slow) {
      RawClient.Answered answer = client.answer();
      assertThat(answer.status()).isIn(408, 0);
      client.close();
    }
    return List.of();
  }

  private static List<RawClient.Answered> flood() {
    List<RawClient> open = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      open.add(new RawClient(api.server.port()));
    }
    open.forEach(RawClient::close);
    return List.of();
  }

  private static RawClient.Answered stream() {
    RunId over = api.run();
    api.store.command(over, new RunCommand.Wish.Cancel("a\n\nevent: x", false), "me");
    try (var client = new RawClient(api.server.port())) {
      client.send(head("GET /runs/" + over + "/events/stream", admin));
      return client.answer();
    }
  }

  private static RawClient.Answered cancel() {
    return sent("POST /runs/" + run + "/cancel", json("{}"));
  }

  private static RawClient.Answered once() {
    return sent(
        "POST /runs",
        "Content-Type: application/json\r\nIdempotency-Key: corpus\r\n",
        "{\"goal\":\"once\"}");
  }

  private static RawClient.Answered named(String... headers) {
    api.files.put("file:bad", "0123456789".getBytes(StandardCharsets.UTF_8));
    api.store.add(
        List.of(
            new ArtifactRecord(
                "bad-name",
                run,
                "a\";\r\nX: y",
                "file",
                "file:bad",
                10,
                "ab".repeat(32),
                api.clock.instant())));
    return sent("GET /runs/" + run + "/artifacts/bad-name/download", String.join("", headers));
  }
}
