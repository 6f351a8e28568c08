package dev.agentrunner.core.queue;

import java.time.Instant;

/**
 * Where runs work.
 *
 * @param name {@code [A-Za-z0-9._-]{1,64}}, in paths of the API
 * @param folder absolute, on the machines of the workers
 * @param version raised with every change
 */
public record Project(String name, String folder, long version, Instant createdAt) {}
