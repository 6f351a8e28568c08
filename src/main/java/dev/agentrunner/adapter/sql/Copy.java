package dev.agentrunner.adapter.sql;

import dev.agentrunner.adapter.sql.EventRows.End;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Copies a database to another one that is new, while no server uses either. A run is copied in one
 * transaction, so that a copy that was cut goes on where it was. At the end every log is checked
 * line by line, and every table has as many rows as the other.
 *
 * <p>Left behind: who works on what, and due times, which the runs themselves know.
 */
public final class Copy {

  /** Columns that are numbers to SQLite. */
  private static final Set<String> FLAGS = Set.of("canceling", "urgent");

  private static final int PAGE = 500;

  private static final List<Table> PLAIN =
      List.of(
          new Table("projects", "name", "folder", "version", "created_at"),
          new Table("workflows", "name", "revision", "source", "created_at"),
          new Table(
              "api_keys",
              "id",
              "name",
              "digest",
              "scopes",
              "created_at",
              "expires_at",
              "revoked_at",
              "used_at"),
          new Table(
              "idempotency", "owner", "name", "digest", "asked_at", "status", "location", "body"));

  private static final Table RUNS =
      new Table(
          "runs",
          "id",
          "project",
          "workflow",
          "run_order",
          "labels",
          "version",
          "status",
          "phase",
          "reason",
          "due",
          "canceling",
          "last_seq",
          "last_digest",
          "generation",
          "ready_at",
          "wanted_at",
          "created_at",
          "started_at",
          "ended_at");

  private static final Table EVENTS =
      new Table("events", "run", "seq", "at", "type", "task", "attempt", "line");

  private static final Table BODIES = new Table("bodies", "run", "digest", "body");

  private static final List<Table> OF_A_RUN =
      List.of(
          new Table("run_labels", "run", "name", "value"),
          new Table(
              "commands", "run", "number", "wish", "urgent", "asked_by", "asked_at", "done_at"),
          new Table(
              "artifacts", "id", "run", "name", "kind", "uri", "size", "sha256", "created_at"));

  private final Database from;
  private final Database to;
  private final Consumer<String> progress;

  private record Table(String name, List<String> columns) {
    Table(String name, String... columns) {
      this(name, List.of(columns));
    }

    String insert() {
      return "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING"
          .formatted(
              name,
              String.join(", ", columns),
              columns.stream().map(column -> ":" + column).collect(Collectors.joining(", ")));
    }
  }

  /** What was copied, and checked. */
  public record Report(long runs, long events) {}

  private Copy(Database from, Database to, Consumer<String> progress) {
    this.from = from;
    this.to = to;
    this.progress = progress;
  }

  /**
   * Copies all that is in one database to another.
   *
   * @param from as {@link Database#open} takes it
   * @param to that is new, or has what an earlier copy left there
   * @param progress is told what is being done
   * @throws UsageException if they are the same, a worker is alive, or there is something else
   * @throws EnvironmentException if either cannot be used, or what was copied is not the same
   */
  public static Report of(String from, String to, Consumer<String> progress) {
    Address source = Address.parse(from);
    Address target = Address.parse(to);
    if (source.shown().equals(target.shown())) {
      throw new UsageException("Both are %s: name another database.".formatted(source.shown()));
    }
    try (Database left = Database.open(source);
        Database right = Database.open(target)) {
      return new Copy(left, right, progress).all();
    }
  }

  private Report all() {
    refuseIfUsed(from);
    refuseIfUsed(to);
    List<RunId> runs = runs(from);
    if (!runs.containsAll(runs(to))) {
      throw new UsageException(
          "The database to copy to has runs that the other does not know. Name one that is new.");
    }
    PLAIN.forEach(this::plain);
    List<RunId> there = runs(to);
    for (RunId run : runs) {
      if (!there.contains(run)) {
        to.transactions().write(session -> copied(session, run));
        progress.accept("copied run " + run);
      }
    }
    progress.accept("checking %d runs".formatted(runs.size()));
    runs.forEach(this::check);
    PLAIN.forEach(this::sameCount);
    OF_A_RUN.forEach(this::sameCount);
    sameCount(BODIES);
    sameCount(RUNS);
    sameCount(EVENTS);
    return new Report(runs.size(), count(to, EVENTS));
  }

