package dev.agentrunner.adapter.git;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a git tree says of one name.
 *
 * @param mode one of the constants
 * @param id of the blob or tree, in hex
 */
record TreeEntry(int mode, String id) {

  static final int FOLDER = 0040000;
  static final int PLAIN = 0100644;
  static final int EXECUTABLE = 0100755;
  static final int LINK = 0120000;

  private static final int ID_BYTES = 20;

  boolean isFolder() {
    return mode == FOLDER;
  }

  /** The object that is a tree of these entries. */
  static byte[] tree(Map<String, TreeEntry> entries) {
    // Git sorts a folder as if its name ended in a slash.
    String[] names = new String[entries.size()];
    int count = 0;
    for (Map.Entry<String, TreeEntry> entry : entries.entrySet()) {
      names[count++] = entry.getValue().isFolder() ? entry.getKey() + "/" : entry.getKey();
    }
    Arrays.sort(names);
    ByteArrayOutputStream out = new ByteArrayOutputStream(count * 48);
    HexFormat hex = HexFormat.of();
    TreeEntry none = new TreeEntry(0, "");
    for (String sorted : names) {
      boolean folder = sorted.endsWith("/");
      String name = folder ? sorted.substring(0, sorted.length() - 1) : sorted;
      TreeEntry entry = entries.getOrDefault(name, none);
      out.writeBytes(RawName.bytes(Integer.toOctalString(entry.mode)));
      out.write(' ');
      out.writeBytes(RawName.bytes(name));
      out.write(0);
      out.writeBytes(hex.parseHex(entry.id));
    }
    return out.toByteArray();
  }

  /** The entries of such an object, by name, in its order. */
  static Map<String, TreeEntry> entries(byte[] tree) {
    Map<String, TreeEntry> entries = new LinkedHashMap<>();
    int at = 0;
    while (at < tree.length) {
      int blank = indexOf(tree, ' ', at);
      int end = indexOf(tree, '\0', blank);
      int mode = Integer.parseInt(new String(tree, at, blank - at, StandardCharsets.ISO_8859_1), 8);
      String name = new String(tree, blank + 1, end - blank - 1, StandardCharsets.ISO_8859_1);
      at = end + 1 + ID_BYTES;
      entries.put(name, new TreeEntry(mode, HexFormat.of().formatHex(tree, end + 1, at)));
    }
    return entries;
  }

  private static int indexOf(byte[] bytes, char wanted, int from) {
    int at = from;
    while (bytes[at] != wanted) {
      at++;
    }
    return at;
  }
}
