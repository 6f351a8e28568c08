package dev.agentrunner.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsUpgrader;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Takes connections on, speaks HTTP/1.1 on each, and refuses heads of requests that two readers
 * could read in two ways.
 */
final class Lines implements ServerConnectionSelector, Http1ConnectionListener, AutoCloseable {

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Limits limits;
  private final ServerConnectionSelector http;
  private final Set<Line> open = ConcurrentHashMap.newKeySet();
  private final Thread watch;

  Lines(Limits limits, WsConfig webSockets) {
    this.limits = limits;
    this.http =
        Http1ConnectionSelector.builder()
            .config(
                Http1Config.builder()
                    .maxPrologueLength(Limits.LINE_BYTES_MAX)
                    .maxHeadersSize(4 * Limits.HEADERS_BYTES_MAX)
                    .addReceiveListener(this)
                    .receiveLog(false)
                    .sendLog(false)
                    .build())
            .addUpgrader(WsUpgrader.create(webSockets))
            .build();
    this.watch = Thread.ofVirtual().name("stalled-clients").unstarted(this::cutStalled);
  }

  void start() {
    watch.start();
  }

  private void cutStalled() {
    Duration pause = Collections.min(List.of(limits.stall(), limits.silence())).dividedBy(4);
    try {
      while (true) {
        Thread.sleep(pause);
        open.forEach(Line::cutIfStalled);
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  /** How many connections are open. */
  int count() {
    return open.size();
  }

  @Override
  public void close() {
    watch.interrupt();
  }

  // Connections

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData data) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext ctx) {
    var line = new Line(ctx, limits);
    return new Held(line, http.connection(line));
  }

  /** A connection that is watched for as long as it is open. */
  private final class Held implements ServerConnection {

    private final Line line;
    private final ServerConnection inner;

    Held(Line line, ServerConnection inner) {
      this.line = line;
      this.inner = inner;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      open.add(line);
      try {
        ScopedValue.where(Line.CURRENT, line)
            .call(() -> {
              inner.handle(limit);
              return true;
            });
      } finally {
        open.remove(line);
      }
    }

    @Override
    public Duration idleTime() {
      return inner.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      inner.close(interrupt);
    }
  }

  // Heads of requests

  @Override
  public void prologue(ConnectionContext ctx, HttpPrologue prologue) {
    if (ctx instanceof Line line) {
      line.firstLineOver();
    }
  }

  @Override
  public void headers(ConnectionContext ctx, Headers headers) {
    if (ctx instanceof Line line) {
      line.headersOver(headers.contains(HeaderNames.UPGRADE));
    }
    check(headers);
  }

  private static void check(Headers headers) {
    int count = 0;
    int bytes = 0;
    for (Header header : headers) {
      if (!TOKEN.matcher(header.name()).matches()) {
        throw Line.refused(400, null);
      }
      for (String value : header.allValues()) {
        count++;
        bytes += header.name().length() + value.length() + 4;
      }
    }
    if (count > Limits.HEADERS_MAX || bytes > Limits.HEADERS_BYTES_MAX) {
      throw Line.refused(431, null);
    }
    if (isAmbiguous(headers)) {
      throw Line.refused(400, null);
    }
  }

  /** Whether it is not plain where the body ends, and so where the next request begins. */
  private static boolean isAmbiguous(Headers headers) {
    boolean chunked = headers.contains(HeaderNames.TRANSFER_ENCODING);
    boolean measured = headers.contains(HeaderNames.CONTENT_LENGTH);
    if (chunked) {
      Header coding = headers.get(HeaderNames.TRANSFER_ENCODING);
      return measured || coding.valueCount() != 1 || !coding.get().equals("chunked");
    }
    return measured
        && (headers.get(HeaderNames.CONTENT_LENGTH).valueCount() != 1
            || !headers.get(HeaderNames.CONTENT_LENGTH).get().matches("[0-9]{1,18}"));
  }
}
