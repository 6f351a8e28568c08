package dev.agentrunner.engine;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a commit of a task says. The trailers tell where it is from; the rest is for people.
 *
 * <pre>
 * Add a README
 *
 * Tell what it is for and how to start it.
 *
 * Verified: lint (exit 0), unit-tests (exit 0)
 *
 * Agent-Runner-Run: 20261121-101500-7f3a
 * Agent-Runner-Task: T1
 * Agent-Runner-Attempt: 1
 * </pre>
 */
record CommitMessage(String text, List<String> trailers) {

  private static final int DESCRIPTION_CHARS_MAX = 4_000;

  /**
   * @param failure why the attempt did not pass; empty if it did
   * @param passed post-hooks of this attempt
   */
  static CommitMessage of(
      RunId run, Task task, int attempt, Optional<String> failure, List<HookId> passed) {
    String description = task.brief().description().strip();
    StringBuilder text = new StringBuilder(task.brief().title().strip()).append("\n\n");
    if (!description.isEmpty()) {
      int end = Math.min(description.length(), DESCRIPTION_CHARS_MAX);
      text.append(description, 0, end).append(end < description.length() ? "…" : "").append("\n\n");
    }
    text.append(failure.map("Not verified: "::concat).orElseGet(() -> evidence(task, passed)));
    return new CommitMessage(
        text.toString(),
        List.of(
            "Agent-Runner-Run: " + run,
            "Agent-Runner-Task: " + task.id(),
            "Agent-Runner-Attempt: " + attempt));
  }

  private static String evidence(Task task, List<HookId> passed) {
    if (passed.isEmpty()) {
      return task.gates().after().isEmpty()
          ? "Not verified: the task has no post-hooks"
          : "Not verified: no post-hook stands behind it";
    }
    return passed.stream()
        .map(hook -> hook + " (exit 0)")
        .collect(Collectors.joining(", ", "Verified: ", ""));
  }
}
