package dev.agentrunner.server;

import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Registry;
import dev.agentrunner.port.RunStore;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The API of a server, listening. */
public final class ApiServer implements AutoCloseable {

  /** Kept, so that it keeps its level: Helidon tells of itself what nobody asked for. */
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  private final Listening listening;
  private final Door door;
  private final Headers headers;
  private final Metrics metrics;
  private final Health health;
  private final Broadcast broadcast;
  private final Routes routes;
  private final Lines lines;
  private final WebServer server;

  /**
   * What it speaks for.
   *
   * @param version of the program
   */
  public record Parts(
      RunStore store,
      Registry registry,
      Broadcast broadcast,
      Workshop workshop,
      ProjectTools tools,
      Shelf shelf,
      Wake wake,
      InstantSource clock,
      SecureRandom chance,
      String version) {}

  /**
   * Begins to listen.
   *
   * @throws dev.agentrunner.port.UsageException if others could come in without a key
   * @throws EnvironmentException if it cannot listen there
   */
  public static ApiServer start(Listening listening, Parts parts) {
    var server = new ApiServer(listening, parts);
    server.listen();
    return server;
  }

  private ApiServer(Listening listening, Parts parts) {
    HELIDON.setLevel(Level.WARNING);
    this.listening = listening;
    this.broadcast = parts.broadcast();
    var keys = new Keys(parts.registry(), parts.chance());
    keys.checkListening(listening, parts.clock().instant());
    var access = new Access(listening, keys, parts.clock());
    RunStore store = parts.store();
    var feed = new Feed(store, broadcast, access, listening.limits());
    this.metrics = new Metrics(store, broadcast);
    this.health = new Health(parts.version(), store, broadcast, access);
    var orders = new RunOrders(parts.registry(), parts.workshop());
    List<Resource> resources =
        List.of(
            health,
            metrics,
            new Pages(),
            new Runs(store, orders, new RunIds(parts.chance()), parts.wake()),
            new Commands(store, feed, parts.wake()),
            new Readings(store, parts.shelf()),
            new Events(store, feed),
            new ArtifactFiles(store, parts.shelf()),
            new Projects(parts.registry()),
            new ProjectFiles(parts.registry(), store, parts.tools()),
            new Toolbox(parts.registry(), store, parts.tools()),
            new Workflows(parts.registry(), parts.workshop()),
            new WorkflowForms(parts.registry(), parts.workshop()),
            new KeyRing(parts.registry(), keys, parts.clock()),
            new Workers(store, parts.workshop()),
            new Console());
    List<Route> all = new ArrayList<>();
    resources.forEach(resource -> all.addAll(resource.routes()));
    this.routes = new Routes(all);
    this.door = new Door(routes, access, new Repeats(parts.registry()));
    this.headers = new Headers(access);
    WsConfig webSockets = WsConfig.builder().maxFrameLength(Limits.HEADERS_BYTES_MAX).build();
    this.lines = new Lines(listening.limits(), webSockets);
    this.server =
        WebServer.builder()
            .host(listening.address())
            .port(listening.port())
            .shutdownHook(false)
            .featuresDiscoverServices(false)
            .protocolsDiscoverServices(false)
            .addProtocol(webSockets)
            .addConnectionSelector(lines)
            .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
            .maxTcpConnections(Limits.CONNECTIONS_MAX)
            .maxPayloadSize(Limits.FILE_BYTES_MAX)
            .directHandlers(Transport.handlers())
            .routing(HttpRouting.builder().any(this::serve))
            .addRouting(
                WsRouting.builder()
                    .endpoint(
                        Routes.PREFIX + "/runs/{id}/ws", () -> new RunSocket(store, access, feed))
                    .endpoint("/runs/{id}/ws", () -> new RunSocket(store, access, feed)))
            .build();
  }

  private void listen() {
    try {
      server.start();
    } catch (RuntimeException e) {
      throw new EnvironmentException(
          "serve cannot listen on %s, port %d; does something else?"
              .formatted(listening.address(), listening.port()),
          e);
    }
    lines.start();
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** All that can be asked for. */
  List<Route> routes() {
    return routes.all();
  }

  /** How many connections are open. */
  int lines() {
    return lines.count();
  }

  private void serve(ServerRequest request, ServerResponse response) {
    long began = System.nanoTime();
    Door.Outcome outcome = door.answer(request);
    String method = request.prologue().method().text();
    metrics.answered(
        known(method), outcome.template(), outcome.answer().status(), System.nanoTime() - began);
    try {
      send(request, response, outcome);
    } finally {
      if (Line.CURRENT.isBound()) {
        Line.CURRENT.get().requestOver();
      }
    }
  }

  /** A label of few values, whatever clients make up. */
  private static String known(String method) {
    return List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS").contains(method)
        ? method
        : "OTHER";
  }

  private void send(ServerRequest request, ServerResponse response, Door.Outcome outcome) {
    Answer answer = outcome.answer();
    String method = request.prologue().method().text();
    Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
    response.status(Status.create(answer.status()));
    Map<String, String> all = headers.of(outcome, origin, method.equals("OPTIONS"));
    all.forEach((name, value) -> response.header(HeaderNames.create(name), value));
    if (outcome.closes()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    switch (answer) {
      case Answer.Whole whole when method.equals("HEAD") -> headOnly(response, whole.body().length);
      case Answer.Whole whole -> response.send(whole.body());
      case Answer.Flowing flowing -> flow(response, flowing, method.equals("HEAD"));
    }
  }

  private static void headOnly(ServerResponse response, long length) {
    response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(length));
    response.send();
  }

  private static void flow(ServerResponse response, Answer.Flowing flowing, boolean headOnly) {
    try (Closeable _ = flowing.source()) {
      if (headOnly) {
        headOnly(response, flowing.length().orElse(0));
        return;
      }
      flowing
          .length()
          .ifPresent(length -> response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(length)));
      try (OutputStream out = response.outputStream()) {
        flowing.flow().write(out);
      }
    } catch (IOException | UncheckedIOException | ServerConnectionException e) {
      // The client is gone, or what it was sent is: the connection says so by ending.
      throw new CloseConnectionException("cut off in the middle", e);
    }
  }

  /** Ends: says so to load balancers and followers, lets what is under way end, listens no more. */
  @Override
  public void close() {
    health.end();
    broadcast.close();
    lines.close();
    server.stop();
  }
}
