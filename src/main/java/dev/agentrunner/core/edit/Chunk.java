package dev.agentrunner.core.edit;

import java.util.List;

/**
 * A piece of an {@code *** Update File} section.
 *
 * @param anchors lines that stand somewhere above it, outermost first, from its {@code @@} lines
 * @param atEnd whether it says {@code *** End of File}
 * @param openBlanks how many of the last lines are blank without a sign, and may mean nothing
 */
record Chunk(List<String> anchors, Hunk lines, boolean atEnd, int openBlanks) {

  Chunk {
    anchors = List.copyOf(anchors);
  }
}
