package dev.agentrunner.core.run;

import dev.agentrunner.core.task.AgentChoice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The providers that may work on a task, the preferred one first, and which of them are open. */
final class ProviderChain {

  private final List<String> names;
  private final List<Closed> closed;
  private final Instant now;

  ProviderChain(AgentChoice choice, List<Closed> closed, Instant now) {
    List<String> all = new ArrayList<>(List.of(choice.provider()));
    all.addAll(choice.fallback());
    this.names = all.stream().distinct().toList();
    this.closed = closed;
    this.now = now;
  }

  /** The first one that can be asked. */
  Optional<String> open() {
    return names.stream().filter(this::isOpen).findFirst();
  }

  /** Who can be asked when {@code provider} cannot. */
  Optional<String> insteadOf(String provider) {
    return names.stream().filter(name -> !name.equals(provider) && isOpen(name)).findFirst();
  }

  /** Who comes after {@code provider}, for what it will never do. */
  Optional<String> after(String provider) {
    return names.stream().skip(names.indexOf(provider) + 1L).filter(this::isOpen).findFirst();
  }

  /** When the first one of those that are closed for a time is open again. */
  Optional<Instant> opensAt() {
    return closed.stream()
        .filter(one -> names.contains(one.provider()))
        .flatMap(one -> one.until().stream())
        .min(Instant::compareTo);
  }

  private boolean isOpen(String name) {
    return closed.stream().noneMatch(one -> one.provider().equals(name) && one.at(now));
  }
}
