package dev.agentrunner.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The server's end of one HTTP/1.1 connection: as little of the protocol as a client of one kind
 * needs, and with every byte in our hands, so that an answer can stop anywhere.
 */
final class SocketExchange {

  private static final int LINE_BYTES_MAX = 16 * 1024;
  private static final int BODY_BYTES_MAX = 64 << 20;

  private final InputStream in;
  private final OutputStream out;

  SocketExchange(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * What came.
   *
   * @param headers by lower-case name
   */
  record Request(String method, String target, Map<String, String> headers, byte[] body) {}

  /** The next request; empty if the other side has closed the connection instead. */
  Optional<Request> next() throws IOException {
    Optional<String> first = line();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] words = first.get().split(" ", -1);
    Map<String, String> headers = new HashMap<>();
    for (String line = line().orElse(""); !line.isEmpty(); line = line().orElse("")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    if (words.length < 2 || length < 0 || length > BODY_BYTES_MAX) {
      throw new IOException("no request: " + first.get());
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the request was cut");
    }
    return Optional.of(new Request(words[0], words[1], headers, body));
  }

  private Optional<String> line() throws IOException {
    var line = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return Optional.empty();
    }
    while (b >= 0 && b != '\n' && line.size() < LINE_BYTES_MAX) {
      line.write(b);
      b = in.read();
    }
    return Optional.of(line.toString(StandardCharsets.ISO_8859_1).stripTrailing());
  }

  /** Answers at once. */
  void answer(int status, String contentType, Map<String, String> headers, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = head(status, contentType, headers);
    head.append("content-length: ").append(bytes.length).append("\r\n\r\n");
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    whole.writeBytes(bytes);
    out.write(whole.toByteArray());
  }

  /** Begins an answer of unknown length. */
  void begin(String contentType, Map<String, String> headers) throws IOException {
    StringBuilder head = head(200, contentType, headers);
    head.append("transfer-encoding: chunked\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static StringBuilder head(int status, String contentType, Map<String, String> headers) {
    StringBuilder head =
        new StringBuilder(
            "HTTP/1.1 %d Whatever\r\ncontent-type: %s\r\n".formatted(status, contentType));
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head;
  }

  void chunk(byte[] bytes) throws IOException {
    var chunk = new ByteArrayOutputStream();
    chunk.writeBytes("%x\r\n".formatted(bytes.length).getBytes(StandardCharsets.ISO_8859_1));
    chunk.writeBytes(bytes);
    chunk.writeBytes(new byte[] {'\r', '\n'});
    out.write(chunk.toByteArray());
  }

  void end() throws IOException {
    out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Says nothing and waits until the other side has had enough. */
  void waitUntilLeft() throws IOException {
    while (in.read() >= 0) {
      // Whatever it may have to say.
    }
  }
}
