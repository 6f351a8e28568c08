package dev.agentrunner.core.edit;

import java.util.List;

/**
 * A SEARCH/REPLACE block of a reply, by itself: where {@link EditPlan} takes all blocks or none, a
 * block that is wrong does not spoil the others here.
 */
public sealed interface ReplyBlock {

  /** Its first line in the reply, from 0; the path above it is not counted in. */
  int from();

  /** The line behind its last one. */
  int to();

  /**
   * A block that says what it wants.
   *
   * @param search with its line ends; empty where all of the file is meant
   * @param replace with its line ends
   */
  record Sound(int from, int to, String path, String search, String replace)
      implements ReplyBlock {}

  /**
   * One that does not.
   *
   * @param reason for the model
   */
  record Broken(int from, int to, String reason) implements ReplyBlock {}

  /** Those in {@code reply}, in their order. */
  static List<ReplyBlock> in(String reply) {
    return new SearchReplaceReader(Line.split(Bytes.working(reply))).each();
  }
}
