package dev.agentrunner.core.run;

import java.time.Instant;

/**
 * An event that stands in the log.
 *
 * @param seq 1, 2, 3 … within the run, without gaps
 * @param at when it was written down, to the millisecond
 */
public record Recorded(long seq, Instant at, RunEvent event) {}
