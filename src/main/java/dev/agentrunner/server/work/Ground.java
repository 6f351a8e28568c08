package dev.agentrunner.server.work;

import dev.agentrunner.core.queue.Project;
import dev.agentrunner.port.RunStore;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a worker stands on.
 *
 * @param projects finds one by its name
 */
public record Ground(RunStore store, Function<String, Optional<Project>> projects, Sites sites) {}
