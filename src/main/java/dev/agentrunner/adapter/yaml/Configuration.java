package dev.agentrunner.adapter.yaml;

import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.OnTamper;
import dev.agentrunner.core.task.Settings;
import java.util.List;

/**
 * The settings in force.
 *
 * @param bounds for tasks that say nothing else
 * @param protect globs of files that no agent may change, in any task
 * @param onTamper for tasks that say nothing else
 * @param shown each setting with where it is from, in the order of the documentation
 * @param files those that were read, as shown to people, the more general first
 */
public record Configuration(
    Settings settings,
    Bounds bounds,
    List<String> protect,
    OnTamper onTamper,
    List<ShownSetting> shown,
    List<String> files) {

  public Configuration {
    protect = List.copyOf(protect);
    shown = List.copyOf(shown);
    files = List.copyOf(files);
  }

  /** Whether the command line set {@code key}, which then holds for every task. */
  boolean isPinned(String key) {
    return shown.stream()
        .anyMatch(
            setting -> setting.key().equals(key) && setting.origin() instanceof Origin.Option);
  }
}
