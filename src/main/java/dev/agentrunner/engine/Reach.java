package dev.agentrunner.engine;

import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.port.Confinements;
import dev.agentrunner.port.Workspace;

/**
 * What a tool has at hand for one call.
 *
 * @param folder the same as {@code workspace}, as an absolute path
 * @param verdict what the policy says of the call; tools are asked for a plan only if it may be
 *     made
 */
record Reach(
    Workspace workspace,
    String folder,
    ToolSettings settings,
    Confinements confinements,
    Verdict verdict) {}
