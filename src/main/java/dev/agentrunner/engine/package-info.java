/**
 * Plays a run: replays its log, asks the core what comes next, does it through the ports, and
 * writes down what came of it. The agent's tools and its prompt live here too. Imports {@code core}
 * and {@code port} only.
 */
@NullMarked
package dev.agentrunner.engine;

import org.jspecify.annotations.NullMarked;
