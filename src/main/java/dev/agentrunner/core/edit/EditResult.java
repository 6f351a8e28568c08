package dev.agentrunner.core.edit;

import java.util.List;
import java.util.stream.Collectors;

/** What came of trying an {@link EditPlan}: everything or nothing. */
public sealed interface EditResult {

  /**
   * Everything applies.
   *
   * @param changes at least one, at most one a path, in an order they can be carried out in
   */
  record Changed(List<Change> changes) implements EditResult {

    public Changed {
      changes = List.copyOf(changes);
    }
  }

  /**
   * Something does not apply, so nothing is to be changed.
   *
   * @param refusals at least one, in the order of the reply
   * @param edits how many edits were tried
   */
  record Refused(List<Refusal> refusals, int edits) implements EditResult {

    public Refused {
      refusals = List.copyOf(refusals);
    }

    /** All of it in words for the model. */
    public String message() {
      return refusals.stream()
          .map(Refusal::message)
          .collect(
              Collectors.joining(
                  "\n\n",
                  "Nothing was changed: %d of %d edits cannot be applied.\n\n"
                      .formatted(refusals.size(), edits),
                  ""));
    }
  }

  /**
   * Why one edit does not apply.
   *
   * @param edit which of the reply's edits, from 1
   * @param reason whole sentences, over several lines
   */
  record Refusal(int edit, String path, String reason) {

    public String message() {
      return "Edit %d, %s: %s".formatted(edit, path, reason);
    }
  }
}
