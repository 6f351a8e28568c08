package dev.agentrunner.adapter.yaml;

/**
 * Something wrong, or worth a warning.
 *
 * @param message what is wrong, without where
 * @param cure how to mend it
 */
public record Fault(Origin at, String message, String cure) {}
