package dev.agentrunner.adapter.yaml;

import dev.agentrunner.core.policy.CommandPattern;
import dev.agentrunner.core.policy.CommandRules;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.core.task.ToolSettings.Unattended;
import java.util.List;
import java.util.Locale;

/** Makes tool settings of a tree that has been completed and found in order. */
final class ToolSettingsReader {

  private ToolSettingsReader() {}

  static ToolSettings read(Values root) {
    Values tools = root.group("tools");
    Values commands = tools.group("run_command");
    return new ToolSettings(
        new CommandRules(
            patterns(commands, "allow"),
            patterns(commands, "ask"),
            patterns(commands, "deny"),
            commands.text("read_only").orElseThrow().equals("allow")),
        tools.text("network").orElseThrow().equals("allow"),
        patterns(commands, "network"),
        commands.texts("env"),
        Unattended.valueOf(word(tools, "unattended")),
        Sandboxing.valueOf(word(root, "sandbox")));
  }

  private static List<CommandPattern> patterns(Values values, String key) {
    return values.texts(key).stream().map(CommandPattern::new).toList();
  }

  private static String word(Values values, String key) {
    return values.text(key).orElseThrow().toUpperCase(Locale.ROOT);
  }
}
