package dev.agentrunner.core.run;

/**
 * Why the attempt before came to nothing, as the next one is told.
 *
 * @param reason one line
 * @param detail what the failed hook printed, bounded; may be empty
 * @param diagnosis what hooks printed that were run for its sake, bounded; may be empty
 */
public record Setback(String reason, String detail, String diagnosis) {}
