package dev.agentrunner.adapter.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.report.Notice;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.Telling.Occasion;
import dev.agentrunner.core.task.Telling.Webhook;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.testing.ScriptedServer;
import dev.agentrunner.testing.ScriptedServer.Asked;
import dev.agentrunner.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookWayTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final byte[] NOTHING = {};
  private static final Notice NOTICE =
      new Notice(
          Occasion.FAILURE,
          new RunId("20261121-101500-7f3a"),
          42,
          Instant.parse("2026-11-21T10:15:30.123Z"),
          "tasks.yml",
          Optional.of(new TaskId("T1")),
          "tasks.yml: T1 failed",
          "post-hook tests: exit 1",
          Optional.empty());

  private final ScriptedServer server = new ScriptedServer();
  private final SettableClock clock = new SettableClock();

  @AfterEach
  void close() {
    server.close();
  }

  private WebhookWay way(Duration patience, Optional<String> secret) {
    return new WebhookWay(
        new Webhook(
            new KeySource.Plain(server.url() + "/hook?a=b"), secret.map(_ -> "HOOK_SECRET")),
        secret.map(value -> Map.of("HOOK_SECRET", value)).orElse(Map.of()),
        clock,
        patience,
        List.of(AT_ONCE, AT_ONCE));
  }

  @Test
  void the_signature_is_the_one_of_standard_webhooks() {
    assertThat(
            WebhookWay.signature(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void a_notice_is_posted_signed_under_an_id_of_its_own() {
    server.next(204, Map.of(), NOTHING);

    assertThat(way(LONG, Optional.of("a plain secret")).tell(NOTICE, new StopSignal())).isEmpty();

    Asked asked = server.asked().getFirst();
    String timestamp = String.valueOf(clock.instant().getEpochSecond());
    assertThat(asked.method() + " " + asked.path()).isEqualTo("POST /hook?a=b");
    assertThat(asked.headers())
        .containsEntry("webhook-id", "20261121-101500-7f3a-42")
        .containsEntry("webhook-timestamp", timestamp)
        .containsEntry(
            "webhook-signature",
            WebhookWay.signature(
                "a plain secret",
                "20261121-101500-7f3a-42",
                timestamp,
                asked.body().getBytes(StandardCharsets.UTF_8)));
    assertThat(asked.body())
        .isEqualTo(
            """
            {"type":"failure","timestamp":"2026-11-21T10:15:30.123Z","data":{"v":1,\
            "run":"20261121-101500-7f3a","seq":42,"tasks_file":"tasks.yml","task":"T1",\
            "title":"tasks.yml: T1 failed","message":"post-hook tests: exit 1"}}\
            """);
  }

  @Test
  void what_fails_in_passing_is_tried_twice_more_under_the_same_id() {
    server.next(503, Map.of(), NOTHING);
    server.next(ScriptedServer.Line::cut);
    server.next(200, Map.of(), NOTHING);

    assertThat(way(LONG, Optional.empty()).tell(NOTICE, new StopSignal())).isEmpty();

    assertThat(server.asked())
        .extracting(asked -> asked.headers().get("webhook-id"))
        .containsExactly(NOTICE.id(), NOTICE.id(), NOTICE.id());
    assertThat(server.asked().getFirst().headers()).doesNotContainKey("webhook-signature");
  }

  @Test
  void it_is_not_tried_a_fourth_time() {
    for (int i = 0; i < 4; i++) {
      server.next(500, Map.of(), NOTHING);
    }

    assertThat(way(LONG, Optional.empty()).tell(NOTICE, new StopSignal()))
        .contains("127.0.0.1 answered 500");

    assertThat(server.asked()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 400, 404, 410})
  void what_another_try_would_not_change_is_not_tried_again_and_nobody_is_followed(int status) {
    server.next(status, Map.of("location", server.url() + "/elsewhere"), NOTHING);

    assertThat(way(LONG, Optional.empty()).tell(NOTICE, new StopSignal()))
        .contains("127.0.0.1 answered " + status);

    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void a_server_that_says_nothing_is_given_up() {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.next(line -> line.awaitClose(closed));

    Optional<String> trouble =
        way(Duration.ofMillis(300), Optional.empty()).tell(NOTICE, new StopSignal());

    assertThat(trouble.orElseThrow()).startsWith("127.0.0.1 was not told: ");
    assertThat(closed.join()).isTrue();
  }

  @Test
  void whoever_stops_does_not_wait_for_it() {
    StopSignal stop = new StopSignal();
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.next(line -> {
      stop.request();
      line.awaitClose(closed);
    });

    assertThat(way(LONG, Optional.empty()).tell(NOTICE, stop)).isPresent();

    assertThat(closed.join()).isTrue();
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void without_the_secret_nothing_is_posted() {
    assertThat(way(LONG, Optional.of(" ")).tell(NOTICE, new StopSignal()))
        .contains(
            "127.0.0.1 was not told, as it would not have been signed: HOOK_SECRET is not set");

    assertThat(server.asked()).isEmpty();
  }

  @Test
  void an_address_that_is_not_set_is_told_without_its_value() {
    WebhookWay way =
        new WebhookWay(
            new Webhook(new KeySource.Variable("HOOK_URL"), Optional.empty()),
            Map.of(),
            clock,
            LONG);

    assertThat(way.tell(NOTICE, new StopSignal()).orElseThrow()).contains("has no address");
  }
}
