package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventsTest {

  private final ServedApi api = new ServedApi();

  @AfterEach
  void close() {
    api.close();
  }

  // Pages

  @Test
  void events_are_read_from_where_a_client_left_off() {
    RunId run = api.run();
    api.writer(run).started().warned(5).completed();

    JsonNode page = api.get("/runs/" + run + "/events?since_seq=3&limit=2").json();

    assertThat(page.path("events").findValuesAsText("seq")).containsExactly("4", "5");
    assertThat(page.path("next_since_seq").asLong()).isEqualTo(5);
    assertThat(page.path("last_seq").asLong()).isEqualTo(9);
    assertThat(page.path("over").asBoolean()).isFalse();
    JsonNode rest = api.get("/runs/" + run + "/events?since_seq=5").json();
    assertThat(rest.path("over").asBoolean()).isTrue();
  }

  @Test
  void events_of_other_types_are_passed_over_and_the_cursor_with_them() {
    RunId run = api.run();
    api.writer(run).started().warned(3);

    JsonNode page = api.get("/runs/" + run + "/events?types=run.started,task.started").json();

    assertThat(page.path("events").findValuesAsText("type"))
        .containsExactly("run.started", "task.started");
    assertThat(page.path("next_since_seq").asLong()).isEqualTo(5);
  }

  @Test
  void a_cursor_ahead_of_the_log_is_refused() {
    RunId run = api.run();

    for (String path : List.of("/events?since_seq=1", "/events/stream?since_seq=1")) {
      ServedApi.Got refused = api.get("/runs/" + run + path);
      assertThat(refused.status()).isEqualTo(416);
      assertThat(refused.json().path("last_seq").asLong()).isZero();
    }
  }

  @Test
  void a_client_may_wait_for_the_next_event() {
    RunId run = api.run();
    ServedApi.Writer writer = api.writer(run).started();
    var waiting =
        CompletableFuture.supplyAsync(
            () -> api.get("/runs/" + run + "/events?since_seq=2&wait=30"));
    awaitFollowers(1);

    writer.warned(1);

    assertThat(waiting.join().json().path("events").findValuesAsText("seq")).containsExactly("3");
  }

  private void awaitFollowers(int count) {
    while (api.broadcast.following() < count) {
      Thread.onSpinWait();
    }
  }

  // Streams

  /** A client of a stream, a frame at a time. */
  private final class Stream implements AutoCloseable {

    private final RawClient client;

    Stream(RunId run, String more) throws IOException {
      client = new RawClient(api.server.port());
      client.send(
          "GET /runs/%s/events/stream HTTP/1.1\r\nHost: localhost\r\n%s\r\n".formatted(run, more));
      assertThat(client.line()).startsWith("HTTP/1.1 200");
      while (!client.line().isEmpty()) {}
    }

    /** The next frame but for keepalives, with its lines; empty at the end. */
    List<String> frame() throws IOException {
      List<String> lines = new ArrayList<>();
      while (true) {
        String line = client.line();
        if (line.startsWith("id:") || line.startsWith("event:") || line.startsWith("data:")) {
          lines.add(line);
        } else if (line.equals("0") || (line.isEmpty() && client.in.available() == 0 && gone())) {
          return List.of();
        } else if (line.isEmpty() && !lines.isEmpty()) {
          return lines;
        }
      }
    }

    private boolean gone() throws IOException {
      client.in.mark(1);
      int next = client.in.read();
      client.in.reset();
      return next < 0;
    }

    @Override
    public void close() {
      client.close();
    }
  }

  @Test
  void a_stream_tells_what_was_and_what_comes_and_ends_with_the_run() throws IOException {
    RunId run = api.run();
    ServedApi.Writer writer = api.writer(run).started();
    try (var stream = new Stream(run, "Last-Event-ID: 1\r\n")) {
      assertThat(stream.frame().subList(0, 2)).containsExactly("id: 2", "event: task.started");

      writer.completed();

      assertThat(stream.frame().getFirst()).isEqualTo("id: 3");
      assertThat(stream.frame().subList(0, 2)).containsExactly("id: 4", "event: run.completed");
      assertThat(stream.frame())
          .containsExactly("event: end", "data: {\"reason\":\"over\",\"last_seq\":4}");
      assertThat(stream.frame()).isEmpty();
    }
  }

  @Test
  void a_stream_of_a_run_that_is_over_tells_all_and_ends() throws IOException {
    RunId run = api.run();
    api.writer(run).started().completed();

    try (var stream = new Stream(run, "")) {
      for (int seq = 1; seq <= 4; seq++) {
        assertThat(stream.frame().getFirst()).isEqualTo("id: " + seq);
      }
      assertThat(stream.frame().getFirst()).isEqualTo("event: end");
    }
  }

  @Test
  void what_an_event_says_cannot_forge_another() throws IOException {
    RunId run = api.run();
    String evil = "a\nb\rc\r\n\r\nevent: end\ndata: x\n\n";
    api.writer(run).started().append(new RunEvent.RunWarned(evil)).completed();

    try (var stream = new Stream(run, "Last-Event-ID: 2\r\n")) {
      List<String> frame = stream.frame();

      assertThat(frame).hasSize(3);
      String data = frame.get(2).substring("data: ".length());
      assertThat(ServedApi.JSON.readTree(data).path("data").path("message").asText())
          .isEqualTo(evil);
    }
  }

  @Test
  void what_is_fleeting_has_no_id() throws IOException {
    RunId run = api.run();
    ServedApi.Writer writer = api.writer(run).started();
    try (var stream = new Stream(run, "Last-Event-ID: 1\r\n")) {
      stream.frame();

      writer.warned(1);
      stream.frame();
      api.broadcast.watcher(run).modelText(new CallId("T1", 1, 1), "Hel\nlo");

      assertThat(stream.frame())
          .containsExactly("event: model.text", "data: {\"text\":\"Hel\\nlo\"}");
    }
  }

  @Test
  void a_model_that_takes_long_is_told_of_again_and_again() throws IOException {
    RunId run = api.run();
    ServedApi.Writer writer = api.writer(run).started();
    try (var stream = new Stream(run, "Last-Event-ID: 2\r\n")) {
      writer.append(new RunEvent.ModelAsked(ServedApi.TASK, 1, 1));
      stream.frame();

      for (int beat = 0; beat < 2; beat++) {
        List<String> frame = stream.frame();
        assertThat(frame.getFirst()).isEqualTo("event: llm.heartbeat");
        assertThat(frame.getLast()).startsWith("data: {\"text\":\"T1: ");
      }
      writer.completed();
      List<String> next = stream.frame();
      while (next.getFirst().equals("event: llm.heartbeat")) {
        next = stream.frame();
      }
      assertThat(next.getFirst()).isEqualTo("id: 4");
    }
  }

  @Test
  void a_stream_ends_when_its_key_opens_no_more() throws IOException {
    RunId run = api.run();
    api.as(Scope.READ);
    try (var stream = new Stream(run, "Authorization: Bearer " + api.key + "\r\n")) {
      api.registry.revokeKey(api.registry.keys().getFirst().id(), api.clock.instant());

      assertThat(stream.frame())
          .containsExactly("event: end", "data: {\"reason\":\"key_expired\",\"last_seq\":0}");
    }
  }

  @Test
  void too_many_streams_are_refused() throws IOException {
    RunId run = api.run();
    List<Stream> open = new ArrayList<>();
    for (int i = 0; i < ServedApi.QUICK.streams(); i++) {
      open.add(new Stream(run, ""));
    }

    ServedApi.Got refused = api.get("/runs/" + run + "/events/stream");

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("retry-after")).isNotEmpty();
    open.forEach(Stream::close);
  }

  @Test
  void a_thousand_reconnects_lose_nothing_and_double_nothing() throws Exception {
    RunId run = api.run();
    ServedApi.Writer writer = api.writer(run).started();
    int events = 3_000;
    Thread writing =
        Thread.ofVirtual()
            .start(() -> {
              writer.warned(events - 4);
              writer.completed();
            });
    var chance = new Random(42);
    List<Long> seen = new ArrayList<>();
    int connects = 0;
    boolean over = false;
    while (!over) {
      long last = seen.isEmpty() ? 0 : seen.getLast();
      connects++;
      try (var stream = new Stream(run, "Last-Event-ID: " + last + "\r\n")) {
        for (int wanted = chance.nextInt(6); wanted > 0 && !over; wanted--) {
          List<String> frame = stream.frame();
          over = frame.isEmpty() || frame.getFirst().equals("event: end");
          if (!over) {
            seen.add(Long.parseLong(frame.getFirst().substring("id: ".length())));
          }
        }
      }
    }
    writing.join();

    assertThat(connects).isGreaterThan(1_000);
    assertThat(seen).containsExactlyElementsOf(LongStream.rangeClosed(1, events).boxed().toList());
  }

  @Test
  void a_client_that_never_reads_holds_up_nobody_and_is_cut_off() throws IOException {
    RunId run = api.run();
    ServedApi.Writer writer = api.writer(run).started();
    String long64 = "x".repeat(64 * 1024);
    try (var deaf = new RawClient(api.server.port(), 4_096)) {
      deaf.send("GET /runs/%s/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(run));
      awaitFollowers(1);
      for (int i = 0; i < 2 * ServedApi.QUICK.queue(); i++) {
        writer.append(new RunEvent.RunWarned(long64));
      }

      assertThat(writer.seq()).isEqualTo(2 + 2L * ServedApi.QUICK.queue());
      try (var other = new Stream(run, "Last-Event-ID: " + writer.seq() + "\r\n")) {
        writer.completed();
        assertThat(other.frame().getFirst()).isEqualTo("id: " + (writer.seq() - 1));
      }
      // Its own stream is given up; only then does the count fall to none.
      while (api.broadcast.following() > 0) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void a_client_that_falls_behind_is_told_to_come_back() throws Exception {
    var follower = new Follower(2, gone -> {});
    for (int i = 0; i < 3; i++) {
      follower.tell(new Frame.Fleeting("model.text", "x"));
    }
    assertThat(follower.overrun()).isFalse();

    var durable =
        new Frame.Durable(new Recorded(1, api.clock.instant(), new RunEvent.RunCompleted()));
    follower.tell(durable);

    assertThat(follower.next(Duration.ofSeconds(10))).isEmpty();
    assertThat(follower.overrun()).isTrue();
  }

  @Test
  void asking_only_for_the_head_of_a_stream_takes_no_place_of_one() {
    RunId run = api.run();

    for (int i = 0; i < 2 * ServedApi.QUICK.streams(); i++) {
      assertThat(api.send("HEAD", "/runs/" + run + "/events/stream", null).status()).isEqualTo(200);
    }
  }

  // WebSockets

  /** A client of a socket. */
  private static final class Frames implements WebSocket.Listener {

    final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        texts.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }

    JsonNode next() throws Exception {
      return ServedApi.JSON.readTree(texts.poll(20, TimeUnit.SECONDS));
    }
  }

  /** Opens a socket and sends its first frame. */
  private void open(HttpClient client, RunId run, Frames frames, String first) {
    var uri = URI.create("ws://127.0.0.1:%d/runs/%s/ws".formatted(api.server.port(), run));
    client
        .newWebSocketBuilder()
        .buildAsync(uri, frames)
        .thenCompose(socket -> socket.sendText(first, true))
        .join();
  }

  @Test
  void a_socket_tells_the_same_as_a_stream() throws Exception {
    RunId run = api.run();
    ServedApi.Writer writer = api.writer(run).started();
    var frames = new Frames();
    try (HttpClient client = HttpClient.newHttpClient()) {
      open(client, run, frames, "{\"since_seq\":1}");
      assertThat(frames.next().path("event").path("seq").asLong()).isEqualTo(2);

      writer.completed();

      assertThat(frames.next().path("event").path("seq").asLong()).isEqualTo(3);
      assertThat(frames.next().path("event").path("type").asText()).isEqualTo("run.completed");
      JsonNode end = frames.next();
      assertThat(end.path("kind").asText()).isEqualTo("end");
      assertThat(end.path("last_seq").asLong()).isEqualTo(4);
      assertThat(frames.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    }
  }

  @Test
  void a_socket_is_opened_by_the_key_in_its_first_frame() throws Exception {
    RunId run = api.run();
    api.as(Scope.READ);
    ServedApi.Writer writer = api.writer(run).started();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var without = new Frames();
      open(client, run, without, "{\"since_seq\":0}");
      assertThat(without.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4001);

      var with = new Frames();
      open(client, run, with, "{\"since_seq\":0,\"token\":\"%s\"}".formatted(api.key));
      assertThat(with.next().path("event").path("seq").asLong()).isEqualTo(1);

      var unknown = new Frames();
      open(client, new RunId("no-such-run"), unknown, "{\"token\":\"%s\"}".formatted(api.key));
      assertThat(unknown.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4004);

      var ahead = new Frames();
      open(client, run, ahead, "{\"since_seq\":9,\"token\":\"%s\"}".formatted(api.key));
      assertThat(ahead.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4016);

      writer.completed();
      assertThat(with.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    }
  }

  // Commands

  @Test
  void a_cancel_is_kept_told_and_waited_for() throws Exception {
    RunId run = api.run();
    ServedApi.Writer writer = api.writer(run).started();

    ServedApi.Got asked = api.post("/runs/" + run + "/cancel", "{\"reason\":\"enough\"}");
    assertThat(asked.status()).isEqualTo(202);
    assertThat(asked.json().path("phase").asText()).isEqualTo("canceling");
    assertThat(api.commanded).containsExactly(run);
    assertThat(api.store.open(run).getFirst().wish()).isEqualTo(new Wish.Cancel("enough", false));

    var waiting =
        CompletableFuture.supplyAsync(() -> api.post("/runs/" + run + "/cancel?wait=30", null));
    awaitFollowers(1);
    writer.append(new RunEvent.RunCanceled("enough"));
    assertThat(waiting.join().status()).isEqualTo(200);

    assertThat(api.post("/runs/" + run + "/cancel", null).status()).isEqualTo(200);
    assertThat(api.get("/runs/" + run + "/events?types=run.canceled").json().path("events"))
        .hasSize(1);
  }

  @Test
  void a_run_that_is_done_is_not_canceled() {
    RunId run = api.run();
    api.writer(run).started().completed();

    ServedApi.Got refused = api.post("/runs/" + run + "/cancel", null);

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().path("current_status").asText()).isEqualTo("COMPLETED");
  }

  @Test
  void many_cancels_racing_with_the_end_leave_one_end() {
    for (int round = 0; round < 10; round++) {
      RunId run = api.run();
      ServedApi.Writer writer = api.writer(run).started();
      List<CompletableFuture<ServedApi.Got>> cancels = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        cancels.add(
            CompletableFuture.supplyAsync(() -> api.post("/runs/" + run + "/cancel", null)));
      }
      writer.completed();
      List<Integer> statuses = cancels.stream().map(one -> one.join().status()).toList();

      assertThat(statuses).isSubsetOf(200, 202, 409);
      assertThat(api.get("/runs/" + run).json().path("status").asText()).isEqualTo("COMPLETED");
      assertThat(api.get("/runs/" + run + "/events?since_seq=3").json().path("events")).hasSize(1);
    }
  }

  @Test
  void pause_resume_decide_and_tell_leave_commands_where_they_make_sense() {
    RunId run = api.run();
    ServedApi.Writer writer = api.writer(run).started();
    String path = "/runs/" + run;

    assertThat(api.post(path + "/resume", null).status()).isEqualTo(409);
    assertThat(api.post(path + "/pause", null).status()).isEqualTo(202);
    assertThat(api.post(path + "/resume", null).status()).isEqualTo(202);
    assertThat(api.post(path + "/messages", "{\"text\":\"use tabs\"}").status()).isEqualTo(202);
    assertThat(api.post(path + "/messages", "{\"text\":\" \"}").status()).isEqualTo(400);
    String skip = "{\"task\":\"T1\",\"choice\":\"skip\"}";
    assertThat(api.post(path + "/decision", skip).code()).isEqualTo("nothing-to-decide");
    writer.append(new RunEvent.RunPaused(PauseReason.NEEDS_PERSON, "asks", Optional.empty()));
    assertThat(api.post(path + "/decision", skip).status()).isEqualTo(202);
    assertThat(api.store.open(run).stream().map(one -> one.wish()).toList())
        .containsExactly(
            new Wish.Pause(),
            new Wish.Resume(),
            new Wish.Tell(Optional.empty(), "use tabs"),
            new Wish.Decide("T1", "skip", ""));
  }
}
