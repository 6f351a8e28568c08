package dev.agentrunner.adapter.git;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.IndexDiff;
import org.eclipse.jgit.lib.IndexDiff.StageState;
import org.eclipse.jgit.util.QuotedString;

/**
 * Lines as {@code git status --short} prints them: what is staged, what is not, the path.
 *
 * @param prefix left out of every path
 */
record StatusLines(String prefix) {

  private static final int LINES_MAX = 100;

  /** The lines of {@code diff}, of which there is more than it holds if {@code cutOff}. */
  String of(IndexDiff diff, boolean cutOff) {
    List<String> lines = new ArrayList<>();
    Set<String> paths = new TreeSet<>(diff.getConflicting());
    Stream.of(
            diff.getAdded(),
            diff.getChanged(),
            diff.getRemoved(),
            diff.getModified(),
            diff.getMissing())
        .forEach(paths::addAll);
    paths.forEach(path -> lines.add(line(state(diff, path), path)));
    untracked(diff).forEach(path -> lines.add(line("??", path)));

    int more = lines.size() - LINES_MAX;
    StringBuilder text = new StringBuilder();
    lines.stream().limit(LINES_MAX).forEach(line -> text.append(line).append('\n'));
    if (more > 0) {
      text.append("... and ").append(more).append(cutOff ? " more at least\n" : " more\n");
    } else if (cutOff) {
      text.append("... and perhaps more: there are too many files to look at\n");
    }
    return text.toString();
  }

  private static String state(IndexDiff diff, String path) {
    StageState conflict = diff.getConflictingStageStates().get(path);
    if (conflict != null) {
      return state(conflict);
    }
    char staged =
        diff.getAdded().contains(path)
            ? 'A'
            : diff.getChanged().contains(path) ? 'M' : diff.getRemoved().contains(path) ? 'D' : ' ';
    char unstaged =
        diff.getModified().contains(path) ? 'M' : diff.getMissing().contains(path) ? 'D' : ' ';
    return "" + staged + unstaged;
  }

  private static String state(StageState conflict) {
    return switch (conflict) {
      case BOTH_DELETED -> "DD";
      case ADDED_BY_US -> "AU";
      case DELETED_BY_THEM -> "UD";
      case ADDED_BY_THEM -> "UA";
      case DELETED_BY_US -> "DU";
      case BOTH_ADDED -> "AA";
      case BOTH_MODIFIED -> "UU";
    };
  }

  /** Files, and folders with a slash in place of all that is in them. */
  private Set<String> untracked(IndexDiff diff) {
    Set<String> folders = diff.getUntrackedFolders();
    Set<String> untracked = new TreeSet<>();
    for (String file : diff.getUntracked()) {
      untracked.add(topmost(folders, file));
    }
    return untracked;
  }

  /** The uppermost of {@code folders} that {@code file} is in, if there is one. */
  private String topmost(Set<String> folders, String file) {
    for (int slash = file.indexOf('/'); slash >= 0; slash = file.indexOf('/', slash + 1)) {
      if (folders.contains(file.substring(0, slash))) {
        String folder = file.substring(0, slash + 1);
        return folder.length() > prefix.length() ? folder : prefix;
      }
    }
    return file;
  }

  private String line(String state, String path) {
    String shown = path.equals(prefix) ? "./" : path.substring(prefix.length());
    return state + " " + QuotedString.GIT_PATH_MINIMAL.quote(shown);
  }
}
