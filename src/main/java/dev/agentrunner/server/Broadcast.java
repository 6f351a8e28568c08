package dev.agentrunner.server;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.port.RunWatcher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells everybody who follows a run what becomes of it. Whoever tells never waits for those who are
 * told. Safe for use by many threads.
 */
public final class Broadcast implements AutoCloseable {

  private final Limits limits;
  private final Map<RunId, Set<Follower>> followers = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Heartbeats heartbeats;
  private final RunStore.Subscription subscription;

  public Broadcast(RunStore store, Limits limits) {
    this.limits = limits;
    this.heartbeats =
        new Heartbeats(limits.keepalive(), (run, text) -> fleeting(run, "llm.heartbeat", text));
    this.subscription = store.onAppend(this::appended);
  }

  private void appended(RunId run, List<Recorded> events) {
    heartbeats.appended(run, events);
    for (Follower follower : followers.getOrDefault(run, Set.of())) {
      for (Recorded recorded : events) {
        follower.tell(new Frame.Durable(recorded));
      }
    }
  }

  /**
   * Watches a run that this process works on, for what is too fleeting for its log: a follower that
   * is not there, or is behind, misses it.
   */
  public RunWatcher watcher(RunId run) {
    return new RunWatcher() {
      @Override
      public void modelText(CallId call, String delta) {
        fleeting(run, "model.text", delta);
      }

      @Override
      public void modelThinking(CallId call, String delta) {
        fleeting(run, "model.thinking", delta);
      }

      @Override
      public void modelCalls(CallId call, String tool) {
        fleeting(run, "model.calls", tool);
      }

      @Override
      public void modelSilent(CallId call, Duration since) {
        fleeting(run, "model.silent", since.toString());
      }

      @Override
      public void hookOutput(TaskId task, HookId hook, byte[] chunk) {
        fleeting(run, "hook.output", new String(chunk, StandardCharsets.UTF_8));
      }
    };
  }

  private void fleeting(RunId run, String type, String text) {
    for (Follower follower : followers.getOrDefault(run, Set.of())) {
      follower.tell(new Frame.Fleeting(type, text));
    }
  }

  /**
   * Follows a run from now on.
   *
   * @throws ProblemException if too many follow runs already
   */
  Follower follow(RunId run) {
    if (count.incrementAndGet() > limits.streams()) {
      count.decrementAndGet();
      throw new ProblemException(
          Problem.of(
                  429,
                  "too-many-streams",
                  "Too many streams are open",
                  "At most %d clients are told of runs at once.".formatted(limits.streams()))
              .withHeader("Retry-After", "5"));
    }
    var follower = new Follower(limits.queue(), gone -> leave(run, gone));
    followers.compute(
        run,
        (_, all) -> {
          Set<Follower> some = all == null ? ConcurrentHashMap.newKeySet() : all;
          some.add(follower);
          return some;
        });
    return follower;
  }

  private void leave(RunId run, Follower gone) {
    followers.computeIfPresent(
        run,
        (_, all) -> {
          if (all.remove(gone)) {
            count.decrementAndGet();
          }
          return all.isEmpty() ? null : all;
        });
  }

  /** How many follow a run. */
  int following() {
    return count.get();
  }

  @Override
  public void close() {
    subscription.close();
    heartbeats.close();
    followers.values().forEach(all -> all.forEach(Follower::dismiss));
  }
}
