package dev.agentrunner.core.run;

/** Placeholder until the fold lands. */
public record RunState(RunId run, long seq) {}
