package dev.agentrunner.adapter.yaml;

/**
 * Which tasks are only proposed: the command line has the first say, then the task, the list, the
 * configuration.
 */
record Proposing(Configuration configuration, Values defaults) {

  private static final String KEY = "propose";
  private static final String YES = "true";

  boolean holdsFor(Values task) {
    boolean standard =
        configuration.shown().stream()
            .anyMatch(setting -> setting.key().equals(KEY) && setting.value().equals(YES));
    return configuration.isPinned(KEY)
        ? standard
        : task.text(KEY).or(() -> defaults.text(KEY)).map(YES::equals).orElse(standard);
  }
}
