package dev.agentrunner.adapter.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Goes through the files below a folder in the order of their paths, each folder where its name
 * with a slash belongs, so that the first few come without going through the rest. Follows no link,
 * but tells of them; passes over what is closed or ignored, and pipes, sockets and devices.
 */
final class FolderWalk {

  private static final int DEPTH_MAX = 64;

  private final Visitor visitor;
  private int entriesLeft;
  private boolean whole = true;

  /**
   * A walk.
   *
   * @param entriesMax after so many, folders and what is left out included, it sees no more
   */
  FolderWalk(int entriesMax, Visitor visitor) {
    this.entriesLeft = entriesMax;
    this.visitor = visitor;
  }

  /** Is told of each file in turn. */
  interface Visitor {

    /**
     * There is a file.
     *
     * @param path from the task's folder, for the agent
     * @param regular whether it is a regular file; otherwise it is a link
     * @return whether to go on
     * @throws IOException if it cannot be read; it is passed over
     */
    boolean meets(OpenFolder holder, Path name, String path, boolean regular)
        throws IOException, Refusal;
  }

  /** Whether nothing was left out for being too many, too deep or unreadable. */
  boolean isWhole() {
    return whole;
  }

  /**
   * Goes down {@code path}, of which {@code index} parts lead to {@code folder}, and through what
   * is at its end.
   *
   * @param rules that hold in {@code folder}
   */
  void below(OpenFolder folder, FolderPath path, int index, IgnoreRules rules)
      throws IOException, Refusal {
    if (index == path.length()) {
      String text = path.text();
      through(folder, text.isEmpty() ? text : text + "/", rules, 0);
      return;
    }
    try (OpenFolder next = Spot.at(folder, path, index).enter()) {
      String name = path.parts().get(index);
      below(next, path, index + 1, IgnoreRules.within(Optional.of(rules), name, next));
    }
  }

  /** Whether to go on after what is in {@code folder}. */
  private boolean through(OpenFolder folder, String prefix, IgnoreRules rules, int depth)
      throws Refusal {
    for (Entry entry : entries(folder, rules)) {
      boolean goOn =
          entry.folder
              ? enter(folder, entry, prefix, rules, depth + 1)
              : meet(folder, entry, prefix);
      if (!goOn) {
        return false;
      }
    }
    return true;
  }

  private boolean meet(OpenFolder folder, Entry entry, String prefix) throws Refusal {
    try {
      return visitor.meets(folder, entry.name, prefix + entry.text, entry.regular);
    } catch (IOException e) {
      whole = false;
      return true;
    }
  }

  private boolean enter(OpenFolder folder, Entry entry, String prefix, IgnoreRules rules, int depth)
      throws Refusal {
    if (depth > DEPTH_MAX) {
      whole = false;
      return true;
    }
    try (OpenFolder below = folder.enter(entry.name)) {
      IgnoreRules within = IgnoreRules.within(Optional.of(rules), entry.text, below);
      return through(below, prefix + entry.text + "/", within, depth);
    } catch (IOException e) {
      whole = false;
      return true;
    }
  }

  private List<Entry> entries(OpenFolder folder, IgnoreRules rules) {
    List<Entry> entries = new ArrayList<>();
    try {
      for (Path path : folder.names()) {
        if (entriesLeft == 0) {
          whole = false;
          break;
        }
        entriesLeft--;
        entry(folder, path, rules).ifPresent(entries::add);
      }
    } catch (IOException | DirectoryIteratorException e) {
      whole = false;
    }
    entries.sort(Comparator.comparing(Entry::place));
    return entries;
  }

  private static Optional<Entry> entry(OpenFolder folder, Path path, IgnoreRules rules)
      throws IOException {
    Path name = path.getFileName();
    String text = text(path);
    Optional<? extends BasicFileAttributes> found = folder.look(name);
    if (ClosedName.of(text).isPresent() || found.isEmpty() || found.get().isOther()) {
      return Optional.empty();
    }
    boolean isFolder = found.get().isDirectory();
    return rules.ignores(text, isFolder)
        ? Optional.empty()
        : Optional.of(new Entry(name, text, isFolder, found.get().isRegularFile()));
  }

  /** The last part of {@code path}; bytes that are no text as {@code \xFF}. */
  private static String text(Path path) {
    String text = path.getFileName().toString();
    if (text.indexOf('\uFFFD') < 0) {
      return text;
    }
    // Only the URI still has the bytes that the text has lost.
    byte[] bytes = lastPart(path.toUri().getRawPath());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder escaped = new StringBuilder();
      for (byte b : bytes) {
        escaped.append(b > ' ' && b < 0x7F ? String.valueOf((char) b) : "\\x%02X".formatted(b));
      }
      return escaped.toString();
    }
  }

  private static byte[] lastPart(String rawPath) {
    String path = rawPath.endsWith("/") ? rawPath.substring(0, rawPath.length() - 1) : rawPath;
    String part = path.substring(path.lastIndexOf('/') + 1);
    ByteBuffer bytes = ByteBuffer.allocate(part.length());
    for (int i = 0; i < part.length(); i++) {
      boolean escape = part.charAt(i) == '%';
      bytes.put(escape ? (byte) Integer.parseInt(part, i + 1, i + 3, 16) : (byte) part.charAt(i));
      i += escape ? 2 : 0;
    }
    byte[] exact = new byte[bytes.flip().remaining()];
    bytes.get(exact);
    return exact;
  }

  private record Entry(Path name, String text, boolean folder, boolean regular) {

    String place() {
      return folder ? text + "/" : text;
    }
  }
}
