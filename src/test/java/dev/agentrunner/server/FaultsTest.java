package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunStore;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients hear when the trouble is ours, and what they do to each other. */
@Timeout(60)
final class FaultsTest {

  /** A store that is told to fail: whatever it is asked for. */
  private static RunStore broken(Supplier<RuntimeException> trouble) {
    return (RunStore)
        Proxy.newProxyInstance(
            FaultsTest.class.getClassLoader(),
            new Class<?>[] {RunStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("onAppend")) {
                return (RunStore.Subscription) () -> {};
              }
              throw trouble.get();
            });
  }

  @Test
  void a_fault_of_ours_says_nothing_of_our_insides() {
    String secret = "SELECT * FROM run at /var/lib/agent-runner.db";
    try (var api =
        new ServedApi(
            Listening.locally(0), Optional.of(broken(() -> new IllegalStateException(secret))))) {
      ServedApi.Got failed = api.get("/runs");

      assertThat(failed.status()).isEqualTo(500);
      assertThat(failed.header("content-type")).isEqualTo(Problem.MEDIA_TYPE);
      assertThat(failed.json().path("trace_id").asText())
          .hasSize(32)
          .isEqualTo(failed.header("trace-id"));
      assertThat(failed.text()).doesNotContain("SELECT").doesNotContain("/var/lib");
    }
  }

  @Test
  void a_store_that_does_not_answer_makes_the_server_not_ready_but_alive() {
    try (var api =
        new ServedApi(
            Listening.locally(0),
            Optional.of(broken(() -> new EnvironmentException("no connection to db.internal"))))) {
      ServedApi.Got ready = api.get("/readyz");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.json().path("detail").asText()).isEqualTo("The store does not answer.");
      assertThat(api.get("/healthz").status()).isEqualTo(200);
      ServedApi.Got runs = api.get("/runs");
      assertThat(runs.status()).isEqualTo(503);
      assertThat(runs.header("retry-after")).isNotEmpty();
      assertThat(runs.text()).doesNotContain("db.internal");
    }
  }

  @Test
  void a_trace_that_a_client_began_is_gone_on_with() {
    try (var api = new ServedApi()) {
      String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

      ServedApi.Got refused =
          api.get("/nothing", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");

      assertThat(refused.status()).isEqualTo(404);
      assertThat(refused.json().path("trace_id").asText()).isEqualTo(trace);
    }
  }

  @Test
  void clients_that_do_not_take_a_file_hold_up_nobody_and_are_cut_off() {
    try (var api = new ServedApi()) {
      RunId run = api.run();
      byte[] large = "0123456789abcdef".repeat(1 << 19).getBytes(StandardCharsets.US_ASCII);
      api.files.put("file:large", large);
      api.store.add(
          List.of(
              new ArtifactRecord(
                  "large",
                  run,
                  "x",
                  "file",
                  "file:large",
                  large.length,
                  "ab".repeat(32),
                  api.clock.instant())));
      String path = "/runs/" + run + "/artifacts/large/download";
      List<RawClient> slow = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        slow.add(
            new RawClient(api.server.port(), 4_096)
                .send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      }

      assertThat(api.get(path).bytes()).hasSize(large.length);
      for (RawClient client : slow) {
        // Nothing is read before the server has given up, so that less than all of it comes.
        while (api.server.lines() > 1) {
          Thread.onSpinWait();
        }
        assertThat(client.ended()).isTrue();
        client.close();
      }
    }
  }

  @Test
  void a_request_that_takes_too_long_to_come_is_given_up() {
    Limits patient = ServedApi.QUICK;
    var hasty =
        new Limits(
            patient.head(),
            Duration.ZERO,
            patient.silence(),
            patient.stall(),
            patient.keepalive(),
            patient.streams(),
            patient.queue());
    try (var api = new ServedApi(new Listening("127.0.0.1", 0, Set.of(), Set.of(), hasty));
        var client = new RawClient(api.server.port())) {
      List<String> head =
          List.of(
              "POST /runs HTTP/1.1",
              "Host: localhost",
              "Content-Type: application/json",
              "Content-Length: 2",
              "Expect: 100-continue",
              "\r\n");
      client.send(String.join("\r\n", head));
      assertThat(client.answer().status()).isEqualTo(100);

      RawClient.Answered late = client.send("{}").answer();

      assertThat(late.status()).isEqualTo(408);
      assertThat(late.body()).contains("request-timeout");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void methods_types_and_sizes_are_told_apart() {
    try (var api = new ServedApi()) {
      ServedApi.Got method = api.send("PUT", "/runs", "{}");
      assertThat(method.status()).isEqualTo(405);
      assertThat(method.header("allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
      assertThat(api.get("/runs", "Accept", "text/html").status()).isEqualTo(406);
      assertThat(api.get("/runs", "Accept", "text/html, application/*;q=0.1").status())
          .isEqualTo(200);
      assertThat(api.post("/runs", "x".repeat(Limits.BODY_BYTES_MAX + 1)).status()).isEqualTo(413);
      assertThat(api.get("/runs?x=" + "y".repeat(Limits.LINE_BYTES_MAX)).status()).isEqualTo(414);
      assertThat(api.get("/runs", "X-Much", "y".repeat(Limits.HEADERS_BYTES_MAX)).status())
          .isEqualTo(431);
      assertThat(api.get("/runs?colour=red").status()).isEqualTo(400);
      String deep = "[".repeat(70) + "]".repeat(70);
      assertThat(api.post("/runs", "{\"tasks\":" + deep + "}").status()).isEqualTo(400);
      assertThat(api.post("/runs", "{\"goal\":\"a\",\"goal\":\"b\"}").status()).isEqualTo(400);
      assertThat(api.get("/healthz").header("x-content-type-options")).isEqualTo("nosniff");
    }
  }
}
