package dev.agentrunner.server;

import dev.agentrunner.core.run.Recorded;

/** Something that followers of a run are told. */
sealed interface Frame {

  /** It stands in the log, and can be read there again. */
  record Durable(Recorded recorded) implements Frame {}

  /** It stands nowhere: who misses it does without. */
  record Fleeting(String type, String text) implements Frame {}
}
