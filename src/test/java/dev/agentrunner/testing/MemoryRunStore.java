package dev.agentrunner.testing;

import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.Page;
import dev.agentrunner.core.queue.RunCommand;
import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.core.queue.RunMark;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunCanceled;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.EventLog.LostRunException;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.port.UsageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs of a server that are forgotten when the test ends. Its time is the clock's. */
public final class MemoryRunStore implements RunStore {

  private static final Duration HEARD_OF_LATELY = Duration.ofSeconds(4);

  private final SettableClock clock;
  private final Map<RunId, Entry> runs = new TreeMap<>(Comparator.reverseOrder());
  private final Map<WorkerId, WorkerRecord> workers = new LinkedHashMap<>();
  private final List<AppendListener> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService teller =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("told-", 0).factory());

  public MemoryRunStore(SettableClock clock) {
    this.clock = clock;
  }

  /** A run, with what changes of it. */
  private static final class Entry {
    private final RunOrder order;
    private final Instant createdAt;
    private Map<String, String> labels;
    private long version = 1;
    private long generation;
    private RunMark mark = RunMark.QUEUED;
    private boolean canceling;
    private Instant readySince;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;
    private @Nullable WorkerId worker;
    private Instant until = Instant.EPOCH;
    private final List<Recorded> events = new ArrayList<>();
    private final List<RunCommand> commands = new ArrayList<>();
    private final Map<String, ArtifactRecord> artifacts = new LinkedHashMap<>();

    Entry(RunOrder order, Instant now) {
      this.order = order;
      this.createdAt = now;
      this.readySince = now;
      this.labels = order.labels();
    }

    RunRecord record(RunId id) {
      return new RunRecord(
          id,
          order,
          labels,
          version,
          mark,
          canceling,
          events.size(),
          createdAt,
          Optional.ofNullable(startedAt),
          Optional.ofNullable(endedAt),
          Optional.ofNullable(worker).map(by -> new RunRecord.Held(by, generation, until)));
    }

    boolean over() {
      return mark.status().isFinal();
    }

    boolean heldAt(Instant now) {
      return worker != null && until.isAfter(now);
    }

    boolean is(Lease lease) {
      return generation == lease.generation() && lease.worker().equals(worker);
    }

    List<RunCommand> open() {
      return commands.stream().filter(command -> command.doneAt().isEmpty()).toList();
    }

    /** Since when it could be worked on, if nobody else works on it; empty if it waits. */
    Optional<Instant> readySince(Instant now) {
      if (over() || heldAt(now)) {
        return Optional.empty();
      } else if (worker != null) {
        return Optional.of(until);
      } else if (mark.phase() == RunPhase.DISPATCHING || mark.phase() == RunPhase.EXECUTING) {
        return Optional.of(readySince);
      }
      Optional<RunCommand> urgent =
          open().stream().filter(command -> command.wish().isUrgent()).findFirst();
      if (urgent.isPresent()) {
        return Optional.of(urgent.get().at());
      }
      return mark.due().filter(due -> !due.isAfter(now));
    }

    RunCommand keep(RunId run, RunCommand.Wish wish, String by, Instant now) {
      var command = new RunCommand(run, commands.size() + 1L, wish, by, now, Optional.empty());
      commands.add(command);
      canceling |= wish instanceof RunCommand.Wish.Cancel;
      return command;
    }

    void free(Instant now) {
      worker = null;
      readySince = now;
    }

    void add(Recorded recorded, Instant now) {
      mark = mark.after(recorded.event());
      events.add(recorded);
      if (startedAt == null) {
        startedAt = now;
      }
      if (over()) {
        endedAt = now;
        free(now);
        commands.replaceAll(command -> command.doneAt().isEmpty() ? done(command, now) : command);
      }
    }
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  // Runs

  @Override
  public synchronized RunRecord submit(RunId id, RunOrder order) {
    if (runs.containsKey(id)) {
      throw new IllegalArgumentException("there is a run %s already".formatted(id));
    }
    runs.put(id, new Entry(order, now()));
    return entry(id).record(id);
  }

  @Override
  public synchronized Optional<RunRecord> run(RunId id) {
    return Optional.ofNullable(runs.get(id)).map(entry -> entry.record(id));
  }

  @Override
  public synchronized Page<RunRecord> runs(RunFilter filter, Optional<String> cursor, int limit) {
    cursor
        .filter(id -> !RunId.isValid(id))
        .ifPresent(id -> {
          throw new UsageException("%s is no cursor of this list.".formatted(id));
        });
    List<RunRecord> fitting =
        runs.entrySet().stream()
            .map(each -> each.getValue().record(each.getKey()))
            .filter(run -> cursor.isEmpty() || run.id().value().compareTo(cursor.get()) < 0)
            .filter(run -> fits(filter, run))
            .limit(limit + 1L)
            .toList();
    return fitting.size() <= limit
        ? new Page<>(fitting, Optional.empty())
        : new Page<>(fitting.subList(0, limit), Optional.of(fitting.get(limit - 1).id().value()));
  }

  private static boolean fits(RunFilter filter, RunRecord run) {
    return (filter.statuses().isEmpty() || filter.statuses().contains(run.status()))
        && (filter.phases().isEmpty() || filter.phases().contains(run.phase()))
        && run.labels().entrySet().containsAll(filter.labels().entrySet())
        && filter.project().map(run.order().project()::equals).orElse(true)
        && filter
            .workflow()
            .map(name -> run.order().workflow().map(of -> of.name().equals(name)).orElse(false))
            .orElse(true);
  }

  @Override
  public synchronized Map<Standing, Long> counts() {
    Map<Standing, Long> counts = new LinkedHashMap<>();
    runs.forEach((id, entry) -> {
      RunRecord run = entry.record(id);
      counts.merge(new Standing(run.status(), run.phase()), 1L, Long::sum);
    });
    return counts;
  }

  @Override
  public synchronized Optional<RunRecord> label(
      RunId id, long version, Map<String, String> labels) {
    Entry entry = runs.get(id);
    if (entry == null || entry.version != version) {
      return Optional.empty();
    }
    entry.labels = Map.copyOf(labels);
    entry.version++;
    return Optional.of(entry.record(id));
  }

  @Override
  public synchronized boolean remove(RunId id) {
    Entry entry = runs.get(id);
    return entry != null && entry.over() && runs.remove(id) != null;
  }

  // Events

  @Override
  public EventLog history() {
    return new History();
  }

  @Override
  public EventLog log(Lease lease) {
    return new LeasedLog(lease);
  }

  private class History implements EventLog {

    @Override
    public void read(RunId run, long after, Consumer<Recorded> reader) {
      events(run).stream().filter(recorded -> recorded.seq() > after).forEach(reader);
    }

    @Override
    public void append(RunId run, List<Recorded> events) {
      throw new IllegalStateException("only who holds the lease of a run writes its events");
    }
  }

  private final class LeasedLog extends History {

    private final Lease lease;

    LeasedLog(Lease lease) {
      this.lease = lease;
    }

    @Override
    public void append(RunId run, List<Recorded> events) {
      MemoryRunStore.this.append(lease, run, events);
    }
  }

  private synchronized List<Recorded> events(RunId run) {
    Entry entry = runs.get(run);
    return entry == null ? List.of() : List.copyOf(entry.events);
  }

  private synchronized void append(Lease lease, RunId run, List<Recorded> events) {
    Entry entry = runs.get(run);
    if (entry == null || !run.equals(lease.run()) || !entry.is(lease) || entry.over()) {
      throw new LostRunException("%s is not %s's any more".formatted(run, lease.worker()));
    }
    RunMark mark = entry.mark;
    long next = entry.events.size() + 1L;
    for (Recorded recorded : events) {
      if (recorded.seq() != next || mark.status().isFinal()) {
        throw new LostRunException("event %d does not follow".formatted(recorded.seq()));
      }
      mark = mark.after(recorded.event());
      next++;
    }
    Instant now = now();
    events.forEach(recorded -> entry.add(recorded, now));
    tell(run, events);
  }

  private void tell(RunId run, List<Recorded> events) {
    List<Recorded> told = List.copyOf(events);
    teller.execute(() -> listeners.forEach(listener -> listener.appended(run, told)));
  }

  @Override
  public Subscription onAppend(AppendListener listener) {
    // Behind what is still to be told of what was there before.
    CompletableFuture.runAsync(() -> listeners.add(listener), teller).join();
    return () -> listeners.remove(listener);
  }

  // Commands

  @Override
  public synchronized Kept command(RunId run, RunCommand.Wish wish, String by) {
    Entry entry = runs.get(run);
    if (entry == null) {
      return new Kept.Unknown();
    } else if (entry.over()) {
      return new Kept.TooLate(entry.record(run));
    }
    Instant now = now();
    RunCommand kept =
        RunCommand.covering(entry.open(), wish).orElseGet(() -> entry.keep(run, wish, by, now));
    if (!(wish instanceof RunCommand.Wish.Cancel(String reason, boolean _)) || entry.heldAt(now)) {
      return new Kept.Pending(kept);
    }
    var end = new Recorded(entry.events.size() + 1L, now, new RunCanceled(reason));
    entry.generation++;
    entry.add(end, now);
    tell(run, List.of(end));
    return new Kept.Done(entry.record(run));
  }

  @Override
  public synchronized List<RunCommand> open(RunId run) {
    Entry entry = runs.get(run);
    return entry == null ? List.of() : entry.open();
  }

  @Override
  public synchronized void done(Lease lease, RunCommand command) {
    Entry entry = runs.get(lease.run());
    if (entry == null || !entry.open().contains(command)) {
      return;
    } else if (!entry.is(lease)) {
      throw new LostRunException("%s is not %s's any more".formatted(lease.run(), lease.worker()));
    }
    entry.commands.set(entry.commands.indexOf(command), done(command, now()));
  }

  private static RunCommand done(RunCommand of, Instant now) {
    return new RunCommand(of.run(), of.number(), of.wish(), of.by(), of.at(), Optional.of(now));
  }

  // Workers

  @Override
  public synchronized void enlist(WorkerRecord worker) {
    workers.put(worker.id(), heardOf(worker, worker.draining()));
  }

  private WorkerRecord heardOf(WorkerRecord of, boolean draining) {
    return new WorkerRecord(
        of.id(), of.host(), of.pid(), of.slots(), of.startedAt(), now(), draining, true);
  }

  @Override
  public synchronized List<Lease> beat(WorkerId worker, List<Lease> held, Duration length) {
    workers.computeIfPresent(worker, (id, record) -> heardOf(record, record.draining()));
    List<Lease> own =
        held.stream()
            .filter(lease -> runs.containsKey(lease.run()) && entry(lease.run()).is(lease))
            .toList();
    own.forEach(lease -> entry(lease.run()).until = now().plus(length));
    return own;
  }

  @Override
  public synchronized void drain(WorkerId worker) {
    workers.computeIfPresent(
        worker,
        (id, of) ->
            new WorkerRecord(
                of.id(), of.host(), of.pid(), of.slots(), of.startedAt(), of.beatAt(), true, true));
  }

  @Override
  public synchronized void dismiss(WorkerId worker) {
    workers.remove(worker);
    runs.values().stream()
        .filter(entry -> worker.equals(entry.worker))
        .forEach(entry -> entry.free(now()));
  }

  @Override
  public synchronized List<WorkerRecord> workers() {
    Instant late = now().minus(HEARD_OF_LATELY);
    return workers.values().stream()
        .map(of ->
            new WorkerRecord(
                of.id(),
                of.host(),
                of.pid(),
                of.slots(),
                of.startedAt(),
                of.beatAt(),
                of.draining(),
                of.beatAt().isAfter(late)))
        .toList();
  }

  @Override
  public synchronized Optional<Lease> claim(RunId run, WorkerId worker, Duration length) {
    Instant now = now();
    Entry entry = runs.get(run);
    if (entry == null || entry.readySince(now).isEmpty() || busy(run, entry.order.project(), now)) {
      return Optional.empty();
    }
    runs.forEach((other, of) -> {
      // Who comes back to it finds that its project is somebody else's meanwhile.
      if (of.worker != null && !other.equals(run) && sameProject(of, entry)) {
        of.free(now);
      }
    });
    entry.generation++;
    entry.worker = worker;
    entry.until = now.plus(length);
    return Optional.of(new Lease(run, worker, entry.generation));
  }

  private static boolean sameProject(Entry one, Entry other) {
    return one.order.project().equals(other.order.project());
  }

  private boolean busy(RunId but, String project, Instant now) {
    return runs.entrySet().stream()
        .anyMatch(other ->
            !other.getKey().equals(but)
                && other.getValue().heldAt(now)
                && other.getValue().order.project().equals(project));
  }

  @Override
  public synchronized List<RunId> claimable(int limit) {
    Instant now = now();
    return runs.entrySet().stream()
        .filter(each -> each.getValue().readySince(now).isPresent())
        .filter(each -> !busy(each.getKey(), each.getValue().order.project(), now))
        .sorted(
            Comparator.comparing(
                    (Map.Entry<RunId, Entry> each) -> each.getValue().readySince(now).orElseThrow())
                .thenComparing(Map.Entry::getKey))
        .limit(limit)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public synchronized void release(Lease lease) {
    Entry entry = runs.get(lease.run());
    if (entry != null && entry.is(lease)) {
      entry.free(now());
    }
  }

  // Artifacts

  @Override
  public synchronized void add(List<ArtifactRecord> artifacts) {
    artifacts.forEach(this::add);
  }

  private void add(ArtifactRecord artifact) {
    entry(artifact.run()).artifacts.put(artifact.name(), artifact);
  }

  @Override
  public synchronized List<ArtifactRecord> artifacts(RunId run) {
    Entry entry = runs.get(run);
    return entry == null ? List.of() : List.copyOf(entry.artifacts.values());
  }

  @Override
  public synchronized Optional<ArtifactRecord> artifact(RunId run, String id) {
    return artifacts(run).stream().filter(artifact -> artifact.id().equals(id)).findFirst();
  }

  private Entry entry(RunId run) {
    Entry entry = runs.get(run);
    if (entry == null) {
      throw new IllegalArgumentException("there is no run %s".formatted(run));
    }
    return entry;
  }
}
