package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.JsonWriter;
import dev.agentrunner.json.RequestJson;
import dev.agentrunner.json.UnreadableJsonException;
import dev.agentrunner.port.RunStore;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Header;
import io.helidon.http.HttpPrologue;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import io.helidon.websocket.WsUpgradeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events of a run over one WebSocket.
 *
 * <pre>
 * → {"since_seq":7, "token":"ar_…"}       first, within 10 s; the token unless it came as a header
 * ← {"kind":"event", "event":{…}}         as in docs/events.md
 * ← {"kind":"model.text", "text":"…"}     fleeting
 * ← {"kind":"end", "reason":"over", "last_seq":9}     or resync: come back with last_seq
 * </pre>
 *
 * <p>Closed with 1000 at the end, 4001 without a key that opens, 4003 if it may not, 4004 for an
 * unknown run, 4016 if the client has seen more than there is, 4029 for too many streams, 4008 if
 * the first frame is no such frame, 4009 if the client is to come back.
 */
final class RunSocket implements WsListener {

  private static final Duration HELLO = Duration.ofSeconds(10);

  private final RunStore store;
  private final Access access;
  private final Feed feed;

  private final CompletableFuture<String> hello = new CompletableFuture<>();
  private final StringBuilder part = new StringBuilder();

  /** Held while a frame is sent: the session itself does not keep two apart. */
  private final ReentrantLock sending = new ReentrantLock();

  private boolean closed;
  private String run = "";
  private Optional<String> authorization = Optional.empty();

  RunSocket(RunStore store, Access access, Feed feed) {
    this.store = store;
    this.access = access;
    this.feed = feed;
  }

  /** What a client wants. */
  private record Hello(long since, Optional<String> token) {}

