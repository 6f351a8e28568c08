package dev.agentrunner.port;

import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a server knows beside runs: projects, workflows, keys, and answers it gave. Kept like {@link
 * RunStore}, beside it.
 */
public interface Registry {

  // Projects

  List<Project> projects();

  Optional<Project> project(String name);

  /** Adds a project; empty if there is one of that name. */
  Optional<Project> addProject(String name, String folder);

  /** Removes a project; false if {@code version} is not its version, or runs of it are open. */
  boolean removeProject(String name, long version);

  // Workflows

  /** The newest revision of each. */
  List<Workflow> workflows();

  /** All revisions, the newest first; none if there is no such workflow. */
  List<Workflow> revisions(String name);

  /**
   * Adds a revision.
   *
   * @param after the revision it follows; 0 for the first
   * @return empty if {@code after} is not the newest any more
   */
  Optional<Workflow> addRevision(String name, int after, String source);

  // Keys

  List<ApiKey> keys();

  Optional<ApiKey> keyOfDigest(String digest);

  void addKey(ApiKey key);

  boolean revokeKey(String id, Instant at);

  /** Notes that a key was used; may be forgotten in a crash. */
  void usedKey(String id, Instant at);

  // Answers given before

  /**
   * Reserves an idempotency key for a request.
   *
   * @param owner whose key it is: keys of others are other keys
   * @param digest of the request: method, path and body
   */
  Reserved reserve(String owner, String key, String digest);

  /** Keeps the answer to a reserved request, to be given again for at least 24 hours. */
  void answered(String owner, String key, Answer answer);

  /** Gives up a reservation: the request failed and may be sent again. */
  void free(String owner, String key);

  /**
   * An answer as it was given.
   *
   * @param location of what was made; may be empty
   */
  record Answer(int status, String location, String body) {}

  /** What is known of an idempotency key. */
  sealed interface Reserved {

    /** It is new and now this request's. */
    record Fresh() implements Reserved {}

    /** The same request is being answered. */
    record UnderWay() implements Reserved {}

    /** The same request was answered. */
    record Answered(Answer answer) implements Reserved {}

    /** It was used with another request. */
    record Taken() implements Reserved {}
  }
}
