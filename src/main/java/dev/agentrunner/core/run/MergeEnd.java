package dev.agentrunner.core.run;

/** What came of putting a task's work together with what the user has. */
public enum MergeEnd {
  /** It is in the user's folder. */
  MERGED,
  /** It is in the worktree, to be judged there once more. */
  CAUGHT_UP,
  /** It is in the worktree, and does not fit together. */
  CONFLICT,
  /** The user's files were changed meanwhile; nothing was written, and it begins anew. */
  OVERTAKEN
}
