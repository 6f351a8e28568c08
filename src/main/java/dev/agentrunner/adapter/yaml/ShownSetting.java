package dev.agentrunner.adapter.yaml;

/**
 * One setting in force, for people to see.
 *
 * @param key with dots: {@code providers.claude.model}
 * @param value as written, on one line; {@code ***} in place of a secret
 */
public record ShownSetting(String key, String value, Origin origin) {}
