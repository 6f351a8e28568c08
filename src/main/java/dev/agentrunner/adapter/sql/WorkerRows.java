package dev.agentrunner.adapter.sql;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.RunId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Workers as rows of {@code workers}, and what they hold of {@code runs}. */
final class WorkerRows {

  private static final Duration HEARD_OF_LATELY = Duration.ofSeconds(4);

  /** Nobody works on it, and there is something to do. */
  private static final String READY =
      """
      status IN ('QUEUED', 'RUNNING') AND (worker IS NULL OR lease_until <= {now})
      AND (worker IS NOT NULL OR phase IN ('DISPATCHING', 'EXECUTING')
          OR wanted_at IS NOT NULL OR due <= {now})
      """;

  private static final String READY_SINCE =
      """
      CASE WHEN worker IS NOT NULL THEN lease_until
          WHEN phase IN ('DISPATCHING', 'EXECUTING') THEN ready_at
          WHEN wanted_at IS NOT NULL THEN wanted_at ELSE due END
      """;

  private WorkerRows() {}

  static void enlist(Session session, WorkerRecord worker) {
    session
        .update(
            """
            INSERT INTO workers (id, host, pid, slots, started_at, beat_at, draining)
            VALUES (:id, :host, :pid, :slots, :started, {now}, :draining)
            ON CONFLICT (id) DO UPDATE SET beat_at = EXCLUDED.beat_at,
                slots = EXCLUDED.slots, draining = EXCLUDED.draining
            """)
        .bind("id", worker.id().value())
        .bind("host", worker.host())
        .bind("pid", worker.pid())
        .bind("slots", worker.slots())
        .bind("started", worker.startedAt().toEpochMilli())
        .bind("draining", worker.draining())
        .execute();
  }

  static List<Lease> beat(Session session, WorkerId worker, List<Lease> held, Duration length) {
    session
        .update("UPDATE workers SET beat_at = {now} WHERE id = :id")
        .bind("id", worker.value())
        .execute();
    // Always in the same order, so that two who renew cannot wait for each other.
    return held.stream()
        .sorted(Comparator.comparing(Lease::run))
        .filter(lease -> lease.worker().equals(worker) && renew(session, lease, length))
        .toList();
  }

  private static boolean renew(Session session, Lease lease, Duration length) {
    return session
            .update(
                """
                UPDATE runs SET lease_until = {now} + :length
                WHERE id = :run AND worker = :worker AND generation = :generation
                """)
            .bind("length", length.toMillis())
            .bind("run", lease.run().value())
            .bind("worker", lease.worker().value())
            .bind("generation", lease.generation())
            .execute()
        == 1;
  }

  static void drain(Session session, WorkerId worker) {
    session
        .update("UPDATE workers SET draining = TRUE WHERE id = :id")
        .bind("id", worker.value())
        .execute();
  }

  static void dismiss(Session session, WorkerId worker) {
    session.update("DELETE FROM workers WHERE id = :id").bind("id", worker.value()).execute();
    session
        .update(
            """
            UPDATE runs SET worker = NULL, lease_until = NULL, ready_at = {now}
            WHERE worker = :id
            """)
        .bind("id", worker.value())
        .execute();
  }

  static List<WorkerRecord> all(Session session) {
    return session
        .query("SELECT workers.*, {now} AS moment FROM workers ORDER BY started_at, id")
        .map((row, context) -> worker(row))
        .list();
  }

  private static WorkerRecord worker(ResultSet row) throws SQLException {
    boolean alive =
        Rows.time(row, "beat_at").isAfter(Rows.time(row, "moment").minus(HEARD_OF_LATELY));
    return new WorkerRecord(
        new WorkerId(row.getString("id")),
        row.getString("host"),
        row.getLong("pid"),
        row.getInt("slots"),
        Rows.time(row, "started_at"),
        Rows.time(row, "beat_at"),
        row.getBoolean("draining"),
        alive);
  }

  static Optional<Lease> claim(Session session, RunId run, WorkerId worker, Duration length) {
    Optional<Lease> claimed = claimFree(session, run, worker, length);
    return claimed.isEmpty() && freeProject(session, run)
        ? claimFree(session, run, worker, length)
        : claimed;
  }

  private static Optional<Lease> claimFree(
      Session session, RunId run, WorkerId worker, Duration length) {
    return session
        .query(
            """
            UPDATE runs SET worker = :worker, generation = generation + 1,
                lease_until = {now} + :length
            WHERE id = :run AND %s
                AND NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.project = runs.project
                    AND other.worker IS NOT NULL AND other.id <> runs.id)
            RETURNING generation
            """
                .formatted(READY))
        .bind("worker", worker.value())
        .bind("length", length.toMillis())
        .bind("run", run.value())
        .mapTo(Long.class)
        .findOne()
        .map(generation -> new Lease(run, worker, generation));
  }

  /**
   * Takes leases that ran out from other runs of the project, so that whoever held one and wakes up
   * does not work there too.
   */
  private static boolean freeProject(Session session, RunId run) {
    return session
            .update(
                """
                UPDATE runs SET worker = NULL, lease_until = NULL, generation = generation + 1,
                    ready_at = {now}
                WHERE worker IS NOT NULL AND lease_until <= {now} AND id <> :run
                    AND project = (SELECT project FROM runs WHERE id = :run AND %s)
                """
                    .formatted(READY))
            .bind("run", run.value())
            .execute()
        > 0;
  }

  static List<RunId> claimable(Session session, int limit) {
    return session
        .query(
            """
            SELECT id FROM runs
            WHERE ended_at IS NULL AND %s
                AND NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.project = runs.project
                    AND other.worker IS NOT NULL AND other.lease_until > {now}
                    AND other.id <> runs.id)
            ORDER BY %s, id LIMIT :limit
            """
                .formatted(READY, READY_SINCE))
        .bind("limit", limit)
        .map((row, context) -> new RunId(row.getString(1)))
        .list();
  }

  static void release(Session session, Lease lease) {
    session
        .update(
            """
            UPDATE runs SET worker = NULL, lease_until = NULL, ready_at = {now}
            WHERE id = :run AND worker = :worker AND generation = :generation
            """)
        .bind("run", lease.run().value())
        .bind("worker", lease.worker().value())
        .bind("generation", lease.generation())
        .execute();
  }
}
