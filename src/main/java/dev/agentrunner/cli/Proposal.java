package dev.agentrunner.cli;

import dev.agentrunner.core.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a task that is only proposed has come to.
 *
 * @param patch the file that holds it, from the run's folder; empty if there is nothing to hold
 * @param folder that it is meant for
 * @param leftOut files that it changed and that are not in the patch
 */
record Proposal(TaskId task, Optional<String> patch, String folder, List<String> leftOut) {

  private static final int NAMES_MAX = 10;

  Proposal {
    leftOut = List.copyOf(leftOut);
  }

  /** What people are told of it. */
  List<String> lines(String runFolder) {
    List<String> lines = new ArrayList<>();
    lines.add(
        patch
            .map(file ->
                "Proposed by %s; to take it over: agent-runner apply %s --dir %s"
                    .formatted(task, word(runFolder + "/" + file), word(folder)))
            .orElseGet(() ->
                leftOut.isEmpty()
                    ? "Proposed by %s: no change.".formatted(task)
                    : "Proposed by %s: nothing that a patch can hold.".formatted(task)));
    if (!leftOut.isEmpty()) {
      String names =
          String.join(", ", leftOut.stream().limit(NAMES_MAX).map(Screen::harmless).toList());
      lines.add(
          "Not in the patch, as a diff cannot say it: %s%s"
              .formatted(
                  names,
                  leftOut.size() > NAMES_MAX
                      ? " and %d more".formatted(leftOut.size() - NAMES_MAX)
                      : ""));
    }
    return lines;
  }

  /** As one word for the shell. */
  private static String word(String text) {
    return text.matches("[\\p{L}\\p{N}._/+:@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
