package dev.agentrunner.adapter.yaml;

/**
 * A setting given on the command line.
 *
 * @param name as typed, such as {@code --max-turns}
 * @param key the setting meant, with dots, such as {@code limits.max_turns}
 */
public record Flag(String name, String key, String value) {}
