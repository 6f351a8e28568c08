package dev.agentrunner.core.queue;

import java.time.Instant;

/**
 * One revision of a workflow; revisions are never changed.
 *
 * @param revision 1, 2, 3 … within the name
 * @param source YAML, as it was given
 */
public record Workflow(String name, int revision, String source, Instant createdAt) {}
