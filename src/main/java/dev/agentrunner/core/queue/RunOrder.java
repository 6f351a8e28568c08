package dev.agentrunner.core.queue;

import dev.agentrunner.core.run.RunId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run was asked to do. It never changes once it was accepted.
 *
 * @param project name of the project it works in
 * @param list the whole task list as it was given or made, YAML or JSON
 * @param listName by which the list is known to people: a file of the project, a workflow, or
 *     {@code goal}
 * @param only ids of the tasks meant; all of them, if empty
 * @param options settings of this run, by their dotted keys, weightier than the project's own
 * @param labels to find it by
 * @param workflow it was made from; empty for a list
 * @param retryOf the run that this one tries again
 */
public record RunOrder(
    String project,
    String list,
    String listName,
    List<String> only,
    Map<String, String> options,
    Map<String, String> labels,
    Optional<WorkflowRevision> workflow,
    Optional<RunId> retryOf) {

  public RunOrder {
    only = List.copyOf(only);
    options = Map.copyOf(options);
    labels = Map.copyOf(labels);
  }

  /** A workflow as it stood when the run was asked for. */
  public record WorkflowRevision(String name, int revision) {}
}
