package dev.agentrunner.testing;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunCompleted;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What tests submit to a {@link RunStore}, and the least that a worker does with it. */
public final class Orders {

  public static final Duration LEASE = Duration.ofSeconds(4);
  public static final WorkerId ANN = new WorkerId("ann-1");
  public static final WorkerId BEN = new WorkerId("ben-2");

  private static final Instant AT = Instant.parse("2026-11-21T10:15:30.123Z");

  private Orders() {}

  public static RunOrder of(String project) {
    return of(project, Map.of());
  }

  public static RunOrder of(String project, Map<String, String> labels) {
    return new RunOrder(
        project,
        "version: 1\ntasks: []\n",
        "tasks.yml",
        List.of("T1"),
        Map.of("agent.turns_max", "40"),
        labels,
        Optional.empty(),
        Optional.empty());
  }

  public static RunId id(int number) {
    return new RunId("20261121-%06d-7f3a".formatted(number));
  }

  public static WorkerRecord worker(WorkerId id) {
    return new WorkerRecord(id, "here", 4711, 2, AT, AT, false, true);
  }

  public static RunStarted started() {
    return new RunStarted("tasks.yml", List.of(), "claude", "model-1", "0.1.0");
  }

  public static Recorded recorded(long seq, RunEvent event) {
    return new Recorded(seq, AT.plusMillis(seq), event);
  }

  /** Adds events behind those that are there. */
  public static void append(RunStore store, Lease lease, RunEvent... events) {
    long seq = store.run(lease.run()).orElseThrow().seq();
    List<Recorded> recorded = new ArrayList<>();
    for (RunEvent event : events) {
      recorded.add(recorded(++seq, event));
    }
    store.log(lease).append(lease.run(), recorded);
  }

  /** A run that does nothing, from its submission to its end. */
  public static void runThrough(RunStore store, RunId id, String project, WorkerId worker) {
    store.submit(id, of(project));
    Lease lease = store.claim(id, worker, LEASE).orElseThrow();
    EventLog log = store.log(lease);
    log.append(id, List.of(recorded(1, started())));
    log.append(id, List.of(recorded(2, new RunWarned("nothing to do"))));
    log.append(id, List.of(recorded(3, new RunCompleted())));
  }

  public static List<Recorded> history(RunStore store, RunId run) {
    List<Recorded> events = new ArrayList<>();
    store.history().read(run, 0, events::add);
    return events;
  }
}
