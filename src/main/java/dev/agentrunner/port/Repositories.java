package dev.agentrunner.port;

/** Finds git repositories. */
public interface Repositories {

  /**
   * The repository whose work tree holds {@code folder}, an absolute path: the nearest one upwards.
   */
  Lookup at(String folder);

  /** What was found. */
  sealed interface Lookup {

    record Found(Repository repository) implements Lookup {}

    /** No repository, or none that is safe to use. */
    record None(String reason) implements Lookup {}
  }
}
