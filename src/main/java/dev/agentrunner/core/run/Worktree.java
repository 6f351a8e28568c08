package dev.agentrunner.core.run;

import java.util.List;
import java.util.Optional;

/**
 * How far a task is that works beside others, in a worktree of its own.
 *
 * @param base how the repository's files looked that the worktree was last brought up to; empty
 *     until it is made
 * @param merge what is being put together, or was last
 * @param returned how often a merge gave the work back to the agent
 */
public record Worktree(
    Optional<TreeId> base, Standing standing, Optional<Merge> merge, int returned) {

  /** A worktree that is still to be made. */
  public static final Worktree DUE =
      new Worktree(Optional.empty(), Standing.APART, Optional.empty(), 0);

  /** Where the work is. */
  public enum Standing {
    /** In the worktree only. */
    APART,
    /** Files are being written: in the worktree, or in the user's folder. */
    MERGING,
    /** In the worktree, together with what others did; the gates are to judge that. */
    CAUGHT_UP,
    /** In the user's folder. */
    MERGED
  }

  /**
   * Two states of the repository's files put together.
   *
   * @param onto how the user's files looked
   * @param tree what comes of it
   * @param landing whether the gates have judged that very tree, so that it goes into the user's
   *     folder; otherwise it goes into the worktree
   * @param conflicts files that do not fit, as paths from the top of the repository
   */
  public record Merge(TreeId onto, TreeId tree, boolean landing, List<String> conflicts) {

    public Merge {
      conflicts = List.copyOf(conflicts);
    }
  }

  /** Nobody but one task at a time is put together with what the user has. */
  boolean holdsTurn() {
    return standing != Standing.APART;
  }

  public boolean isMerged() {
    return standing == Standing.MERGED;
  }

  Worktree madeFrom(TreeId tree) {
    return new Worktree(Optional.of(tree), Standing.APART, Optional.empty(), returned);
  }

  Worktree merging(Merge begun) {
    return new Worktree(base, Standing.MERGING, Optional.of(begun), returned);
  }

  Worktree at(Standing next) {
    return new Worktree(base, next, merge, returned);
  }

  /** The agent has another go at it. */
  Worktree givenBack() {
    return new Worktree(base, Standing.APART, Optional.empty(), returned + 1);
  }

  Worktree forgiven() {
    return new Worktree(base, standing, merge, 0);
  }
}
