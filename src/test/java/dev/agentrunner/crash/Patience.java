package dev.agentrunner.crash;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;

/**
 * How long something may take: longer where others keep the processors busy.
 *
 * @param calm on a machine that does nothing else
 */
record Patience(Duration calm) {

  /** As the load of the last minute has it; nothing is added where it is not told. */
  Duration now() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    double crowd = system.getSystemLoadAverage() / system.getAvailableProcessors();
    return Duration.ofMillis((long) (calm.toMillis() * Math.max(1, crowd)));
  }
}
