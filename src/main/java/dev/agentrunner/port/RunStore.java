package dev.agentrunner.port;

import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.Page;
import dev.agentrunner.core.queue.RunCommand;
import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs of a server and who works on them. Several processes may share one store. Every method
 * is one transaction: once it returns, a crash no longer undoes it. Time is the store's own, the
 * same for all who share it. Safe for use by many threads.
 *
 * <p>Events of a run are written by whoever holds its lease, and by nobody else; everybody else
 * leaves a {@link RunCommand}. Where nobody holds it, the store ends it itself.
 *
 * <p>Every method throws {@link EnvironmentException} if the store cannot be reached.
 */
public interface RunStore {

  /** The store's clock. */
  Instant now();

  // Runs

  /**
   * Takes a run on; it is queued.
   *
   * @param id unused so far
   * @throws IllegalArgumentException if there is a run of that id
   */
  RunRecord submit(RunId id, RunOrder order);

  Optional<RunRecord> run(RunId id);

  /**
   * Runs that fit, the newest first.
   *
   * @param cursor of an earlier page
   * @throws UsageException if the cursor is none of this store's
   */
  Page<RunRecord> runs(RunFilter filter, Optional<String> cursor, int limit);

  /** How many runs there are of each status and phase. */
  Map<Standing, Long> counts();

  /** Where runs stand that are counted together. */
  record Standing(RunStatus status, RunPhase phase) {}

  /**
   * Puts other labels in place of a run's.
   *
   * @return the run with them; empty if {@code version} is not its version any more
   */
  Optional<RunRecord> label(RunId id, long version, Map<String, String> labels);

  /** Removes a run that is over, with all its events. Returns whether there was such a one. */
  boolean remove(RunId id);

  // Events

  /** The events of all runs, to be read; adding to it is refused. */
  EventLog history();

  /**
   * The log of one run for whoever works on it. {@link EventLog#append} writes the events and the
   * run's mark, and ends the lease where the last of them ends the run, in one transaction; it
   * throws {@link EventLog.LostRunException} once the lease is somebody else's or the run is over.
   */
  EventLog log(Lease lease);

  /**
   * Has {@code listener} told, some time after it was committed, that there is more of a run: by
   * this process at once, by others within a second. Told on a thread of the store: be quick.
   */
  Subscription onAppend(AppendListener listener);

  /** Is told that a run has events up to {@code seq}. */
  interface AppendListener {
    void appended(RunId run, List<Recorded> events);
  }

  /** Ends being told. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  // Commands

  /**
   * Keeps what a person wants of a run.
   *
   * <p>A {@code Cancel} of a run that nobody holds, or whose lease ran out, ends the run at once
   * with its event.
   */
  Kept command(RunId run, RunCommand.Wish wish, String by);

  /** What came of a command. */
  sealed interface Kept {

    /** It is kept, or was already; a worker sees to it. */
    record Pending(RunCommand command) implements Kept {}

    /** It was carried out. */
    record Done(RunRecord run) implements Kept {}

    /** The run is over and stays as it is. */
    record TooLate(RunRecord run) implements Kept {}

    /** There is no such run. */
    record Unknown() implements Kept {}
  }

  /** The commands of a run that were not carried out yet, the oldest first. */
  List<RunCommand> open(RunId run);

  /** Notes that a command was carried out, as far as it could be. */
  void done(Lease lease, RunCommand command);

  // Workers

  /** Lists a worker. */
  void enlist(WorkerRecord worker);

  /**
   * Says that a worker is alive and renews what it holds.
   *
   * @return the leases of {@code held} that are still its own
   */
  List<Lease> beat(WorkerId worker, List<Lease> held, Duration length);

  /** Says that a worker takes no more runs. */
  void drain(WorkerId worker);

  /** Strikes a worker off the list; what it holds is free at once. */
  void dismiss(WorkerId worker);

  List<WorkerRecord> workers();

  /**
   * Takes a run to work on: one that is queued, that nobody holds though it is executing, whose
   * lease ran out, that is due again, or that waits and has a command.
   *
   * @return empty if it is not to be had: somebody else was quicker, it waits, it is over, or
   *     another run of its project is being worked on
   */
  Optional<Lease> claim(RunId run, WorkerId worker, Duration length);

  /** Runs that could be claimed now, those longest ready first. */
  List<RunId> claimable(int limit);

  /** Gives a run back that waits or was interrupted. */
  void release(Lease lease);

  // Artifacts

  /** Lists what a run has left behind; the same name again replaces what had it. */
  void add(List<ArtifactRecord> artifacts);

  List<ArtifactRecord> artifacts(RunId run);

  Optional<ArtifactRecord> artifact(RunId run, String id);
}
