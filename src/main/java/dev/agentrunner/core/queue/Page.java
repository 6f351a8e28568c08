package dev.agentrunner.core.queue;

import java.util.List;
import java.util.Optional;

/**
 * Some of a long list.
 *
 * @param next what to ask for the rest with; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> next) {

  public Page {
    items = List.copyOf(items);
  }
}
