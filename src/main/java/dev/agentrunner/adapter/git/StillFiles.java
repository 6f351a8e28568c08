package dev.agentrunner.adapter.git;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.FileTreeIterator.FileEntry;
import org.eclipse.jgit.treewalk.FileTreeIterator.FileModeStrategy;
import org.eclipse.jgit.treewalk.WorkingTreeIterator.Entry;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FS_POSIX;
import org.eclipse.jgit.util.ProcessResult;

/** Files as JGit sees them, without what could make it wait or run a program. */
final class StillFiles extends FS_POSIX {

  private static final Map<PosixFilePermission, PosixFilePermission> RUN_AS_READ =
      Map.of(
          PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_READ,
          PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_READ,
          PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_READ);

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

  @Override
  public ProcessResult runHookIfPresent(
      Repository repository,
      String hook,
      String[] arguments,
      OutputStream out,
      OutputStream err,
      String input) {
    return new ProcessResult(ProcessResult.Status.NOT_PRESENT);
  }

  /** Without asking a shell for the umask: who may read a file may run it. */
  @Override
  public boolean setExecute(File file, boolean can) {
    try {
      Set<PosixFilePermission> permissions =
          new HashSet<>(Files.getPosixFilePermissions(file.toPath(), LinkOption.NOFOLLOW_LINKS));
      RUN_AS_READ.forEach((run, read) -> {
        if (can && permissions.contains(read)) {
          permissions.add(run);
        } else {
          permissions.remove(run);
        }
      });
      Files.setPosixFilePermissions(file.toPath(), permissions);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
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
