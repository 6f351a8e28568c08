package dev.agentrunner.core.edit;

/** How a reply writes its edits down. */
public enum EditFormat {

  /**
   * Blocks of {@code <<<<<<< SEARCH}, {@code =======}, {@code >>>>>>> REPLACE}, as aider has them.
   */
  SEARCH_REPLACE,

  /** What {@code diff -u} and {@code git diff} print. */
  UNIFIED_DIFF,

  /** {@code *** Begin Patch} to {@code *** End Patch}, as codex has it. */
  PATCH,

  /** The path of each file, and below it its whole content between fences. */
  WHOLE_FILES
}
