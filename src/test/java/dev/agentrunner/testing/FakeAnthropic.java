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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A server on the loopback interface that speaks the Anthropic Messages API with streaming and does
 * what a {@link Script} says. Notes every request before it reacts. Refuses what the real one
 * would: requests without a key or a version, and tool calls that were left unanswered.
 *
 * <p>Also a program, for shell scripts: {@code FakeAnthropic [--port N] [--port-file FILE] [--log
 * FILE] [--script NAME] [--minutes N]}. It runs until it is ended; one that is left behind ends by
 * itself after ten minutes, or after those given.
 */
public final class FakeAnthropic implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A long test must not end with all it ever sent in memory. */
  private static final int BODIES_KEPT = 200;

  private final ServerSocket server;
  private final Script script;
  private final Optional<FileChannel> log;
  private final List<Asked> requests = new ArrayList<>();
  private final Map<String, Integer> times = new HashMap<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private FakeAnthropic(int port, Script script, Optional<Path> log) throws IOException {
    this.server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    this.script = script;
    this.log = log.isEmpty() ? Optional.empty() : Optional.of(opened(log.get()));
    Thread.ofPlatform().daemon().name("fake-anthropic").start(this::accept);
  }

  private static FileChannel opened(Path log) throws IOException {
    return FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Starts one on a port of the system's choice. */
  public static FakeAnthropic playing(Script script) {
    return playing(script, 0, Optional.empty());
  }

  /**
   * @param port 0 for one of the system's choice
   * @param log gets a durable line {@code number task attempt turn} for each request
   */
  public static FakeAnthropic playing(Script script, int port, Optional<Path> log) {
    try {
      return new FakeAnthropic(port, script, log);
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
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (JsonProcessingException e) {
      return refuse(400, "invalid_request_error", "the body is no JSON", Map.of(), exchange);
    }
    if (!request.method().equals("POST") || !request.target().equals("/v1/messages")) {
      return refuse(404, "not_found_error", "Not Found", Map.of(), exchange);
    }
    Asked asked = note(Asked.of(Map.copyOf(request.headers()), body));
    if (!asked.headers().containsKey("x-api-key")
        && !asked.headers().containsKey("authorization")) {
      return refuse(
          401, "authentication_error", "x-api-key header is required", Map.of(), exchange);
    }
    Optional<String> fault = fault(asked);
    if (fault.isPresent()) {
      return refuse(400, "invalid_request_error", fault.get(), Map.of(), exchange);
    }
    return react(asked, script.to(asked), exchange);
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

  private static Optional<String> fault(Asked asked) {
    JsonNode body = asked.body();
    if (!asked.headers().containsKey("anthropic-version")) {
      return Optional.of("anthropic-version: header is required");
    }
    if (!body.path("model").isTextual() || !body.path("max_tokens").isInt()) {
      return Optional.of("model, max_tokens: Field required");
    }
    if (!body.path("messages").path(0).path("role").asText().equals("user")) {
      return Optional.of("messages: first message must use the \"user\" role");
    }
    Set<String> called = new HashSet<>();
    for (JsonNode message : body.path("messages")) {
      Set<String> answered = new HashSet<>();
      Set<String> calls = new HashSet<>();
      for (JsonNode block : message.path("content")) {
        switch (block.path("type").asText()) {
          case "tool_use" -> calls.add(block.path("id").asText());
          case "tool_result" -> answered.add(block.path("tool_use_id").asText());
          default -> {
            // Words need no answer.
          }
        }
      }
      if (!answered.equals(called)) {
        return Optional.of(
            "`tool_use` ids were found without `tool_result` blocks immediately after, or the other way round: %s, %s"
                .formatted(called, answered));
      }
      called = calls;
    }
    return Optional.empty();
  }

  private boolean react(Asked asked, Reaction reaction, SocketExchange exchange)
      throws IOException {
    return switch (reaction) {
      case Reaction.Says says -> {
        send(events(asked, says), exchange);
        exchange.end();
        yield true;
      }
      case Reaction.Dribbles(Reaction.Says says, var pause) -> {
        exchange.begin("text/event-stream; charset=utf-8", limits());
        for (String event : events(asked, says)) {
          for (byte b : event.getBytes(StandardCharsets.UTF_8)) {
            exchange.chunk(new byte[] {b});
          }
          LockSupport.parkNanos(pause.toNanos());
        }
        exchange.end();
        yield true;
      }
      case Reaction.Cuts(Reaction.Says says, int count) -> {
        send(events(asked, says).subList(0, count), exchange);
        yield false;
      }
      case Reaction.Stalls(Reaction.Says says, int count) -> {
        send(events(asked, says).subList(0, count), exchange);
        exchange.waitUntilLeft();
        yield false;
      }
      case Reaction.Breaks(Reaction.Says says, int count, String type, String message) -> {
        send(events(asked, says).subList(0, count), exchange);
        exchange.chunk(MessageStream.error(type, message).getBytes(StandardCharsets.UTF_8));
        exchange.end();
        yield true;
      }
      case Reaction.Refuses(int status, String type, String message, var headers) ->
          refuse(status, type, message, headers, exchange);
      case Reaction.Babbles(int status, String contentType, String body) -> {
        exchange.answer(status, contentType, Map.of(), body);
        yield true;
      }
      case Reaction.HangsUp() -> false;
    };
  }

  private List<String> events(Asked asked, Reaction.Says says) {
    return new MessageStream(asked, number()).of(says);
  }

  private static void send(List<String> events, SocketExchange exchange) throws IOException {
    exchange.begin("text/event-stream; charset=utf-8", limits());
    for (String event : events) {
      exchange.chunk(event.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Map<String, String> limits() {
    return Map.of(
        "anthropic-ratelimit-requests-limit", "1000",
        "anthropic-ratelimit-requests-remaining", "999",
        "anthropic-ratelimit-requests-reset", "2026-11-21T10:00:00Z");
  }

  private boolean refuse(
      int status, String type, String message, Map<String, String> headers, SocketExchange exchange)
      throws IOException {
    String body = MessageStream.refusal(type, message, number());
    exchange.answer(status, "application/json", headers, body);
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
    try (FakeAnthropic fake = playing(script, port, log)) {
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
