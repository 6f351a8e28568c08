package dev.agentrunner.adapter.sql;

import dev.agentrunner.adapter.sql.EventRows.End;
import dev.agentrunner.adapter.sql.EventRows.Lines;
import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.Page;
import dev.agentrunner.core.queue.RunCommand;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunCanceled;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.EventLog.LostRunException;
import dev.agentrunner.port.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs in a database. */
final class SqlRunStore implements RunStore {

  private final Transactions transactions;
  private final StoredLog history;
  private final Teller teller;

  SqlRunStore(Transactions transactions, StoredLog history, Teller teller) {
    this.transactions = transactions;
    this.history = history;
    this.teller = teller;
  }

  @Override
  public Instant now() {
    return transactions.read(Session::now);
  }

  // Runs

  @Override
  public RunRecord submit(RunId id, RunOrder order) {
    return transactions
        .write(session ->
            RunRows.add(session, id, order)
                ? RunRows.find(session, id)
                : Optional.<RunRecord>empty())
        .orElseThrow(() -> new IllegalArgumentException("there is a run %s already".formatted(id)));
  }

  @Override
  public Optional<RunRecord> run(RunId id) {
    return transactions.read(session -> RunRows.find(session, id));
  }

  @Override
  public Page<RunRecord> runs(RunFilter filter, Optional<String> cursor, int limit) {
    return transactions.read(session -> RunRows.page(session, filter, cursor, limit));
  }

  @Override
  public Map<Standing, Long> counts() {
    return transactions.read(RunRows::counts);
  }

  @Override
  public Optional<RunRecord> label(RunId id, long version, Map<String, String> labels) {
    return transactions.write(session ->
        RunRows.label(session, id, version, labels) ? RunRows.find(session, id) : Optional.empty());
  }

  @Override
  public boolean remove(RunId id) {
    return transactions.write(session -> RunRows.remove(session, id));
  }

  // Events

  @Override
  public EventLog history() {
    return history;
  }

  @Override
  public EventLog log(Lease lease) {
    return new LeasedLog(lease, transactions, history, teller);
  }

  @Override
  public Subscription onAppend(AppendListener listener) {
    return teller.add(listener);
  }

  // Commands

  /** What came of a command, and the event that was written for it. */
  private record Outcome(Kept kept, Optional<Recorded> end) {
    static Outcome of(Kept kept) {
      return new Outcome(kept, Optional.empty());
    }
  }

  @Override
  public Kept command(RunId run, Wish wish, String by) {
    Outcome outcome = transactions.write(session -> command(session, run, wish, by));
    outcome.end().ifPresent(end -> teller.appended(run, List.of(end)));
    return outcome.kept();
  }

  private static Outcome command(Session session, RunId id, Wish wish, String by) {
    Optional<RunRecord> found = RunRows.hold(session, id);
    if (found.isEmpty()) {
      return Outcome.of(new Kept.Unknown());
    }
    RunRecord run = found.get();
    if (run.status().isFinal()) {
      return Outcome.of(new Kept.TooLate(run));
    }
    RunCommand kept =
        RunCommand.covering(CommandRows.open(session, id), wish)
            .orElseGet(() -> CommandRows.add(session, id, wish, by));
    Instant now = session.now();
    boolean held = run.held().filter(holder -> holder.until().isAfter(now)).isPresent();
    return wish instanceof Wish.Cancel(String reason, boolean _) && !held
        ? canceled(session, id, reason, now)
        : Outcome.of(new Kept.Pending(kept));
  }

  private static Outcome canceled(Session session, RunId run, String reason, Instant now) {
    End before = EventRows.end(session, run).orElseThrow();
    var end = new Recorded(before.seq() + 1, now, new RunCanceled(reason));
    Lines lines = EventRows.lines(run, before, List.of(end));
    EventRows.addUnheld(session, lines);
    return new Outcome(new Kept.Done(RunRows.find(session, run).orElseThrow()), Optional.of(end));
  }

  @Override
  public List<RunCommand> open(RunId run) {
    return transactions.read(session -> CommandRows.open(session, run));
  }

  @Override
  public void done(Lease lease, RunCommand command) {
    boolean done = transactions.write(session -> CommandRows.done(session, lease, command));
    if (!done) {
      throw new LostRunException(
          "%s does not hold %s any more".formatted(lease.worker(), lease.run()));
    }
  }

  // Workers

  @Override
  public void enlist(WorkerRecord worker) {
    change(session -> WorkerRows.enlist(session, worker));
  }

  @Override
  public List<Lease> beat(WorkerId worker, List<Lease> held, Duration length) {
    return transactions.write(session -> WorkerRows.beat(session, worker, held, length));
  }

  @Override
  public void drain(WorkerId worker) {
    change(session -> WorkerRows.drain(session, worker));
  }

  @Override
  public void dismiss(WorkerId worker) {
    change(session -> WorkerRows.dismiss(session, worker));
  }

  @Override
  public List<WorkerRecord> workers() {
    return transactions.read(WorkerRows::all);
  }

  @Override
  public Optional<Lease> claim(RunId run, WorkerId worker, Duration length) {
    try {
      return transactions.write(session -> WorkerRows.claim(session, run, worker, length));
    } catch (EnvironmentException e) {
      if (DatabaseTrouble.isTaken(e)) {
        return Optional.empty(); // Another run of the project was claimed at the same time.
      }
      throw e;
    }
  }

  @Override
  public List<RunId> claimable(int limit) {
    return transactions.read(session -> WorkerRows.claimable(session, limit));
  }

  @Override
  public void release(Lease lease) {
    change(session -> WorkerRows.release(session, lease));
  }

  // Artifacts

  @Override
  public void add(List<ArtifactRecord> artifacts) {
    change(session -> artifacts.forEach(artifact -> ArtifactRows.add(session, artifact)));
  }

  @Override
  public List<ArtifactRecord> artifacts(RunId run) {
    return transactions.read(session -> ArtifactRows.of(session, run));
  }

  @Override
  public Optional<ArtifactRecord> artifact(RunId run, String id) {
    return artifacts(run).stream().filter(artifact -> artifact.id().equals(id)).findFirst();
  }

  /** Work without a result. */
  private interface Change {
    void in(Session session);
  }

  private void change(Change change) {
    boolean _ =
        transactions.write(session -> {
          change.in(session);
          return true;
        });
  }
}
