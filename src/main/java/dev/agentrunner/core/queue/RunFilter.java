package dev.agentrunner.core.queue;

import dev.agentrunner.core.run.RunStatus;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs of a list are meant; all that fit every part.
 *
 * @param statuses any of them; all, if empty
 * @param phases any of them; all, if empty
 * @param labels with exactly these values
 */
public record RunFilter(
    Set<RunStatus> statuses,
    Set<RunPhase> phases,
    Map<String, String> labels,
    Optional<String> project,
    Optional<String> workflow) {

  public static final RunFilter ALL =
      new RunFilter(Set.of(), Set.of(), Map.of(), Optional.empty(), Optional.empty());

  public RunFilter {
    statuses = Set.copyOf(statuses);
    phases = Set.copyOf(phases);
    labels = Map.copyOf(labels);
  }
}
