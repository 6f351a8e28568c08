package dev.agentrunner.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends whatever bytes it is told to. */
final class RawClient implements AutoCloseable {

  final Socket socket;
  final InputStream in;

  RawClient(int port) {
    this(port, 0);
  }

  /**
   * @param receiveBytes size of its buffer; the usual one if 0
   */
  RawClient(int port, int receiveBytes) {
    try {
      socket = new Socket();
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout(20_000);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An answer; its status is 0 if the connection was closed instead. */
  record Answered(int status, Map<String, String> headers, String body) {}

  RawClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      // It was closed meanwhile; the answer is there to be read all the same.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Answered answer() {
    try {
      String first = line();
      if (first.isEmpty()) {
        return new Answered(0, Map.of(), "");
      }
      Map<String, String> headers = new TreeMap<>();
      for (String header = line(); !header.isEmpty(); header = line()) {
        int colon = header.indexOf(':');
        headers.putIfAbsent(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      return new Answered(Integer.parseInt(first.split(" ")[1]), headers, body);
    } catch (SocketException e) {
      return new Answered(0, Map.of(), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next line, without its end; empty at the end. */
  String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** Whether the server has closed its end, once all that it sent is read. */
  boolean ended() {
    try {
      while (in.read() >= 0) {}
      return true;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