  private static void refuseIfUsed(Database database) {
    database.runs().workers().stream()
        .filter(WorkerRecord::alive)
        .findFirst()
        .ifPresent(worker -> {
          throw new UsageException(
              "Worker %s is at work on one of the databases. Stop every server and worker first."
                  .formatted(worker.id()));
        });
  }

  private static List<RunId> runs(Database database) {
    return database
        .transactions()
        .read(session ->
            session
                .query("SELECT id FROM runs ORDER BY id")
                .map((row, context) -> new RunId(row.getString(1)))
                .list());
  }

  private void plain(Table table) {
    List<Map<String, Object>> rows =
        from.transactions()
            .read(session -> session.query("SELECT * FROM " + table.name()).mapToMap().list());
    int _ = to.transactions().write(session -> add(session, table, rows));
  }

  /** Adds a run with all that belongs to it; its own row last. */
  private boolean copied(Session session, RunId run) {
    OF_A_RUN.forEach(table -> add(session, table, rows(table, run)));
    for (String digest : digests(run)) {
      add(session, BODIES, body(run, digest));
    }
    long last = 0;
    List<Map<String, Object>> page;
    do {
      page = events(run, last);
      add(session, EVENTS, page);
      last += page.size();
    } while (page.size() == PAGE);
    return add(session, RUNS, row(run)) == 1;
  }

  private List<Map<String, Object>> rows(Table table, RunId run) {
    return read("SELECT * FROM %s WHERE run = :run".formatted(table.name()), run, Map.of());
  }

  private List<String> digests(RunId run) {
    return read("SELECT digest FROM bodies WHERE run = :run", run, Map.of()).stream()
        .map(row -> String.valueOf(row.get("digest")))
        .toList();
  }

  private List<Map<String, Object>> body(RunId run, String digest) {
    return read(
        "SELECT * FROM bodies WHERE run = :run AND digest = :digest",
        run,
        Map.of("digest", digest));
  }

  private List<Map<String, Object>> events(RunId run, long after) {
    return read(
        "SELECT * FROM events WHERE run = :run AND seq > :after ORDER BY seq LIMIT :limit",
        run,
        Map.of("after", after, "limit", PAGE));
  }

  private List<Map<String, Object>> row(RunId run) {
    return read("SELECT * FROM runs WHERE id = :run", run, Map.of());
  }

  private List<Map<String, Object>> read(String sql, RunId run, Map<String, Object> bound) {
    return from.transactions()
        .read(session ->
            session.query(sql).bind("run", run.value()).bindMap(bound).mapToMap().list());
  }

  private static int add(Session session, Table table, List<Map<String, Object>> rows) {
    if (rows.isEmpty()) {
      return 0;
    }
    PreparedBatch batch = session.batch(table.insert());
    for (Map<String, Object> row : rows) {
      for (String column : table.columns()) {
        Object value = row.get(column);
        // SQLite has numbers for it.
        batch.bind(
            column, FLAGS.contains(column) && value instanceof Integer flag ? flag != 0 : value);
      }
      batch.add();
    }
    return batch.execute().length;
  }

  private void check(RunId run) {
    Optional<End> left = from.transactions().read(session -> EventRows.end(session, run));
    String digest =
        ((StoredLog) to.runs().history())
            .check(
                run,
                recorded -> {
                  // Read whole, and nothing more is wanted of it.
                });
    if (left.filter(end -> end.digest().equals(digest)).isEmpty()) {
      throw different("the log of run " + run);
    }
  }

  private void sameCount(Table table) {
    if (count(from, table) != count(to, table)) {
      throw different("table " + table.name());
    }
  }

  private static long count(Database database, Table table) {
    return database
        .transactions()
        .read(session ->
            session.query("SELECT COUNT(*) FROM " + table.name()).mapTo(Long.class).one());
  }

  private static EnvironmentException different(String what) {
    return new EnvironmentException(
        "After the copy %s is not the same in both. Copy again into a new database; was a server using one of them?"
            .formatted(what));
  }
}
