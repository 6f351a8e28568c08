package dev.agentrunner.adapter.http;

/**
 * One event of a stream.
 *
 * @param name empty if it had none
 * @param data its lines joined by {@code \n}
 */
public record ServerSentEvent(String name, String data) {}
