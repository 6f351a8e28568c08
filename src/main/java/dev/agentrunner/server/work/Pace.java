package dev.agentrunner.server.work;

import java.time.Duration;

/**
 * How a worker keeps time.
 *
 * @param beat how often it says that it is alive
 * @param lease how long it is believed; a few beats
 * @param grace how long what is canceled has to end by itself
 */
public record Pace(Duration beat, Duration lease, Duration grace) {

  public static final Pace USUAL =
      new Pace(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(10));
}
