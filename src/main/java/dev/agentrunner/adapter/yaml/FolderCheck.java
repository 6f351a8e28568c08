package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Scalar;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether the folders that tasks name are there and can be worked in. */
final class FolderCheck {

  private final Path folder;
  private final Disk disk;
  private final Faults faults;

  /**
   * @param list the file of tasks, whose folder paths begin at
   */
  FolderCheck(Path list, Disk disk, Faults faults) {
    Path parent = list.getParent();
    this.folder = parent == null ? list : parent;
    this.disk = disk;
    this.faults = faults;
  }

  void check(Values root) {
    Values defaults = root.group("defaults");
    List<Values> tasks = TaskListFile.tasks(root.mapping());
    Set<String> prepared = prepared(tasks, defaults);
    for (Values task : tasks) {
      boolean mayBeMade = task.text("id").filter(prepared::contains).isPresent();
      task.scalar("path").or(() -> defaults.scalar("path")).ifPresent(p -> check(p, mayBeMade));
    }
  }

  /**
   * Tasks whose folder a pre-hook may make: their own, or that of a task which must be done before
   * them.
   */
  private static Set<String> prepared(List<Values> tasks, Values defaults) {
    Map<String, List<Values>> neededBy = new HashMap<>();
    Deque<Values> open = new ArrayDeque<>();
    for (Values task : tasks) {
      task.texts("depends_on")
          .forEach(id -> neededBy.computeIfAbsent(id, _ -> new ArrayList<>()).add(task));
      Values gates = task.mapping().get("pre_hooks").isPresent() ? task : defaults;
      if (!gates.scalars("pre_hooks").isEmpty()) {
        open.add(task);
      }
    }
    Set<String> prepared = new HashSet<>();
    while (!open.isEmpty()) {
      open.pop()
          .text("id")
          .filter(prepared::add)
          .ifPresent(id -> open.addAll(neededBy.getOrDefault(id, List.of())));
    }
    return prepared;
  }

  private void check(Scalar written, boolean prepared) {
    if (TextKind.PATH.complaint(written.text()).isPresent()) {
      return;
    }
    Optional<Path> path = disk.path(written);
    if (path.isEmpty()) {
      return;
    }
    Path place = folder.resolve(path.get()).normalize();
    String shown = Printable.quoted(written.text());
    if (isOurs(path.get())) {
      faults.add(
          written.at(),
          "%s is not a folder to work in".formatted(shown),
          "git and agent-runner keep their own things there");
    } else if (disk.isFolder(place)) {
      leadsOut(written, path.get(), place);
    } else if (disk.exists(place)) {
      faults.add(written.at(), "%s is a file".formatted(shown), "name the folder it is in");
    } else if (written.text().startsWith("~") || written.text().contains("$")) {
      faults.add(
          written.at(),
          "there is no folder %s".formatted(shown),
          "'~' and '$' stand for themselves here; write the whole path");
    } else if (!prepared) {
      faults.add(
          written.at(),
          "there is no folder %s".formatted(shown),
          "make it, or let a pre-hook do so; paths begin at the folder of the task list");
    }
  }

  /** A link that leads elsewhere is a surprise; whoever means it can write where to. */
  private void leadsOut(Scalar written, Path path, Path place) {
    boolean below = !path.isAbsolute() && place.startsWith(folder.normalize());
    if (below && !disk.within(place, folder)) {
      faults.add(
          written.at(),
          "%s is a link that leads out of the task list's folder"
              .formatted(Printable.quoted(written.text())),
          "write the path it leads to");
    }
  }

  private static boolean isOurs(Path path) {
    for (Path name : path) {
      if (List.of(".git", ".agent-runner").contains(name.toString().toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }
}
