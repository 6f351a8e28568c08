package dev.agentrunner.core.secret;

/**
 * Where a secret stands in a text.
 *
 * @param end exclusive
 * @param name what is shown instead
 */
record Span(int start, int end, String name) {}
