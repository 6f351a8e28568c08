package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Echo;

/**
 * A conversation that the other side remembers: the next attempt goes on with it instead of
 * beginning anew.
 *
 * @param model as it was asked for
 * @param echo stands for all that was said
 */
public record Session(String provider, String model, Echo echo) {}
