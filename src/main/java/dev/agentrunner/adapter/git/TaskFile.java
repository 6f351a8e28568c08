package dev.agentrunner.adapter.git;

import dev.agentrunner.core.run.FileChange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEditor.PathEdit;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.WorkingTreeIterator;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;

/**
 * A file a task changed, on its way into a commit. What the last commit has of it must be what the
 * task found, and what is there now must be what the task left: else others had a hand in it, and
 * the two cannot be told apart.
 */
final class TaskFile {

  private static final int BYTES_MAX = 64 << 20;

  private final String path;
  private final FileMode mode;
  private final Optional<byte[]> content;
  private final boolean committed;

  private TaskFile(String path, FileMode mode, Optional<byte[]> content, boolean committed) {
    this.path = path;
    this.mode = mode;
    this.content = content;
    this.committed = committed;
  }

  /**
   * @param path from the root of the work tree
   * @param last what the last commit has at {@code path}
   */
  static TaskFile of(
      InertRepository repository, String path, Optional<DirCacheEntry> last, FileChange change)
      throws IOException, Refusal {
    Optional<byte[]> before =
        last.isPresent() ? content(repository, path, last.get()) : Optional.empty();
    if (isText(before, change.after())) {
      return new TaskFile(path, FileMode.MISSING, Optional.empty(), false);
    }
    if (!isText(before, change.before())) {
      throw new Refusal(
          last.isPresent()
              ? "%s held changes that were not committed before the task began".formatted(path)
              : "%s was there before the task began, and not in git".formatted(path));
    }
    Optional<byte[]> now = read(repository, path);
    if (!now.map(TaskFile::digest).equals(change.after())) {
      throw new Refusal("%s was changed again after the task was done with it".formatted(path));
    }
    if (last.isEmpty() && isIgnored(repository, path)) {
      return new TaskFile(path, FileMode.MISSING, Optional.empty(), false);
    }
    boolean windows =
        before.isPresent()
            ? !before.map(TaskFile::digest).equals(change.before())
            : repository.getConfig().getString("core", null, "autocrlf") != null
                && !"false".equals(repository.getConfig().getString("core", null, "autocrlf"));
    FileMode mode = last.map(DirCacheEntry::getFileMode).orElseGet(() -> modeOf(repository, path));
    return new TaskFile(path, mode, windows ? now.map(TaskFile::withoutReturns) : now, true);
  }

  /** Whether the last commit lacks it. */
  boolean isToBeCommitted() {
    return committed;
  }

  PathEdit edit(ObjectInserter inserter) throws IOException {
    if (content.isEmpty()) {
      return new DirCacheEditor.DeletePath(path);
    }
    ObjectId blob = inserter.insert(Constants.OBJ_BLOB, content.get());
    return new PathEdit(path) {
      @Override
      public void apply(DirCacheEntry entry) {
        entry.setFileMode(mode);
        entry.setObjectId(blob);
      }
    };
  }

  /** An entry of the index as a commit has it, with the traits of the file that is there. */
  static final class Entry extends PathEdit {

    private final DirCacheEntry committed;
    private final Path file;

    Entry(InertRepository repository, String path, DirCacheEntry committed) {
      super(path);
      this.committed = committed;
      this.file = repository.getWorkTree().toPath().resolve(path);
    }

    @Override
    public void apply(DirCacheEntry entry) {
      entry.setFileMode(committed.getFileMode());
      entry.setObjectId(committed.getObjectId());
      try {
        BasicFileAttributes traits =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        entry.setLength(traits.size());
        entry.setLastModified(traits.lastModifiedTime().toInstant());
      } catch (IOException e) {
        entry.setLength(0); // Whoever asks next looks into the file.
      }
    }
  }

  private static Optional<byte[]> content(
      InertRepository repository, String path, DirCacheEntry entry) throws IOException, Refusal {
    FileMode mode = entry.getFileMode();
    if (!mode.equals(FileMode.REGULAR_FILE) && !mode.equals(FileMode.EXECUTABLE_FILE)) {
      throw new Refusal("%s is no ordinary file in git".formatted(path));
    }
    ObjectLoader blob = repository.open(entry.getObjectId(), Constants.OBJ_BLOB);
    return Optional.of(blob.getCachedBytes(BYTES_MAX));
  }

  /** Whether {@code committed}, with the line ends of either world, has that digest. */
  private static boolean isText(Optional<byte[]> committed, Optional<String> digest) {
    return committed.map(TaskFile::digest).equals(digest)
        || (committed.isPresent()
            && committed.map(TaskFile::withReturns).map(TaskFile::digest).equals(digest));
  }

  private static Optional<byte[]> read(InertRepository repository, String path)
      throws IOException, Refusal {
    Path tree = repository.getWorkTree().toPath();
    Path file = tree.resolve(path);
    for (Path at = file.getParent(); at != null && !at.equals(tree); at = at.getParent()) {
      if (Files.isSymbolicLink(at)) {
        throw new Refusal("%s lies behind a link".formatted(path));
      }
    }
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Refusal("%s is no ordinary file".formatted(path));
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new Refusal("%s is too large to be committed here".formatted(path));
      }
      return Optional.of(bytes);
    }
  }

  private static FileMode modeOf(InertRepository repository, String path) {
    boolean heeded = repository.getConfig().getBoolean("core", "filemode", true);
    return heeded && Files.isExecutable(repository.getWorkTree().toPath().resolve(path))
        ? FileMode.EXECUTABLE_FILE
        : FileMode.REGULAR_FILE;
  }

  private static boolean isIgnored(InertRepository repository, String path) throws IOException {
    try (TreeWalk walk = new TreeWalk(repository)) {
      walk.addTree(new FileTreeIterator(repository));
      walk.setFilter(PathFilterGroup.createFromStrings(path));
      while (walk.next()) {
        WorkingTreeIterator at = walk.getTree(0, WorkingTreeIterator.class);
        if (at != null && at.isEntryIgnored()) {
          return true;
        }
        if (walk.isSubtree()) {
          walk.enterSubtree();
        }
      }
      return false;
    }
  }

  private static byte[] withReturns(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] withoutReturns(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.indexOf('\0') >= 0
        ? bytes
        : text.replace("\r\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }
}
