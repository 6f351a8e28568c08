package dev.agentrunner.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP server on a local port that does to each request what the next scene says, byte by byte:
 * stalls, cuts and nonsense included. Keeps connections open as long as scenes end their answers.
 */
public final class ScriptedServer implements AutoCloseable {

  private final ServerSocket listening;
  private final BlockingQueue<Scene> scenes = new LinkedBlockingQueue<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  public ScriptedServer() {
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("scripted-server").start(this::accept);
  }

  /** What happens to one request. */
  public interface Scene {
    void play(Line line) throws IOException;
  }

  /** A request as it came. */
  public record Asked(String method, String path, Map<String, String> headers, String body) {}

  public String url() {
    return "http://" + listening.getInetAddress().getHostAddress() + ":" + listening.getLocalPort();
  }

  /** Has the next request that has no scene yet answered so. */
  public void next(Scene scene) {
    scenes.add(scene);
  }

  /** Answers the next request with {@code body} in one piece. */
  public void next(int status, Map<String, String> headers, byte[] body) {
    next(line -> line.whole(status, headers, body));
  }

  public List<Asked> asked() {
    return asked;
  }

  public int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        open.add(socket);
        connections.incrementAndGet();
        Thread.ofPlatform().daemon().name("scripted-connection").start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        asked.add(request(in));
        Scene scene = scenes.poll(10, TimeUnit.SECONDS);
        if (scene == null) {
          return;
        }
        scene.play(new Line(socket, in));
      }
    } catch (IOException _) {
      // The client has gone, or the scene has cut the line.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Asked request(InputStream in) throws IOException {
    String[] first = line(in).split(" ", 3);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    return new Asked(first[0], first[1], headers, new String(body, StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).strip();
      }
      line.write(next);
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server's end of a connection, while one request is answered. */
  public static final class Line {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Line(Socket socket, InputStream in) throws IOException {
      this.socket = socket;
      this.in = in;
      this.out = socket.getOutputStream();
    }

    public void raw(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    public void raw(String text) throws IOException {
      raw(text.getBytes(StandardCharsets.UTF_8));
    }

    public void whole(int status, Map<String, String> headers, byte[] body) throws IOException {
      var answer = new ByteArrayOutputStream();
      answer.writeBytes(head(status, headers).getBytes(StandardCharsets.UTF_8));
      answer.writeBytes(
          ("content-length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      answer.writeBytes(body);
      raw(answer.toByteArray());
    }

    /** Begins a stream; {@link #send} adds to it. */
    public void stream(String contentType) throws IOException {
      raw(head(200, Map.of("content-type", contentType)) + "transfer-encoding: chunked\r\n\r\n");
    }

    public void send(byte[] bytes) throws IOException {
      if (bytes.length > 0) {
        var chunk = new ByteArrayOutputStream();
        chunk.writeBytes(
            (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
        chunk.writeBytes(bytes);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        raw(chunk.toByteArray());
      }
    }

    public void send(String text) throws IOException {
      send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends a stream as it should end. */
    public void end() throws IOException {
      raw("0\r\n\r\n");
    }

    /** Closes the connection in the middle of whatever was going on. */
    public void cut() throws IOException {
      socket.close();
    }

    /** The same, so that the client sees a reset instead of an end. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Returns when the client has closed its end. */
    public void awaitClose(CompletableFuture<Boolean> closed) {
      try {
        while (in.read() >= 0) {}
      } catch (IOException _) {
        // Closed with a reset.
      }
      closed.complete(true);
    }

    private static String head(int status, Map<String, String> headers) {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
      headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      return head.toString();
    }
  }
}
