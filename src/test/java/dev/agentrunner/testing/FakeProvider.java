package dev.agentrunner.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A server on the loopback interface that speaks the APIs of all providers, streaming, and does
 * what a {@link Script} says: Anthropic's at {@link #address}, OpenAI's below {@code /v1}, Gemini's
 * and Ollama's at the address again. Notes every request before it reacts. Refuses what the real
 * ones would: requests without a key, calls that were left unanswered, thoughts that did not come
 * back.
 *
 * <p>Also a program, for shell scripts, and for agents of other makes that can be told where their
 * provider is: {@code FakeProvider [--port N] [--port-file FILE] [--log FILE] [--script NAME]
 * [--minutes N]}. It runs until it is ended; one that is left behind ends by itself after ten
 * minutes, or after those given.
 */
public final class FakeProvider implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<Wire> WIRES =
      List.of(
          new AnthropicWire(),
          new ResponsesWire(),
          new CompletionsWire(),
          new GeminiWire(),
          new OllamaWire());

  /** A model that no wire knows. */
  public static final String NO_MODEL = "no-such-model";

  /** A long test must not end with all it ever sent in memory. */
  private static final int BODIES_KEPT = 200;

  private final ServerSocket server;
  private final Script script;
  private final Optional<FileChannel> log;
  private final List<Asked> requests = new ArrayList<>();
  private final Map<String, Integer> times = new HashMap<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private FakeProvider(int port, Script script, Optional<Path> log) throws IOException {
    this.server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    this.script = script;
    this.log = log.isEmpty() ? Optional.empty() : Optional.of(opened(log.get()));
    Thread.ofPlatform().daemon().name("fake-provider").start(this::accept);
  }

  private static FileChannel opened(Path log) throws IOException {
    return FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Starts one on a port of the system's choice. */
  public static FakeProvider playing(Script script) {
    return playing(script, 0, Optional.empty());
  }

  /**
   * @param port 0 for one of the system's choice
   * @param log gets a durable line {@code number task attempt turn} for each request
   */
  public static FakeProvider playing(Script script, int port, Optional<Path> log) {
    try {
      return new FakeProvider(port, script, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What to write as {@code base_url}. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Everything asked so far, in the order it came; only the first 200 with their bodies. */
  public List<Asked> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** How often anything was asked about {@code task}. */
  public long requestsFor(String task) {
    return requests().stream().filter(asked -> asked.task().equals(task)).count();
  }

  /** Whether nobody is connected: all that was sent has been taken in. */
  public boolean idle() {
    return connections.isEmpty();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var exchange = new SocketExchange(socket);
      boolean more = true;
      while (more) {
        Optional<SocketExchange.Request> request = exchange.next();
        more = request.isPresent() && answer(request.get(), exchange);
      }
    } catch (IOException gone) {
      // The other side has left, which is its right.
    } finally {
      connections.remove(socket);
    }
  }

  /** Returns whether the connection can be used again. */
  private boolean answer(SocketExchange.Request request, SocketExchange exchange)
      throws IOException {
    String path = request.target().replaceFirst("\\?.*", "");
    Optional<Wire> spoken = WIRES.stream().filter(wire -> wire.serves(path)).findFirst();
    if (spoken.isEmpty() || !request.method().equals("POST")) {
      exchange.answer(404, "text/plain", Map.of(), "404 page not found");
      return true;
    }
    Wire wire = spoken.get();
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (JsonProcessingException e) {
      return refuse(wire, Trouble.STRANGE, "the body is no JSON", exchange);
    }
    Optional<String> aside = wire.aside(path, body);
    if (aside.isPresent()) {
      exchange.answer(200, "application/json", Map.of(), aside.get());
      return true;
    }
    if (body.path("model").asText("").equals(NO_MODEL)) {
      return refuse(wire, Trouble.NO_MODEL, "model '%s' not found".formatted(NO_MODEL), exchange);
    }
    Asked asked = note(Asked.of(Map.copyOf(request.headers()), body, wire.said(body)));
    if (!wire.hasKey(asked.headers())) {
      return refuse(wire, Trouble.KEY, "there is no key", exchange);
    }
    Optional<String> fault = wire.fault(asked.headers(), body);
    if (fault.isPresent()) {
      return refuse(wire, Trouble.STRANGE, fault.get(), exchange);
    }
    return react(wire, asked, script.to(asked), exchange);
  }

  private Asked note(Asked asked) throws IOException {
    synchronized (requests) {
      Asked counted = asked.atTime(times.merge(asked.question(), 1, Integer::sum));
      requests.add(requests.size() < BODIES_KEPT ? counted : counted.withoutBody());
      if (log.isPresent()) {
        String line = "%d %s%n".formatted(requests.size(), counted.question());
        log.get().write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        log.get().force(false);
      }
      return counted;
    }
  }

  private boolean react(Wire wire, Asked asked, Reaction reaction, SocketExchange exchange)
      throws IOException {
    return switch (reaction) {
      case Reaction.Says says -> {
        send(wire, events(wire, asked, says), exchange);
        exchange.end();
        yield true;
      }
      case Reaction.Dribbles(Reaction.Says says, var pause) -> {
        begin(wire, exchange);
        for (String event : events(wire, asked, says)) {
          for (byte b : event.getBytes(StandardCharsets.UTF_8)) {
            exchange.chunk(new byte[] {b});
          }
          LockSupport.parkNanos(pause.toNanos());
        }
        exchange.end();
        yield true;
      }
      case Reaction.Cuts(Reaction.Says says, int count) -> {
        send(wire, first(count, events(wire, asked, says)), exchange);
        yield false;
      }
      case Reaction.Stalls(Reaction.Says says, int count) -> {
        send(wire, first(count, events(wire, asked, says)), exchange);
        exchange.waitUntilLeft();
        yield false;
      }
      case Reaction.Raves(Reaction.Says says, int count) -> {
        List<String> begun = first(count, events(wire, asked, says));
        send(wire, begun, exchange);
        while (true) {
          exchange.chunk(begun.getLast().getBytes(StandardCharsets.UTF_8));
        }
      }
      case Reaction.Breaks(Reaction.Says says, int count, Trouble trouble, String message) -> {
        send(wire, first(count, events(wire, asked, says)), exchange);
        exchange.chunk(wire.midway(trouble, message).getBytes(StandardCharsets.UTF_8));
        exchange.end();
        yield true;
      }
      case Reaction.Refuses refuses -> refuse(wire, refuses, exchange);
      case Reaction.Babbles(int status, String contentType, String body) -> {
        exchange.answer(status, contentType, Map.of(), body);
        yield true;
      }
      case Reaction.HangsUp() -> false;
    };
  }

  private List<String> events(Wire wire, Asked asked, Reaction.Says says) {
    return wire.stream(says, asked, number());
  }

  /** Never all of them: some wires need few. */
  private static List<String> first(int count, List<String> events) {
    return events.subList(0, Math.min(count, events.size() - 1));
  }

  private static void send(Wire wire, List<String> events, SocketExchange exchange)
      throws IOException {
    begin(wire, exchange);
    for (String event : events) {
      exchange.chunk(event.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void begin(Wire wire, SocketExchange exchange) throws IOException {
    exchange.begin(
        wire.contentType(),
        Map.of(
            "anthropic-ratelimit-requests-limit", "1000",
            "anthropic-ratelimit-requests-remaining", "999",
            "anthropic-ratelimit-requests-reset", "2026-11-21T10:00:00Z"));
  }

  private boolean refuse(Wire wire, Trouble trouble, String message, SocketExchange exchange)
      throws IOException {
    return refuse(wire, new Reaction.Refuses(trouble, message), exchange);
  }

  private boolean refuse(Wire wire, Reaction.Refuses refuses, SocketExchange exchange)
      throws IOException {
    Wire.Refusal refusal = wire.refusal(refuses, number());
    exchange.answer(refusal.status(), "application/json", refusal.headers(), refusal.body());
    return true;
  }

  private long number() {
    synchronized (requests) {
      return requests.size();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
      if (log.isPresent()) {
        log.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** See above. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i], arguments[i + 1]);
    }
    String name = options.getOrDefault("--script", "edits");
    Script script = Script.byName().get(name);
    if (script == null) {
      System.err.println("no script " + name + "; there are " + Script.byName().keySet());
      return;
    }
    int port = Integer.parseInt(options.getOrDefault("--port", "0"));
    Optional<Path> log = Optional.ofNullable(options.get("--log")).map(Path::of);
    try (FakeProvider fake = playing(script, port, log)) {
      String chosen = String.valueOf(fake.address().getPort());
      if (options.containsKey("--port-file")) {
        Path file = Path.of(options.get("--port-file"));
        Path half = file.resolveSibling(file.getFileName() + ".half");
        Files.writeString(half, chosen + "\n");
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
      }
      System.out.println(chosen);
      Thread.sleep(Duration.ofMinutes(Long.parseLong(options.getOrDefault("--minutes", "10"))));
    }
  }
}
