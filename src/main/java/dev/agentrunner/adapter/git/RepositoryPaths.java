package dev.agentrunner.adapter.git;

import java.util.List;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.ObjectChecker;

/**
 * Paths as the repository has them.
 *
 * @param prefix of the folder they are given from
 */
record RepositoryPaths(String prefix) {

  List<String> of(List<String> written) throws Refusal {
    String[] paths = new String[written.size()];
    for (int i = 0; i < paths.length; i++) {
      paths[i] = of(written.get(i));
    }
    return List.of(paths);
  }

  /** {@code written} from the root of the work tree; {@code .} is the folder itself. */
  String of(String written) throws Refusal {
    if (written.isEmpty() || written.startsWith("-")) {
      throw new Refusal(
          "'%s' is no path; one that begins with '-' is written as ./%s"
              .formatted(written, written));
    }
    String path = written.startsWith("./") ? written.substring(2) : written;
    if (path.isEmpty() || path.equals(".")) {
      return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }
    try {
      new ObjectChecker().setSafeForMacOS(true).setSafeForWindows(false).checkPath(path);
    } catch (CorruptObjectException e) {
      throw new Refusal("'%s' is no path in the folder: %s".formatted(written, Masked.trouble(e)));
    }
    return prefix + path;
  }
}
