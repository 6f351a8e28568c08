package dev.agentrunner.adapter.files;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What a file keeps when another takes its place. */
record FileTraits(UserPrincipal owner, GroupPrincipal group, Set<PosixFilePermission> permissions) {

  /** Who may run a file if they may read it. */
  private static final Map<PosixFilePermission, PosixFilePermission> RUN_IF_READ =
      Map.of(
          PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

  FileTraits {
    permissions = Set.copyOf(permissions);
  }

  static FileTraits of(PosixFileAttributes file) {
    return new FileTraits(file.owner(), file.group(), file.permissions());
  }

  /** Everyone who may read the file may run it, or nobody may. */
  FileTraits withExecutable(boolean executable) {
    Set<PosixFilePermission> changed = EnumSet.noneOf(PosixFilePermission.class);
    changed.addAll(permissions);
    changed.removeAll(RUN_IF_READ.values());
    if (executable) {
      RUN_IF_READ.forEach((read, run) -> {
        if (permissions.contains(read)) {
          changed.add(run);
        }
      });
    }
    return new FileTraits(owner, group, changed);
  }
}