  @Override
  public Optional<io.helidon.http.Headers> onHttpUpgrade(
      HttpPrologue prologue, io.helidon.http.Headers headers) throws WsUpgradeException {
    Map<String, String> given = new HashMap<>();
    for (Header header : headers) {
      given.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.get());
    }
    Optional<String> host = Optional.ofNullable(given.get("host"));
    try {
      access.checkHost(host);
    } catch (ProblemException e) {
      throw new WsUpgradeException(e.problem().detail());
    }
    if (given.containsKey("origin") && !access.isFriend(given.get("origin"), host)) {
      throw new WsUpgradeException("web pages of others may not do that");
    }
    if (prologue.query().rawValue().length() > 0) {
      throw new WsUpgradeException("the first frame says what is wanted, not the address");
    }
    authorization = Optional.ofNullable(given.get("authorization"));
    String path = Routes.withoutPrefix(prologue.uriPath().rawPath());
    run = path.substring("/runs/".length(), path.length() - "/ws".length());
    return Optional.empty();
  }

  @Override
  public void onOpen(WsSession session) {
    Thread.ofVirtual().name("run-socket").start(() -> serve(session));
  }

  @Override
  public void onMessage(WsSession session, String text, boolean last) {
    if (hello.isDone()) {
      return;
    }
    part.append(text);
    if (last || part.length() > Limits.HEADERS_BYTES_MAX) {
      hello.complete(part.toString());
    }
  }

  @Override
  public void onPing(WsSession session, BufferData buffer) {
    send(() -> session.pong(buffer));
  }

  @Override
  public void onClose(WsSession session, int status, String reason) {
    sending.lock();
    try {
      closed = true;
    } finally {
      sending.unlock();
    }
    hello.complete("");
  }

  @Override
  public void onError(WsSession session, Throwable t) {
    onClose(session, 1006, "error");
  }

  /** Sends one frame, unless the client has said that it wants no more. */
  private boolean send(Runnable frame) {
    sending.lock();
    try {
      if (!closed) {
        frame.run();
      }
      return !closed;
    } finally {
      sending.unlock();
    }
  }

  private void serve(WsSession session) {
    try {
      Hello wanted = hello(hello.get(HELLO.toMillis(), TimeUnit.MILLISECONDS));
      tell(session, wanted);
    } catch (TimeoutException | UnreadableJsonException e) {
      close(session, 4008, "the first frame is to be {\"since_seq\":0}");
    } catch (ProblemException e) {
      close(session, closeCode(e.problem().status()), e.problem().code());
    } catch (ExecutionException | IOException | UncheckedIOException e) {
      close(session, 1006, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      close(session, 1011, "internal");
    }
  }

  private static Hello hello(String frame) {
    Map<String, Object> members = RequestJson.read(frame.getBytes(StandardCharsets.UTF_8));
    if (!(members.getOrDefault("since_seq", 0L) instanceof Long since)
        || since < 0
        || !(members.getOrDefault("token", "") instanceof String token)) {
      throw new UnreadableJsonException("since_seq is a number, token a text");
    }
    return new Hello(since, Optional.of(token).filter(text -> !text.isEmpty()));
  }

  private void tell(WsSession session, Hello wanted) throws IOException, InterruptedException {
    Caller caller =
        access.caller(
            wanted.token().map(token -> "Bearer " + token).or(() -> authorization),
            session.socketContext().remotePeer().host());
    if (!caller.may(Scope.READ)) {
      throw new ProblemException(Problem.of(403, "forbidden", "", ""));
    }
    RunRecord record =
        Optional.of(run)
            .filter(RunId::isValid)
            .flatMap(id -> store.run(new RunId(id)))
            .orElseThrow(Runs::unknown);
    Feed.checkSeen(record, wanted.since());
    try (Follower follower = feed.follow(record.id())) {
      feed.tell(record.id(), wanted.since(), follower, caller, new Client(record.id(), session));
    }
  }

  private static int closeCode(int status) {
    return switch (status) {
      case 401 -> 4001;
      case 403 -> 4003;
      case 404 -> 4004;
      case 416 -> 4016;
      case 429 -> 4029;
      default -> 4008;
    };
  }

  private void close(WsSession session, int code, String reason) {
    try {
      send(() -> session.close(code, reason));
    } catch (UncheckedIOException | IllegalStateException e) {
      // It is gone already.
    }
  }

  /** Somebody at the other end. */
  private final class Client implements Feed.Client {

    private final RunId id;
    private final WsSession session;

    Client(RunId id, WsSession session) {
      this.id = id;
      this.session = session;
    }

    @Override
    public void event(Recorded recorded) throws IOException {
      String event = new String(Events.JSON.write(id, recorded), StandardCharsets.UTF_8);
      text("{\"kind\":\"event\",\"event\":" + event + "}");
    }

    @Override
    public void fleeting(Frame.Fleeting fleeting) throws IOException {
      text(
          JsonWriter.bytes(
              fleeting,
              (out, frame) -> out.text("kind", frame.type()).text("text", frame.text()),
              Bodies.INLINE));
    }

    @Override
    public void keepalive() throws IOException {
      checked(() -> session.ping(BufferData.empty()));
    }

    @Override
    public void end(Feed.End end, long seq) throws IOException {
      text(
          JsonWriter.bytes(
              end,
              (out, why) ->
                  out.text("kind", Events.endType(why))
                      .text("reason", Shown.lower(why))
                      .number("last_seq", seq),
              Bodies.INLINE));
      int code =
          switch (end) {
            case OVER -> 1000;
            case KEY_EXPIRED -> 4001;
            case REMOVED -> 4004;
            case SLOW_CLIENT, SERVER_ENDS -> 4009;
          };
      close(session, code, Shown.lower(end));
    }

    private void text(byte[] json) throws IOException {
      text(new String(json, StandardCharsets.UTF_8));
    }

    private void text(String json) throws IOException {
      checked(() -> session.send(json, true));
    }

    private void checked(Runnable frame) throws IOException {
      try {
        if (!send(frame)) {
          throw new IOException("the client has closed the connection");
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }
}
