package dev.agentrunner.adapter.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.treewalk.FileTreeIterator.FileEntry;
import org.eclipse.jgit.treewalk.FileTreeIterator.FileModeStrategy;
import org.eclipse.jgit.treewalk.WorkingTreeIterator.Entry;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FS_POSIX;

/** Files as JGit sees them, without what could make it wait or run a program. */
final class StillFiles extends FS_POSIX {

  StillFiles() {}

  @Override
  public FS newInstance() {
    return new StillFiles();
  }

  /** Refuses: filters and hooks are commands that a repository brings along. */
  @Override
  public ProcessBuilder runInShell(String command, String[] arguments) {
    throw new IllegalStateException("not run: " + command);
  }

  /** Leaves out pipes, sockets and devices, as git does. */
  @Override
  public Entry[] list(File folder, FileModeStrategy modes) {
    File[] files = folder.listFiles();
    List<Entry> entries = new ArrayList<>();
    for (File file : files == null ? new File[0] : files) {
      Attributes found = getAttributes(file);
      if (found.isRegularFile() || found.isDirectory() || found.isSymbolicLink()) {
        entries.add(new FileEntry(file, this, found, modes));
      }
    }
    return entries.toArray(Entry[]::new);
  }

  /** Sees nothing where there is a pipe, a socket or a device, whatever a configuration names. */
  @Override
  public File resolve(File folder, String name) {
    File file = super.resolve(folder, name);
    return isOther(file) ? new File(file, "nothing") : file;
  }

  private static boolean isOther(File file) {
    try {
      return Files.readAttributes(file.toPath(), BasicFileAttributes.class).isOther();
    } catch (IOException e) {
      return false;
    }
  }
}
