package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.json.JsonWriter;
import dev.agentrunner.port.RunStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The events of a run: a page, a wait for the next ones, a stream of all to come.
 *
 * <pre>
 * retry: 1000                     once, at the beginning
 *
 * id: 7                           events of the log; the last id is where to go on
 * event: task.started
 * data: {"seq":7, …}              as in docs/events.md
 *
 * event: model.text               fleeting: without an id
 * data: {"text":"…"}
 *
 * : keepalive
 *
 * event: end                      or resync: come back with the last id
 * data: {"reason":"over","last_seq":9}
 * </pre>
 */
final class Events implements Resource {

  static final EventJson JSON = new EventJson(Bodies.INLINE);

  private static final int PAGE_MAX = 1_000;
  private static final String STREAM = "text/event-stream";

  private final RunStore store;
  private final History history;
  private final Feed feed;

  Events(RunStore store, Feed feed) {
    this.store = store;
    this.history = new History(store);
    this.feed = feed;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/runs/{id}/events", Scope.READ, this::page)
            .knowing("since_seq", "types", "limit", "wait"),
        Route.get("/runs/{id}/events/stream", Scope.READ, this::stream)
            .knowing("since_seq")
            .producing(STREAM),
        Route.get("/runs/{id}/ws", Scope.READ, Events::upgrade));
  }

  private static Answer upgrade(Call call) {
    throw new ProblemException(
        Problem.of(
                426,
                "upgrade-required",
                "This is a WebSocket",
                "Ask for an upgrade to websocket, of version 13.")
            .withHeader("Upgrade", "websocket"));
  }

  static long since(Call call) {
    long since = call.number("since_seq", 0, 0, Long.MAX_VALUE);
    if (call.query("since_seq").isPresent() || call.header("last-event-id").isEmpty()) {
      return since;
    }
    try {
      return Math.max(0, Long.parseLong(call.header("last-event-id").get().strip()));
    } catch (NumberFormatException e) {
      throw new ProblemException(
          Problem.badRequest("Last-Event-ID must be the id of an event of the run."));
    }
  }

  // Pages

  private Answer page(Call call) {
    RunRecord run = Runs.run(store, call);
    long since = since(call);
    int limit = (int) call.number("limit", History.PAGE, 1, PAGE_MAX);
    Duration wait = Duration.ofSeconds(call.number("wait", 0, 0, Limits.WAIT_MAX.toSeconds()));
    Set<String> types = Set.copyOf(call.queries("types"));
    Feed.checkSeen(run, since);
    List<Recorded> page = history.page(run.id(), since, limit);
    if (page.isEmpty() && !wait.isZero() && !run.status().isFinal()) {
      page = awaited(run.id(), since, limit, wait);
    }
    return shown(store.run(run.id()).orElseThrow(Runs::unknown), since, page, types);
  }

  private List<Recorded> awaited(RunId run, long since, int limit, Duration wait) {
    try (Follower follower = feed.follow(run)) {
      long ends = System.nanoTime() + wait.toNanos();
      List<Recorded> page = history.page(run, since, limit);
      while (page.isEmpty() && ends - System.nanoTime() > 0 && !follower.dismissed()) {
        if (follower.next(Duration.ofNanos(ends - System.nanoTime())).isPresent()
            || follower.overrun()) {
          page = history.page(run, since, limit);
        }
      }
      return page;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static Answer shown(RunRecord run, long since, List<Recorded> page, Set<String> types) {
    var body = new ByteArrayOutputStream();
    String separator = "{\"events\":[";
    for (Recorded recorded : page) {
      if (types.isEmpty() || types.contains(recorded.event().type())) {
        body.writeBytes(separator.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(JSON.write(run.id(), recorded));
        separator = ",";
      }
    }
    if (separator.length() > 1) {
      body.writeBytes(separator.getBytes(StandardCharsets.UTF_8));
    }
    long next = page.isEmpty() ? since : page.getLast().seq();
    boolean over = run.status().isFinal() && next >= run.seq();
    body.writeBytes(
        "],\"next_since_seq\":%d,\"last_seq\":%d,\"over\":%s}"
            .formatted(next, Math.max(next, run.seq()), over)
            .getBytes(StandardCharsets.UTF_8));
    return Answer.whole(200, Answer.JSON, body.toByteArray());
  }

  // Streams

  private Answer stream(Call call) {
    RunRecord run = Runs.run(store, call);
    long since = since(call);
    Feed.checkSeen(run, since);
    Follower follower = feed.follow(run.id());
    return new Answer.Flowing(
            200,
            Map.of("Content-Type", STREAM),
            OptionalLong.empty(),
            follower,
            out -> {
              try {
                feed.tell(run.id(), since, follower, call.caller(), new Reader(run.id(), out));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            })
        .with("X-Accel-Buffering", "no");
  }

  /** A client of a stream. */
  private static final class Reader implements Feed.Client {

    private final RunId run;
    private final OutputStream out;

    Reader(RunId run, OutputStream out) throws IOException {
      this.run = run;
      this.out = out;
      send("retry: 1000\n\n".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void event(Recorded recorded) throws IOException {
      String head = "id: %d\nevent: %s\ndata: ".formatted(recorded.seq(), recorded.event().type());
      send(head, JSON.write(run, recorded));
    }

    @Override
    public void fleeting(Frame.Fleeting fleeting) throws IOException {
      send("event: %s\ndata: ".formatted(fleeting.type()), text(fleeting));
    }

    @Override
    public void keepalive() throws IOException {
      send(": keepalive\n\n".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void end(Feed.End end, long seq) throws IOException {
      send("event: %s\ndata: ".formatted(endType(end)), ending(end, seq));
    }

    /** JSON has no line break in it, so that a frame cannot be ended from within. */
    private void send(String head, byte[] data) throws IOException {
      var frame = new ByteArrayOutputStream();
      frame.writeBytes(head.getBytes(StandardCharsets.UTF_8));
      frame.writeBytes(data);
      frame.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
      send(frame.toByteArray());
    }

    private void send(byte[] bytes) throws IOException {
      try {
        out.write(bytes);
        out.flush();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  static byte[] text(Frame.Fleeting fleeting) {
    return JsonWriter.bytes(
        fleeting, (json, value) -> json.text("text", value.text()), Bodies.INLINE);
  }

  /** Whether a client is to come back. */
  static String endType(Feed.End end) {
    return switch (end) {
      case OVER, KEY_EXPIRED, REMOVED -> "end";
      case SLOW_CLIENT, SERVER_ENDS -> "resync";
    };
  }

  static byte[] ending(Feed.End end, long seq) {
    return JsonWriter.bytes(
        end,
        (json, why) -> json.text("reason", Shown.lower(why)).number("last_seq", seq),
        Bodies.INLINE);
  }
}
