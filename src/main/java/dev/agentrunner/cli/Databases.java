package dev.agentrunner.cli;

import java.util.List;
import java.util.function.Consumer;

/** Databases that a server keeps its runs in, as their operator looks after them. */
public interface Databases {

  /**
   * What stands in a database now.
   *
   * @param version of its tables
   * @param steps that were taken; none if it was ready
   */
  record Migrated(String version, List<String> steps) {}

  /**
   * Brings a database to the form that this version wants.
   *
   * @throws dev.agentrunner.port.UsageException if {@code url} names none
   * @throws dev.agentrunner.port.EnvironmentException if it cannot be done
   */
  Migrated migrate(String url);

  /** How much was copied. */
  record Copied(long runs, long events) {}

  /**
   * Copies all of a database to a new one, and checks it.
   *
   * @param progress is told what is being done
   * @throws dev.agentrunner.port.UsageException if either is not as it has to be
   * @throws dev.agentrunner.port.EnvironmentException if it cannot be done
   */
  Copied copy(String from, String to, Consumer<String> progress);
}
