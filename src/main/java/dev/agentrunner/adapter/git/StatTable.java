package dev.agentrunner.adapter.git;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What files held when they were last read, so that those nobody touched since are not read again.
 * Only a short cut: where it is lost or damaged, all files are read.
 */
final class StatTable {

  private static final int VERSION = 1;

  /**
   * A file touched so shortly before it was read may have been touched again with the same time:
   * file systems stamp by ticks of up to two seconds, and by clocks of their own.
   */
  private static final long FRESH_MICROS = 2_000_000;

  /** What a table is written to before it takes its place. */
  static final Pattern TEMPORARY = Pattern.compile("[0-9a-f]+\\.(\\d{1,18})\\.tmp");

  private record Line(Stat stat, String id) {}

  private final Map<String, Line> files = new HashMap<>();
  private final Map<String, String> trees = new HashMap<>();

  /** The object that holds what the file holds, if the file is as it was. */
  Optional<String> file(String raw, Stat stat) {
    return Optional.ofNullable(files.get(raw)).filter(line -> line.stat.equals(stat)).map(Line::id);
  }

  /** The tree that the folder was; it is in the store. */
  Optional<String> tree(String raw) {
    return Optional.ofNullable(trees.get(raw));
  }

  /** Adds a file that was read after {@code nowMicros}. */
  void add(String raw, Stat stat, String id, long nowMicros) {
    if (stat.isOlderThan(nowMicros - FRESH_MICROS)) {
      files.put(raw, new Line(stat, id));
    }
  }

  void addTree(String raw, String id) {
    trees.put(raw, id);
  }

  boolean says(StatTable other) {
    return files.equals(other.files) && trees.equals(other.trees);
  }

  static StatTable read(Path file) {
    StatTable table = new StatTable();
    try {
      byte[] bytes = Files.readAllBytes(file);
      CRC32 sum = new CRC32();
      sum.update(bytes, 8, Math.max(0, bytes.length - 8));
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      if (in.readLong() != sum.getValue() || in.readInt() != VERSION) {
        return table;
      }
      for (int rest = in.readInt(); rest > 0; rest--) {
        String raw = in.readUTF();
        Stat stat =
            new Stat(in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        table.files.put(raw, new Line(stat, id(in)));
      }
      for (int rest = in.readInt(); rest > 0; rest--) {
        table.trees.put(in.readUTF(), id(in));
      }
      return table;
    } catch (IOException | IndexOutOfBoundsException e) {
      return new StatTable();
    }
  }

  private static String id(DataInputStream in) throws IOException {
    return HexFormat.of().formatHex(in.readNBytes(20));
  }

  void write(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(VERSION);
    out.writeInt(files.size());
    for (Map.Entry<String, Line> entry : files.entrySet()) {
      Stat stat = entry.getValue().stat;
      out.writeUTF(entry.getKey());
      out.writeInt(stat.mode());
      out.writeLong(stat.inode());
      out.writeLong(stat.bytes());
      out.writeLong(stat.modifiedMicros());
      out.writeLong(stat.changedMicros());
      out.write(HexFormat.of().parseHex(entry.getValue().id));
    }
    out.writeInt(trees.size());
    for (Map.Entry<String, String> entry : trees.entrySet()) {
      out.writeUTF(entry.getKey());
      out.write(HexFormat.of().parseHex(entry.getValue()));
    }
    CRC32 sum = new CRC32();
    sum.update(bytes.toByteArray());
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    new DataOutputStream(whole).writeLong(sum.getValue());
    whole.writeBytes(bytes.toByteArray());
    Files.createDirectories(file.resolveSibling(""));
    Path temporary = file.resolveSibling(file.getFileName() + OwnFiles.name(".%s.tmp"));
    ObjectStore.writeNew(temporary, whole.toByteArray(), false);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
