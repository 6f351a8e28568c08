package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/** The files of a checkpoint, written into a folder that has none of them. */
final class WrittenTree {

  private final ObjectStore store;
  private final Copied copied;

  /** Is told of each object that was written out. */
  interface Copied {
    void accept(ObjectKind kind, byte[] content) throws IOException;
  }

  WrittenTree(ObjectStore store, Copied copied) {
    this.store = store;
    this.copied = copied;
  }

  void write(String tree, Path folder) throws IOException {
    byte[] content = store.read(tree);
    for (Map.Entry<String, TreeEntry> named : TreeEntry.entries(content).entrySet()) {
      TreeEntry entry = named.getValue();
      Path file = RawName.in(folder, named.getKey());
      if (entry.isFolder()) {
        Files.createDirectory(file);
        write(entry.id(), file);
      } else {
        write(entry, file);
      }
    }
    copied.accept(ObjectKind.TREE, content);
  }

  private void write(TreeEntry entry, Path file) throws IOException {
    byte[] bytes = store.read(entry.id());
    copied.accept(ObjectKind.BLOB, bytes);
    if (entry.mode() == TreeEntry.LINK) {
      Files.createSymbolicLink(
          file, RawName.target(new String(bytes, StandardCharsets.ISO_8859_1)));
      return;
    }
    ObjectStore.writeNew(file, bytes, false);
    if (entry.mode() == TreeEntry.EXECUTABLE
        && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
      modes.add(PosixFilePermission.OWNER_EXECUTE);
      Files.setPosixFilePermissions(file, modes);
    }
  }
}
