package dev.agentrunner.core.queue;

import java.time.Instant;

/**
 * A worker process as the store knows it.
 *
 * @param slots how many runs it works on at once
 * @param beatAt when it was last heard of, by the store's clock
 * @param draining whether it takes no more runs
 * @param alive whether it was heard of lately enough to be taken for alive
 */
public record WorkerRecord(
    WorkerId id,
    String host,
    long pid,
    int slots,
    Instant startedAt,
    Instant beatAt,
    boolean draining,
    boolean alive) {}
