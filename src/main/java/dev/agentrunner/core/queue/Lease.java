package dev.agentrunner.core.queue;

import dev.agentrunner.core.run.RunId;

/**
 * The right to work on a run, and to write its events, for as long as it is renewed.
 *
 * @param generation raised each time the run changes hands; what an older one writes is refused
 */
public record Lease(RunId run, WorkerId worker, long generation) {}
