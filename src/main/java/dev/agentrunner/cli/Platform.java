package dev.agentrunner.cli;

import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.ApiKey.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server side of the program: its database, its workers, its API. */
public interface Platform {

  /**
   * Opens the database, lets workers begin and listens.
   *
   * @throws dev.agentrunner.port.UsageException if it must not listen there, or the database's
   *     address is none
   * @throws dev.agentrunner.port.EnvironmentException if it cannot
   */
  Running serve(Serving order);

  /** Only works: takes runs out of a database that servers share. */
  Running work(String database, int slots);

  /** The keys to a server's API. */
  Keyring keys(String database);

  /** Where a server keeps its runs if nothing else is said. */
  String database();

  /**
   * How to serve.
   *
   * @param names by which it is called beside its address
   * @param origins web pages of others that may use it
   * @param slots how many runs are worked on at once; 0 for none
   * @param projects folders by name, to be known from the start on
   * @param init whether to make a first key if there is none
   */
  record Serving(
      String address,
      int port,
      String database,
      List<String> names,
      List<String> origins,
      int slots,
      Map<String, String> projects,
      boolean init) {}

  /** Something that goes on until it is closed. */
  interface Running extends AutoCloseable {

    /** What a person should know, a line each, the address first. */
    List<String> notes();

    /** Takes no more work and gives back what is under way. */
    void drain();

    @Override
    void close();
  }

  /** The keys to an API. */
  interface Keyring extends AutoCloseable {

    /**
     * Makes a key.
     *
     * @param lasts how long it opens anything; for ever, if empty
     * @return its secret, told this once
     */
    String add(String name, Scope scope, Optional<Duration> lasts);

    List<ApiKey> all();

    /** Returns whether there was such a key. */
    boolean revoke(String id);

    @Override
    void close();
  }
}
