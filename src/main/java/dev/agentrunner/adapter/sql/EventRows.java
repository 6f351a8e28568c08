package dev.agentrunner.adapter.sql;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.RunMark;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.port.EventLog.LostRunException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Events as rows of {@code events}, and what they change of their run's row. */
final class EventRows {

  private EventRows() {}

  /**
   * Where a log ends.
   *
   * @param digest of its last line
   */
  record End(long seq, String digest, RunMark mark) {}

  static Optional<End> end(Session session, RunId run) {
    return session
        .query("SELECT last_seq, last_digest, status, phase, reason, due FROM runs WHERE id = :run")
        .bind("run", run.value())
        .map((row, context) ->
            new End(row.getLong("last_seq"), row.getString("last_digest"), RunRows.mark(row)))
        .findOne();
  }

  /**
   * Events ready to be added.
   *
   * @param bodies that are too long for a line, by their digests
   */
  record Lines(RunId run, End before, List<Line> lines, Map<String, byte[]> bodies, End after) {}

  record Line(Recorded recorded, byte[] json) {}

  /**
   * The lines of {@code events}.
   *
   * @throws LostRunException if they do not follow
   */
  static Lines lines(RunId run, End before, List<Recorded> events) {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    var json = new EventJson(new GatheredBodies(bodies));
    List<Line> lines = new ArrayList<>();
    End end = before;
    for (Recorded recorded : events) {
      if (recorded.seq() != end.seq() + 1 || end.mark().status().isFinal()) {
        throw new LostRunException(
            "event %d does not follow event %d, the last one of %s, which is %s"
                .formatted(recorded.seq(), end.seq(), run, end.mark().status()));
      }
      byte[] line = json.write(run, recorded, end.digest());
      lines.add(new Line(recorded, line));
      end =
          new End(
              recorded.seq(),
              EventJson.digest(line, 0, line.length),
              end.mark().after(recorded.event()));
    }
    return new Lines(run, before, lines, bodies, end);
  }

  /** Adds events if {@code lease} still holds and nothing was added meanwhile. */
  static boolean add(Session session, Lease lease, Lines lines) {
    int moved =
        move(
            session,
            "worker = :worker AND generation = :generation",
            "generation",
            Map.of("worker", lease.worker().value(), "generation", lease.generation()),
            lines);
    if (moved == 1) {
      insert(session, lines);
    }
    return moved == 1;
  }

  /** Adds events of a run that nobody holds, and shuts out who held it before. */
  static void addUnheld(Session session, Lines lines) {
    int moved = move(session, "TRUE", "generation + 1", Map.of(), lines);
    if (moved != 1) {
      throw new IllegalStateException("%s changed while it was held".formatted(lines.run()));
    }
    insert(session, lines);
  }

  private static int move(
      Session session, String guard, String generation, Map<String, Object> bound, Lines lines) {
    End after = lines.after();
    boolean over = after.mark().status().isFinal();
    return session
        .update(
            """
            UPDATE runs SET last_seq = :seq, last_digest = :digest, status = :status,
                phase = :phase, reason = :reason, due = :due,
                started_at = COALESCE(started_at, {now}), generation = %s%s
            WHERE id = :run AND %s AND last_seq = :before AND %s
            """
                .formatted(
                    generation,
                    over
                        ? ", ended_at = {now}, worker = NULL, lease_until = NULL, wanted_at = NULL"
                        : "",
                    guard,
                    RunRows.OPEN))
        .bindMap(bound)
        .bind("seq", after.seq())
        .bind("digest", after.digest())
        .bind("status", after.mark().status().name())
        .bind("phase", after.mark().phase().name())
        .bind("reason", Rows.storable(after.mark().reason()))
        .bind("due", Rows.millis(after.mark().due()))
        .bind("run", lines.run().value())
        .bind("before", lines.before().seq())
        .execute();
  }

  private static void insert(Session session, Lines lines) {
    lines
        .bodies()
        .forEach((digest, body) ->
            session
                .update(
                    """
                    INSERT INTO bodies (run, digest, body) VALUES (:run, :digest, :body)
                    ON CONFLICT DO NOTHING
                    """)
                .bind("run", lines.run().value())
                .bind("digest", digest)
                .bind("body", body)
                .execute());
    PreparedBatch batch =
        session.batch(
            """
            INSERT INTO events (run, seq, at, type, task, attempt, line)
            VALUES (:run, :seq, :at, :type, :task, :attempt, :line)
            """);
    for (Line line : lines.lines()) {
      RunEvent event = line.recorded().event();
      batch
          .bind("run", lines.run().value())
          .bind("seq", line.recorded().seq())
          .bind("at", line.recorded().at().toEpochMilli())
          .bind("type", event.type())
          .bind("task", event instanceof RunEvent.OfTask of ? of.task().value() : null)
          .bind(
              "attempt",
              event instanceof RunEvent.OfAttempt of ? Integer.valueOf(of.attempt()) : null)
          .bind("line", line.json())
          .add();
    }
    batch.execute();
    if (lines.after().mark().status().isFinal()) {
      CommandRows.closeAll(session, lines.run());
    }
  }

  /** Lines past {@code after}, oldest first, without newlines. */
  static List<byte[]> read(Session session, RunId run, long after, int limit) {
    return session
        .query(
            "SELECT line FROM events WHERE run = :run AND seq > :after ORDER BY seq LIMIT :limit")
        .bind("run", run.value())
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> row.getBytes(1))
        .list();
  }

  static Optional<byte[]> body(Session session, RunId run, String digest) {
    return session
        .query("SELECT body FROM bodies WHERE run = :run AND digest = :digest")
        .bind("run", run.value())
        .bind("digest", digest)
        .map((row, context) -> row.getBytes(1))
        .findOne();
  }
}
