package dev.agentrunner.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** One connection to an HTTP server on this machine, with as little of its own as can be. */
final class LoopbackClient implements Closeable {

  private final Socket socket;
  private final InputStream in;

  LoopbackClient(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  record Reply(int status, String body) {}

  Reply get(String path) throws IOException {
    send("GET", path, "");
    return reply();
  }

  Reply post(String path, String json) throws IOException {
    send("POST", path, json);
    return reply();
  }

  /** Follows a stream of server-sent events and hands on each line of data, until its end. */
  void follow(String path, Consumer<String> data) throws IOException {
    send("GET", path, "");
    boolean end = false;
    while (true) {
      String line = line();
      if (line.equals("event: end")) {
        end = true;
      } else if (line.startsWith("data:")) {
        if (end) {
          return;
        }
        data.accept(line);
      }
    }
  }

  private void send(String method, String path, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\n"
            .formatted(
                method,
                path,
                method.equals("POST") ? "Content-Length: " + body.length + "\r\n" : "");
    var request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    socket.getOutputStream().write(request.toByteArray());
  }

  private Reply reply() throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    int length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String[] parts = header.split(": *", 2);
      if (parts[0].equalsIgnoreCase("Content-Length")) {
        length = Integer.parseInt(parts[1]);
      }
      chunked |= parts[0].equalsIgnoreCase("Transfer-Encoding");
    }
    var body = new ByteArrayOutputStream();
    if (chunked) {
      for (int size = size(line()); size > 0; size = size(line())) {
        body.writeBytes(in.readNBytes(size));
        line();
      }
      line();
    } else {
      body.writeBytes(in.readNBytes(length));
    }
    return new Reply(status, body.toString(StandardCharsets.UTF_8));
  }

  private static int size(String line) {
    return Integer.parseInt(line, 16);
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
