package dev.agentrunner.server;

import dev.agentrunner.core.run.RunId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;

/** Makes ids of runs, such as {@code 20261121-101530-7f3a09c1}: later ones sort after earlier. */
final class RunIds {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final RandomGenerator chance;

  RunIds(RandomGenerator chance) {
    this.chance = chance;
  }

  RunId next(Instant now) {
    long millis = Math.floorMod(now.toEpochMilli(), 1_000);
    return new RunId("%s-%03x%05x".formatted(STAMP.format(now), millis, chance.nextInt(1 << 20)));
  }
}
