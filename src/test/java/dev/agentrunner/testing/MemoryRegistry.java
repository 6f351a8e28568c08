package dev.agentrunner.testing;

import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.port.Registry;
import dev.agentrunner.port.RunStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a server knows beside runs, for as long as the test lasts. Its time is the store's. */
public final class MemoryRegistry implements Registry {

  private final RunStore runs;
  private final Map<String, Project> projects = new TreeMap<>();
  private final Map<String, List<Workflow>> workflows = new TreeMap<>();
  private final Map<String, ApiKey> keys = new LinkedHashMap<>();
  private final Map<OwnKey, Request> requests = new LinkedHashMap<>();

  private record OwnKey(String owner, String key) {}

  private record Request(String digest, Optional<Answer> answer) {}

  public MemoryRegistry(RunStore runs) {
    this.runs = runs;
  }

  // Projects

  @Override
  public synchronized List<Project> projects() {
    return List.copyOf(projects.values());
  }

  @Override
  public synchronized Optional<Project> project(String name) {
    return Optional.ofNullable(projects.get(name));
  }

  @Override
  public synchronized Optional<Project> addProject(String name, String folder) {
    var project = new Project(name, folder, 1, runs.now());
    return projects.putIfAbsent(name, project) == null ? Optional.of(project) : Optional.empty();
  }

  @Override
  public synchronized boolean removeProject(String name, long version) {
    Project project = projects.get(name);
    return project != null
        && project.version() == version
        && !hasOpenRuns(name)
        && projects.remove(name, project);
  }

  private boolean hasOpenRuns(String project) {
    var open =
        new RunFilter(
            Set.of(RunStatus.QUEUED, RunStatus.RUNNING),
            Set.of(),
            Map.of(),
            Optional.of(project),
            Optional.empty());
    return !runs.runs(open, Optional.empty(), 1).items().isEmpty();
  }

  // Workflows

  @Override
  public synchronized List<Workflow> workflows() {
    return workflows.values().stream().map(List::getFirst).toList();
  }

  @Override
  public synchronized List<Workflow> revisions(String name) {
    return List.copyOf(workflows.getOrDefault(name, List.of()));
  }

  @Override
  public synchronized Optional<Workflow> addRevision(String name, int after, String source) {
    if (workflows.getOrDefault(name, List.of()).size() != after) {
      return Optional.empty();
    }
    var next = new Workflow(name, after + 1, source, runs.now());
    workflows.computeIfAbsent(name, made -> new ArrayList<>()).addFirst(next);
    return Optional.of(next);
  }

  // Keys

  @Override
  public synchronized List<ApiKey> keys() {
    return List.copyOf(keys.values());
  }

  @Override
  public synchronized Optional<ApiKey> keyOfDigest(String digest) {
    return keys.values().stream().filter(key -> key.digest().equals(digest)).findFirst();
  }

  @Override
  public synchronized void addKey(ApiKey key) {
    if (keys.putIfAbsent(key.id(), key) != null) {
      throw new IllegalArgumentException("there is a key %s already".formatted(key.id()));
    }
  }

  @Override
  public synchronized boolean revokeKey(String id, Instant at) {
    ApiKey key = keys.get(id);
    if (key == null || key.revokedAt().isPresent()) {
      return false;
    }
    keys.put(id, with(key, Optional.of(at), key.usedAt()));
    return true;
  }

  @Override
  public synchronized void usedKey(String id, Instant at) {
    keys.computeIfPresent(id, (same, key) -> with(key, key.revokedAt(), Optional.of(at)));
  }

  private static ApiKey with(ApiKey key, Optional<Instant> revokedAt, Optional<Instant> usedAt) {
    return new ApiKey(
        key.id(),
        key.name(),
        key.digest(),
        key.scopes(),
        key.createdAt(),
        key.expiresAt(),
        revokedAt,
        usedAt);
  }

  // Answers given before

  @Override
  public synchronized Reserved reserve(String owner, String key, String digest) {
    Request before =
        requests.putIfAbsent(new OwnKey(owner, key), new Request(digest, Optional.empty()));
    if (before == null) {
      return new Reserved.Fresh();
    } else if (!before.digest().equals(digest)) {
      return new Reserved.Taken();
    }
    return before.answer().<Reserved>map(Reserved.Answered::new).orElseGet(Reserved.UnderWay::new);
  }

  @Override
  public synchronized void answered(String owner, String key, Answer answer) {
    requests.computeIfPresent(
        new OwnKey(owner, key),
        (same, request) -> new Request(request.digest(), Optional.of(answer)));
  }

  @Override
  public synchronized void free(String owner, String key) {
    requests.remove(new OwnKey(owner, key));
  }
}
