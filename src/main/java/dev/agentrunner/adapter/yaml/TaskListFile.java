package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.TaskList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a file of tasks comes down to.
 *
 * @param settings those of the configuration, with the list's own hooks
 * @param digests of each task, 64 hex digits: the same as long as the task, the list's defaults for
 *     it and the hooks it names say the same, however they are laid out and wherever they lie
 * @param lines of the file where each task begins, from 1
 */
public record TaskListFile(
    TaskList tasks, Settings settings, Map<TaskId, String> digests, Map<TaskId, Integer> lines) {

  public TaskListFile {
    digests = Map.copyOf(digests);
    lines = Map.copyOf(lines);
  }

  /**
   * Reads the tasks in {@code file}, or everything that is wrong with them. Names of providers and
   * hooks are looked up in {@code configuration}, and what a task leaves open is filled from there;
   * what the command line set holds even over the task.
   */
  public static Loaded<TaskListFile> load(Path file, Configuration configuration) {
    return load(file, file.toString(), configuration);
  }

  /** The same, with the file called {@code name} in what people read. */
  public static Loaded<TaskListFile> load(Path file, String name, Configuration configuration) {
    Faults faults = new Faults();
    return load(new Disk(faults).read(file, name), file, name, configuration, faults);
  }

  /**
   * The same for a list that lies in no file.
   *
   * @param folder that the paths of its tasks begin at, absolute
   */
  public static Loaded<TaskListFile> of(
      String text, String name, Path folder, Configuration configuration) {
    Optional<Source> source = Optional.of(new Source(name, text));
    return load(source, folder.resolve(name), name, configuration, new Faults());
  }

  private static Loaded<TaskListFile> load(
      Optional<Source> source, Path file, String name, Configuration configuration, Faults faults) {
    Disk disk = new Disk(faults);
    Optional<Mapping> root = source.flatMap(found -> Document.read(found, faults));
    if (root.isEmpty()) {
      if (faults.isEmpty()) {
        faults.add(
            new Origin.WholeFile(name),
            "there are no tasks in this file",
            "begin with 'version: 1' and 'tasks:', and below them '- id: T1' and a title");
      }
      return faults.refused();
    }
    new ShapeCheck(faults).check(root.get(), TaskKeys.all(), "");
    new RequiredCheck(faults).check(root.get(), TaskKeys.all(), "");
    new TaskCheck(root.get(), configuration, faults).check();
    new ProposalCheck(root.get(), configuration, faults).check();
    new FolderCheck(file.toAbsolutePath(), disk, faults).check(new Values(root.get()));
    return faults.orElse(() -> read(root.get(), configuration));
  }

  /** The mappings in the list of tasks; others have been noted by then. */
  static List<Values> tasks(Mapping root) {
    List<Node> items =
        root.get("tasks").orElse(root) instanceof Sequence list ? list.items() : List.of();
    return items.stream()
        .filter(Mapping.class::isInstance)
        .map(item -> new Values((Mapping) item))
        .toList();
  }

  private static TaskListFile read(Mapping root, Configuration configuration) {
    Settings settings = withHooks(configuration.settings(), ownHooks(root));
    TaskReader reader = new TaskReader(new Values(root).group("defaults"), configuration);
    List<Task> tasks = new ArrayList<>();
    Map<TaskId, String> digests = new LinkedHashMap<>();
    Map<TaskId, Integer> lines = new LinkedHashMap<>();
    for (Values values : tasks(root)) {
      Task task = reader.task(values);
      tasks.add(task);
      digests.put(task.id(), reader.digest(values, task, settings));
      if (values.mapping().at() instanceof Origin.InFile at) {
        lines.put(task.id(), at.line());
      }
    }
    return new TaskListFile(new TaskList(tasks), settings, digests, lines);
  }

  private static Map<HookId, Hook> ownHooks(Mapping root) {
    return HookReader.read(new Values(Layers.completed(root, TaskKeys.all())));
  }

  private static Settings withHooks(Settings settings, Map<HookId, Hook> own) {
    Map<HookId, Hook> hooks = new LinkedHashMap<>(settings.hooks());
    hooks.putAll(own);
    return settings.withHooks(hooks);
  }
}
