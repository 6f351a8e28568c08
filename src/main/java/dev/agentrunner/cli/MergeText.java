package dev.agentrunner.cli;

import dev.agentrunner.core.run.RunEvent.MergeEnded;
import dev.agentrunner.core.run.RunEvent.MergeStarted;

/** What is said of a merge, in one line. */
final class MergeText {

  private MergeText() {}

  static String of(MergeStarted started) {
    return "tree %.12s onto %.12s%s"
        .formatted(
            started.tree(),
            started.onto(),
            started.conflicts().isEmpty()
                ? ""
                : "; does not fit: " + Screen.harmless(String.join(", ", started.conflicts())));
  }

  static String of(MergeEnded ended) {
    return switch (ended.end()) {
      case MERGED -> Words.count(ended.files(), "file") + " merged into the folder";
      case CAUGHT_UP -> "put together with what was merged meanwhile; its gates are run again";
      case CONFLICT -> "it does not fit what was merged meanwhile";
      case OVERTAKEN -> "the folder was changed meanwhile; merging again";
    };
  }
}
