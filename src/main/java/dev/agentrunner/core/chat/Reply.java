package dev.agentrunner.core.chat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a model answered, whole.
 *
 * @param model that answered, as the provider names it; may be more exact than the one asked for
 * @param parts in the order said; empty when the model had nothing to add
 * @param stopDetail the provider's own word or explanation; empty where there is nothing to tell
 * @param echo present where {@code parts} alone would not do as history
 */
public record Reply(
    String model,
    List<Part> parts,
    Stop stop,
    String stopDetail,
    Usage usage,
    Optional<Echo> echo) {

  public Reply {
    parts = List.copyOf(parts);
  }

  /** The same at another cost. */
  public Reply costing(Cost known) {
    return new Reply(model, parts, stop, stopDetail, usage.costing(known), echo);
  }

  /** The calls in the order made. */
  public List<ToolCall> calls() {
    return parts.stream()
        .filter(Part.Call.class::isInstance)
        .map(part -> ((Part.Call) part).call())
        .toList();
  }

  /** Everything said, without the thinking; empty if nothing was. */
  public String text() {
    return parts.stream()
        .filter(Part.Text.class::isInstance)
        .map(part -> ((Part.Text) part).text())
        .collect(Collectors.joining());
  }
}
