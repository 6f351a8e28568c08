package dev.agentrunner.adapter.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A pack of objects that are each whole, and its index. The pack is the truth: an index that a
 * crash took or tore is made again.
 */
final class PackFile {

  static final int FAN_BYTES = 4 * 256;
  private static final int LINE_BYTES = 24;
  private static final int HEAD_BYTES_MAX = 16;

  private final Path file;
  private final byte[] index;

  /** Where objects begin, in order, once somebody asks. */
  private int[] starts = {};

  PackFile(Path file, byte[] index) {
    this.file = file;
    this.index = index;
  }

  /** A part of a pack that tells an object. */
  private record Packed(ObjectKind kind, byte[] content, int bytes) {}

  static PackFile open(Path file) throws IOException {
    byte[] index = readIfAny(index(file));
    if (isWhole(index)) {
      return new PackFile(file, index);
    }
    byte[] pack = Files.readAllBytes(file);
    byte[] made = PackWriter.index(pack, offsets(pack));
    Files.write(index(file), made);
    return new PackFile(file, made);
  }

  static Path index(Path pack) {
    String name = String.valueOf(pack.getFileName());
    return pack.resolveSibling(name.substring(0, name.length() - ".pack".length()) + ".idx");
  }

  private static byte[] readIfAny(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }

  private static boolean isWhole(byte[] index) {
    if (index.length < FAN_BYTES + 40) {
      return false;
    }
    var sha1 = PackWriter.sha1();
    sha1.update(index, 0, index.length - 20);
    return Arrays.equals(sha1.digest(), Arrays.copyOfRange(index, index.length - 20, index.length));
  }

  private static Map<String, Integer> offsets(byte[] pack) throws IOException {
    Map<String, Integer> offsets = new LinkedHashMap<>();
    int at = PackWriter.HEADER_BYTES;
    while (at < pack.length - 20) {
      Packed packed = unpack(ByteBuffer.wrap(pack, at, pack.length - at));
      offsets.put(PackWriter.name(packed.kind, packed.content), at);
      at += packed.bytes;
    }
    return offsets;
  }

  Path file() {
    return file;
  }

  boolean has(String id) {
    return offset(id).isPresent();
  }

  private OptionalInt offset(String id) {
    byte[] wanted = HexFormat.of().parseHex(id);
    ByteBuffer buffer = ByteBuffer.wrap(index);
    int bucket = wanted[0] & 0xFF;
    int low = bucket == 0 ? 0 : buffer.getInt(4 * (bucket - 1));
    int high = buffer.getInt(4 * bucket);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int line = FAN_BYTES + LINE_BYTES * middle;
      int order = Arrays.compareUnsigned(wanted, 0, 20, index, line + 4, line + LINE_BYTES);
      if (order == 0) {
        return OptionalInt.of(buffer.getInt(line));
      }
      if (order < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return OptionalInt.empty();
  }

  /** The content of an object that {@link #has} told of. */
  byte[] read(String id) throws IOException {
    int offset = offset(id).orElseThrow();
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      int end = end(offset);
      ByteBuffer packed = ByteBuffer.allocate(end - offset);
      while (packed.hasRemaining() && in.read(packed, offset + packed.position()) > 0) {
        // A read may give less than was asked for.
      }
      return unpack(packed.flip()).content;
    }
  }

  private int end(int offset) throws IOException {
    if (starts.length == 0) {
      starts =
          IntStream.iterate(FAN_BYTES, line -> line < index.length - 40, line -> line + LINE_BYTES)
              .map(line -> ByteBuffer.wrap(index).getInt(line))
              .sorted()
              .toArray();
    }
    int next = Arrays.binarySearch(starts, offset) + 1;
    return next < starts.length ? starts[next] : (int) Files.size(file) - 20;
  }

  /** Adds every object to another pack. */
  void copyTo(PackWriter other) throws IOException {
    byte[] pack = Files.readAllBytes(file);
    for (int line = FAN_BYTES; line < index.length - 40; line += LINE_BYTES) {
      int from = ByteBuffer.wrap(index).getInt(line);
      String id = HexFormat.of().formatHex(index, line + 4, line + LINE_BYTES);
      if (!other.has(id)) {
        other.addPacked(id, Arrays.copyOfRange(pack, from, end(from)));
      }
    }
  }

  private static Packed unpack(ByteBuffer packed) throws IOException {
    int start = packed.position();
    if (packed.remaining() == 0) {
      throw new IOException("a pack of checkpoints is cut off");
    }
    int head = packed.get();
    ObjectKind kind = ObjectKind.of((head >> 4) & 7);
    long length = head & 0xF;
    for (int shift = 4; (head & 0x80) != 0 && shift < 7 * HEAD_BYTES_MAX; shift += 7) {
      head = packed.get();
      length |= (long) (head & 0x7F) << shift;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      ByteArrayOutputStream content = new ByteArrayOutputStream((int) length);
      byte[] buffer = new byte[8192];
      while (!inflater.finished()) {
        int got = inflater.inflate(buffer);
        if (got == 0 && !inflater.finished()) {
          throw new IOException("a pack of checkpoints is cut off");
        }
        content.write(buffer, 0, got);
      }
      return new Packed(kind, content.toByteArray(), packed.position() - start);
    } catch (DataFormatException e) {
      throw new IOException("a pack of checkpoints is damaged", e);
    } finally {
      inflater.end();
    }
  }
}
