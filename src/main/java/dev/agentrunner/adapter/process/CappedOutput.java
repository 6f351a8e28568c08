package dev.agentrunner.adapter.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/** What a command prints: counted and digested in full, kept at its head and its tail. */
final class CappedOutput implements Output {

  /** Bytes kept of the head, and as many of the tail. */
  static final int KEPT = 256 * 1024;

  private final Consumer<byte[]> reader;
  private final MessageDigest digest = sha256();
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();

  /** The last bytes after the head, from {@code count % KEPT} around; empty until there are any. */
  private byte[] ring = {};

  private long past;
  private boolean readerFailed;

  /**
   * @param reader gets the head as it comes and the tail at the end
   */
  CappedOutput(Consumer<byte[]> reader) {
    this.reader = reader;
  }

  @Override
  public void add(byte[] bytes, int length) {
    digest.update(bytes, 0, length);
    int first = Math.min(length, KEPT - head.size());
    if (first > 0) {
      head.write(bytes, 0, first);
      hand(Arrays.copyOf(bytes, first));
    }
    if (length > first) {
      addToRing(bytes, first, length);
    }
  }

  private void addToRing(byte[] bytes, int from, int to) {
    if (ring.length == 0) {
      ring = new byte[KEPT];
    }
    for (int at = from; at < to; ) {
      int place = (int) (past % KEPT);
      int some = Math.min(to - at, KEPT - place);
      System.arraycopy(bytes, at, ring, place, some);
      at += some;
      past += some;
    }
  }

  /** Hands out what was held back. To be called once, when there is no more. */
  void finish() {
    if (leftOut() > 0) {
      say("left out " + leftOut() + " bytes here");
    }
    if (past > 0) {
      hand(tail());
    }
  }

  @Override
  public void say(String line) {
    hand(("\n[agent-runner: " + line + "]\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A reader that fails is asked no more, so that its failure is thrown once and cannot get in the
   * way of cleaning up.
   */
  private void hand(byte[] bytes) {
    if (!readerFailed) {
      readerFailed = true;
      reader.accept(bytes);
      readerFailed = false;
    }
  }

  byte[] head() {
    return head.toByteArray();
  }

  byte[] tail() {
    int length = (int) Math.min(past, KEPT);
    byte[] tail = new byte[length];
    int oldest = past > KEPT ? (int) (past % KEPT) : 0;
    System.arraycopy(ring, oldest, tail, 0, length - oldest);
    System.arraycopy(ring, 0, tail, length - oldest, oldest);
    return tail;
  }

  /** Bytes between head and tail that were not kept. */
  long leftOut() {
    return Math.max(0, past - KEPT);
  }

  long bytes() {
    return head.size() + past;
  }

  /** SHA-256 in hex of all that was added. To be called once. */
  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
