package dev.agentrunner.core.queue;

import java.util.List;
import java.util.Optional;

/**
 * One thing that a workflow asks for.
 *
 * @param description for people; may be empty
 * @param type {@code string}, {@code integer} or {@code boolean}
 * @param choices all that it can be; empty if it can be anything of its type
 * @param standard what it is if nothing is given; it must be given if there is none
 */
public record WorkflowInput(
    String name, String description, String type, List<String> choices, Optional<String> standard) {

  public WorkflowInput {
    choices = List.copyOf(choices);
  }
}
