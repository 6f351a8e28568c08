package dev.agentrunner.engine;

import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.port.Artifacts;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Confinements;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.Models;
import dev.agentrunner.port.Pauses;
import dev.agentrunner.port.People;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.QuotaBook;
import dev.agentrunner.port.Repositories;
import dev.agentrunner.port.Workspaces;
import dev.agentrunner.port.Worktrees;
import java.time.InstantSource;

/**
 * Everything outside that a run touches.
 *
 * @param mask hides the secrets that are known here
 */
public record Surroundings(
    EventLog log,
    Models models,
    QuotaBook quotas,
    Workspaces workspaces,
    Repositories repositories,
    Processes processes,
    Confinements confinements,
    Artifacts artifacts,
    Checkpoints checkpoints,
    Worktrees worktrees,
    Pauses pauses,
    People people,
    InstantSource clock,
    Mask mask) {

  /** The same, with another log. */
  public Surroundings on(EventLog other) {
    return new Surroundings(
        other,
        models,
        quotas,
        workspaces,
        repositories,
        processes,
        confinements,
        artifacts,
        checkpoints,
        worktrees,
        pauses,
        people,
        clock,
        mask);
  }
}
