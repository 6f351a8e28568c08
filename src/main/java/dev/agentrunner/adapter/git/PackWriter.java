package dev.agentrunner.adapter.git;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;

/** Objects on their way into a pack, in memory. */
final class PackWriter {

  static final int HEADER_BYTES = 12;
  private static final int MAGIC = 0x5041434B;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final TreeMap<String, Integer> offsets = new TreeMap<>();

  static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-1", impossible);
    }
  }

  /** The name that git gives to an object. */
  static String name(ObjectKind kind, byte[] content) {
    MessageDigest sha1 = sha1();
    sha1.update((kind.word() + " " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(sha1.digest(content));
  }

  boolean has(String id) {
    return offsets.containsKey(id);
  }

  boolean isEmpty() {
    return offsets.isEmpty();
  }

  int size() {
    return HEADER_BYTES + body.size();
  }

  void add(String id, ObjectKind kind, byte[] content) {
    offsets.put(id, size());
    writeHead(kind, content.length);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(content);
      deflater.finish();
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        body.write(buffer, 0, deflater.deflate(buffer));
      }
    } finally {
      deflater.end();
    }
  }

  /** Adds an object as it stands in another pack. */
  void addPacked(String id, byte[] packed) {
    offsets.put(id, size());
    body.writeBytes(packed);
  }

  private void writeHead(ObjectKind kind, int length) {
    int first = (kind.number() << 4) | (length & 0xF);
    int rest = length >>> 4;
    while (rest != 0) {
      body.write(first | 0x80);
      first = rest & 0x7F;
      rest >>>= 7;
    }
    body.write(first);
  }

  /** The whole pack; its last 20 bytes name it. */
  byte[] pack() {
    ByteBuffer pack = ByteBuffer.allocate(size() + 20);
    pack.putInt(MAGIC).putInt(2).putInt(offsets.size()).put(body.toByteArray());
    MessageDigest sha1 = sha1();
    sha1.update(pack.array(), 0, size());
    return pack.put(sha1.digest()).array();
  }

  /** What finds objects in {@code pack}, in git's version 1. */
  static byte[] index(byte[] pack, Map<String, Integer> offsets) {
    ByteBuffer index = ByteBuffer.allocate(PackFile.FAN_BYTES + 24 * offsets.size() + 40);
    int[] fan = new int[256];
    offsets.keySet().forEach(id -> fan[Integer.parseInt(id.substring(0, 2), 16)]++);
    int sum = 0;
    for (int count : fan) {
      sum += count;
      index.putInt(sum);
    }
    new TreeMap<>(offsets)
        .forEach((id, offset) -> index.putInt(offset).put(HexFormat.of().parseHex(id)));
    index.put(pack, pack.length - 20, 20);
    MessageDigest sha1 = sha1();
    sha1.update(index.array(), 0, index.position());
    return index.put(sha1.digest()).array();
  }

  Map<String, Integer> offsets() {
    return offsets;
  }
}
