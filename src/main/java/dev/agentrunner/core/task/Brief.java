package dev.agentrunner.core.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the agent is told of a task.
 *
 * @param title one line
 * @param description what to do; may be empty, may have many lines
 * @param acceptance what must hold in the end, a sentence each
 * @param files globs, relative to the task's folder, of files worth looking at first
 * @param metadata whatever the user wants to carry along; a prompt template can show it
 */
public record Brief(
    String title,
    String description,
    List<String> acceptance,
    List<String> files,
    Map<String, String> metadata) {

  public Brief {
    acceptance = List.copyOf(acceptance);
    files = List.copyOf(files);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }
}
