package dev.agentrunner.adapter.process;

import java.time.Duration;

/** Takes what a command prints. */
interface Output {

  /** The first {@code length} of {@code bytes}, which will be overwritten. */
  void add(byte[] bytes, int length);

  /** Adds a line of ours to what the reader gets; it counts as no output. */
  void say(String line);

  /** Nothing was printed for so long; told often. */
  default void silence(Duration since) {}
}
