package dev.agentrunner.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose client is held to its time: to send a request, and to take what it is sent.
 * One thread reads; several may write, one after the other.
 */
final class Line implements ConnectionContext, DataWriter {

  /** The one that the current thread serves. */
  static final ScopedValue<Line> CURRENT = ScopedValue.newInstance();

  /** What the next byte will belong to. */
  private enum Stage {
    /** No request: the client owes nothing. */
    IDLE,
    FIRST_LINE,
    HEADERS,
    BODY,
    /** Both sides speak when they like. */
    TALK
  }

  private final ConnectionContext outer;
  private final DataReader reader;
  private final DataWriter writer;
  private final Limits limits;

  private Stage stage = Stage.IDLE;
  private long stageEndsNanos;
  private long headBytes;

  private final Wait reading = new Wait();
  private final Wait writing = new Wait();

  Line(ConnectionContext outer, Limits limits) {
    this.outer = outer;
    this.limits = limits;
    this.reader = new DataReader(this::read);
    this.writer = outer.dataWriter();
  }

  // Reading

  private byte[] read() {
    byte[] bytes = awaited();
    if (stage == Stage.IDLE) {
      begin(Stage.FIRST_LINE, limits.head().toNanos());
      headBytes = 0;
    }
    if (stage != Stage.TALK && System.nanoTime() - stageEndsNanos > 0) {
      throw late(null);
    }
    if (stage == Stage.HEADERS) {
      headBytes += bytes.length;
      if (headBytes > Limits.HEADERS_BYTES_MAX) {
        throw refused(431, null);
      }
    }
    return bytes;
  }

  private byte[] awaited() {
    reading.begin();
    try {
      BufferData next = outer.dataReader().readBuffer();
      return next.readBytes();
    } catch (ServerConnectionException e) {
      if (stage == Stage.IDLE || stage == Stage.TALK) {
        throw e;
      }
      throw late(e);
    } finally {
      reading.end();
    }
  }

  private static RequestException late(@Nullable Throwable cause) {
    return refused(408, cause);
  }

  static RequestException refused(int status, @Nullable Throwable cause) {
    var refused =
        RequestException.builder()
            .type(DirectHandler.EventType.BAD_REQUEST)
            .status(Status.create(status))
            .setKeepAlive(false)
            .message("refused");
    if (cause != null) {
      refused.cause(cause);
    }
    return refused.build();
  }

  private void begin(Stage next, long nanos) {
    stage = next;
    stageEndsNanos = System.nanoTime() + nanos;
  }

  /** The first line was read. */
  void firstLineOver() {
    stage = Stage.HEADERS;
  }

  /** The headers were read. */
  void headersOver(boolean talks) {
    begin(talks ? Stage.TALK : Stage.BODY, limits.body().toNanos());
  }

  /** The request was answered. */
  void requestOver() {
    stage = Stage.IDLE;
  }

  // Writing

  private void write(Runnable write) {
    writing.begin();
    try {
      write.run();
    } finally {
      writing.end();
    }
  }

  /**
   * Ends the connection if its client has sent nothing, or taken nothing of what was written, for
   * too long.
   */
  void cutIfStalled() {
    reading.cut(limits.silence());
    writing.cut(limits.stall());
  }

  /** A thread's wait for the client. Once it has ended, nobody interrupts the thread for it. */
  private static final class Wait {

    private final ReentrantLock lock = new ReentrantLock();
    private long sinceNanos;
    private @Nullable Thread waiting;

    void begin() {
      lock.lock();
      try {
        sinceNanos = System.nanoTime();
        waiting = Thread.currentThread();
      } finally {
        lock.unlock();
      }
    }

    void end() {
      lock.lock();
      try {
        waiting = null;
      } finally {
        lock.unlock();
      }
    }

    void cut(Duration patience) {
      lock.lock();
      try {
        Thread stuck = waiting;
        if (stuck != null && System.nanoTime() - sinceNanos > patience.toNanos()) {
          // A virtual thread that is interrupted while it is at a socket closes it.
          stuck.interrupt();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void write(BufferData... buffers) {
    write(() -> writer.write(buffers));
  }

  @Override
  public void write(BufferData buffer) {
    write(() -> writer.write(buffer));
  }

  @Override
  public void writeNow(BufferData... buffers) {
    write(() -> writer.writeNow(buffers));
  }

  @Override
  public void writeNow(BufferData buffer) {
    write(() -> writer.writeNow(buffer));
  }

  @Override
  public void flush() {
    write(writer::flush);
  }

  @Override
  public void close() {
    writer.close();
  }

  // All else is as it was

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return this;
  }

  @Override
  public ListenerContext listenerContext() {
    return outer.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return outer.executor();
  }

  @Override
  public Router router() {
    return outer.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return outer.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return outer.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return outer.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return outer.localPeer();
  }

  @Override
  public boolean isSecure() {
    return outer.isSecure();
  }

  @Override
  public String socketId() {
    return outer.socketId();
  }

  @Override
  public String childSocketId() {
    return outer.childSocketId();
  }
}
