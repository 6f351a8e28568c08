package dev.agentrunner.adapter.sql;

import dev.agentrunner.core.queue.Page;
import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.core.queue.RunMark;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.json.RunOrderJson;
import dev.agentrunner.port.RunStore.Standing;
import dev.agentrunner.port.UsageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/** Runs as rows of {@code runs}. */
final class RunRows {

  /** Runs that are not over. */
  static final String OPEN = "status IN ('QUEUED', 'RUNNING')";

  private static final String SHOWN_PHASE =
      "CASE WHEN canceling AND %s THEN 'CANCELING' ELSE phase END".formatted(OPEN);

  private RunRows() {}

  /** Adds a run; false if there is one of that id. */
  static boolean add(Session session, RunId id, RunOrder order) {
    int added =
        session
            .update(
                """
                INSERT INTO runs (id, project, workflow, run_order, labels, version, status, phase,
                    reason, canceling, last_seq, last_digest, generation, ready_at, created_at)
                VALUES (:id, :project, :workflow, :order, :labels, 1, :status, :phase,
                    '', FALSE, 0, :digest, 0, {now}, {now})
                ON CONFLICT DO NOTHING
                """)
            .bind("id", id.value())
            .bind("project", order.project())
            .bind("workflow", order.workflow().map(RunOrder.WorkflowRevision::name).orElse(null))
            .bind("order", RunOrderJson.write(order))
            .bind("labels", RunOrderJson.writeLabels(order.labels()))
            .bind("status", RunMark.QUEUED.status().name())
            .bind("phase", RunMark.QUEUED.phase().name())
            .bind("digest", EventJson.NO_LINE)
            .execute();
    if (added == 1) {
      addLabels(session, id, order.labels());
    }
    return added == 1;
  }

  private static void addLabels(Session session, RunId id, Map<String, String> labels) {
    labels.forEach((name, value) ->
        session
            .update("INSERT INTO run_labels (run, name, value) VALUES (:run, :name, :value)")
            .bind("run", id.value())
            .bind("name", name)
            .bind("value", value)
            .execute());
  }

  static Optional<RunRecord> find(Session session, RunId id) {
    return find(session, id, "");
  }

  /** The same, with nobody else changing it until the end of the transaction. */
  static Optional<RunRecord> hold(Session session, RunId id) {
    return find(session, id, "{lock}");
  }

  private static Optional<RunRecord> find(Session session, RunId id, String lock) {
    return session
        .query("SELECT * FROM runs WHERE id = :id " + lock)
        .bind("id", id.value())
        .map((row, context) -> record(row))
        .findOne();
  }

  static Page<RunRecord> page(
      Session session, RunFilter filter, Optional<String> cursor, int limit) {
    Map<String, Object> bound = new HashMap<>();
    StringBuilder sql = new StringBuilder("SELECT * FROM runs WHERE TRUE");
    cursor.ifPresent(last -> {
      if (!RunId.isValid(last)) {
        throw new UsageException("%s is no cursor of this list.".formatted(last));
      }
      sql.append(" AND id < :cursor");
      bound.put("cursor", last);
    });
    oneOf(sql, "status", filter.statuses());
    oneOf(sql, SHOWN_PHASE, filter.phases());
    filter
        .project()
        .ifPresent(project -> {
          sql.append(" AND project = :project");
          bound.put("project", project);
        });
    filter
        .workflow()
        .ifPresent(workflow -> {
          sql.append(" AND workflow = :workflow");
          bound.put("workflow", workflow);
        });
    filter
        .labels()
        .forEach((name, value) -> {
          int i = bound.size();
          sql.append(
              " AND id IN (SELECT run FROM run_labels WHERE name = :name%d AND value = :value%d)"
                  .formatted(i, i));
          bound.put("name" + i, name);
          bound.put("value" + i, value);
        });
    Query query = session.query(sql.append(" ORDER BY id DESC LIMIT :limit").toString());
    List<RunRecord> found =
        query.bindMap(bound).bind("limit", limit + 1).map((row, context) -> record(row)).list();
    return found.size() <= limit
        ? new Page<>(found, Optional.empty())
        : new Page<>(found.subList(0, limit), Optional.of(found.get(limit - 1).id().value()));
  }

  private static void oneOf(StringBuilder sql, String column, Set<? extends Enum<?>> words) {
    if (!words.isEmpty()) {
      sql.append(
          words.stream()
              .map(Enum::name)
              .collect(Collectors.joining("', '", " AND " + column + " IN ('", "')")));
    }
  }

  static Map<Standing, Long> counts(Session session) {
    return session
        .query(
            "SELECT status, %s AS shown, COUNT(*) AS runs FROM runs GROUP BY 1, 2"
                .formatted(SHOWN_PHASE))
        .reduceRows(
            new HashMap<>(),
            (counts, row) -> {
              counts.put(
                  new Standing(
                      RunStatus.valueOf(row.getColumn("status", String.class)),
                      RunPhase.valueOf(row.getColumn("shown", String.class))),
                  row.getColumn("runs", Long.class));
              return counts;
            });
  }

  static boolean label(Session session, RunId id, long version, Map<String, String> labels) {
    int changed =
        session
            .update(
                """
                UPDATE runs SET labels = :labels, version = version + 1
                WHERE id = :id AND version = :version
                """)
            .bind("labels", RunOrderJson.writeLabels(labels))
            .bind("id", id.value())
            .bind("version", version)
            .execute();
    if (changed == 1) {
      removeAll(session, "run_labels", id);
      addLabels(session, id, labels);
    }
    return changed == 1;
  }

  static boolean remove(Session session, RunId id) {
    int removed =
        session
            .update("DELETE FROM runs WHERE id = :id AND NOT (%s)".formatted(OPEN))
            .bind("id", id.value())
            .execute();
    if (removed == 1) {
      for (String table : List.of("run_labels", "events", "bodies", "commands", "artifacts")) {
        removeAll(session, table, id);
      }
    }
    return removed == 1;
  }

  private static void removeAll(Session session, String table, RunId run) {
    session
        .update("DELETE FROM %s WHERE run = :run".formatted(table))
        .bind("run", run.value())
        .execute();
  }

  static RunMark mark(ResultSet row) throws SQLException {
    return new RunMark(
        RunStatus.valueOf(row.getString("status")),
        RunPhase.valueOf(row.getString("phase")),
        row.getString("reason"),
        Rows.timeIfAny(row, "due"));
  }

  private static RunRecord record(ResultSet row) throws SQLException {
    String worker = row.getString("worker");
    return new RunRecord(
        new RunId(row.getString("id")),
        RunOrderJson.read(row.getBytes("run_order")),
        RunOrderJson.readLabels(row.getBytes("labels")),
        row.getLong("version"),
        mark(row),
        row.getBoolean("canceling"),
        row.getLong("last_seq"),
        Rows.time(row, "created_at"),
        Rows.timeIfAny(row, "started_at"),
        Rows.timeIfAny(row, "ended_at"),
        worker == null
            ? Optional.empty()
            : Optional.of(
                new RunRecord.Held(
                    new WorkerId(worker),
                    row.getLong("generation"),
                    Rows.time(row, "lease_until"))));
  }
}
