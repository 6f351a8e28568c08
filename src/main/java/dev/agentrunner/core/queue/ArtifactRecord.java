package dev.agentrunner.core.queue;

import dev.agentrunner.core.run.RunId;
import java.time.Instant;

/**
 * Something a run left behind.
 *
 * @param id unlike any other of the server
 * @param name for people, such as {@code changes.diff}
 * @param kind {@code diff}, {@code log}, {@code report}, {@code evidence} or {@code file}
 * @param uri where the bytes are, for the workers
 * @param size bytes
 * @param sha256 hex
 */
public record ArtifactRecord(
    String id,
    RunId run,
    String name,
    String kind,
    String uri,
    long size,
    String sha256,
    Instant createdAt) {}
