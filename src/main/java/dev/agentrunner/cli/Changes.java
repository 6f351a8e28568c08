package dev.agentrunner.cli;

import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.Artifacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the agent changed in a run, from the events and the bodies kept with them; whatever else
 * changed files is not in it.
 */
final class Changes {

  private final Workbench workbench;
  private final Workbench.History history;

  Changes(Workbench workbench, Workbench.History history) {
    this.workbench = workbench;
    this.history = history;
  }

  /**
   * A unified diff over all files, by path from the list's folder; empty if nothing was changed.
   */
  String of(RunId run, List<Task> tasks) {
    Map<TaskId, String> folders = tasks.stream().collect(Collectors.toMap(Task::id, Task::path));
    Map<String, FileChange> net = new TreeMap<>();
    history.events(
        run,
        recorded -> {
          if (recorded.event() instanceof RunEvent.EditApplied edit) {
            edit.changes()
                .forEach(change ->
                    net.merge(shown(folders.get(edit.task()), change), change, Changes::both));
          }
        });
    Artifacts artifacts = history.artifacts(run);
    Map<String, String> diffs = new LinkedHashMap<>();
    net.forEach((path, change) -> {
      if (!change.before().equals(change.after())) {
        diffs.put(path, diff(path, change, artifacts));
      }
    });
    return String.join("", diffs.values());
  }

  private String diff(String path, FileChange change, Artifacts artifacts) {
    Optional<byte[]> before = change.before().flatMap(artifacts::find);
    Optional<byte[]> after = change.after().flatMap(artifacts::find);
    boolean kept =
        before.isPresent() == change.before().isPresent()
            && after.isPresent() == change.after().isPresent();
    return kept
        ? workbench.diff(path, before, after)
        : "# %s was changed; how is not shown, as it holds a secret%n".formatted(path);
  }

  private static FileChange both(FileChange first, FileChange second) {
    return new FileChange(first.path(), first.before(), second.after());
  }

  private static String shown(@org.jspecify.annotations.Nullable String folder, FileChange change) {
    String prefix = Optional.ofNullable(folder).map(f -> f.replaceFirst("^\\./", "")).orElse("");
    return prefix.isEmpty() || prefix.equals(".") ? change.path() : prefix + "/" + change.path();
  }
}
