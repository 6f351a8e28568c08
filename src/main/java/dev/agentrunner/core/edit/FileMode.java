package dev.agentrunner.core.edit;

/** What a diff wants a file to be. */
public enum FileMode {
  PLAIN,
  EXECUTABLE,
  /** A symbolic link; its content is where it leads. */
  LINK
}
