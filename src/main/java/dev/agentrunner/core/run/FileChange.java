package dev.agentrunner.core.run;

import java.util.Optional;

/**
 * A file before and after an edit.
 *
 * @param path relative to the task's folder, with {@code /} between its parts
 * @param before SHA-256 in hex of the content before; empty if there was no file
 * @param after the same of the content after; empty if the edit removes the file
 */
public record FileChange(String path, Optional<String> before, Optional<String> after) {}
