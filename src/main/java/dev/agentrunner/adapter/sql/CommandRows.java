package dev.agentrunner.adapter.sql;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.RunCommand;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.WishJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Commands as rows of {@code commands}. */
final class CommandRows {

  private CommandRows() {}

  static List<RunCommand> open(Session session, RunId run) {
    return session
        .query("SELECT * FROM commands WHERE run = :run AND done_at IS NULL ORDER BY number")
        .bind("run", run.value())
        .map((row, context) -> command(row))
        .list();
  }

  /** Adds a command of a run whose row is held. */
  static RunCommand add(Session session, RunId run, Wish wish, String by) {
    Instant now = session.now();
    long number =
        session
            .query("SELECT COALESCE(MAX(number), 0) + 1 FROM commands WHERE run = :run")
            .bind("run", run.value())
            .mapTo(Long.class)
            .one();
    var command = new RunCommand(run, number, wish, by, now, Optional.empty());
    session
        .update(
            """
            INSERT INTO commands (run, number, wish, urgent, asked_by, asked_at)
            VALUES (:run, :number, :wish, :urgent, :by, :at)
            """)
        .bind("run", run.value())
        .bind("number", number)
        .bind("wish", WishJson.write(wish))
        .bind("urgent", wish.isUrgent())
        .bind("by", by)
        .bind("at", now.toEpochMilli())
        .execute();
    session
        .update(
            """
            UPDATE runs SET wanted_at = CASE WHEN :urgent THEN COALESCE(wanted_at, :at)
                    ELSE wanted_at END,
                canceling = canceling OR :cancel
            WHERE id = :run
            """)
        .bind("at", now.toEpochMilli())
        .bind("urgent", wish.isUrgent())
        .bind("cancel", wish instanceof Wish.Cancel)
        .bind("run", run.value())
        .execute();
    return command;
  }

  /** Notes that a command was carried out; false if the lease does not hold any more. */
  static boolean done(Session session, Lease lease, RunCommand command) {
    int done =
        session
            .update(
                """
                UPDATE commands SET done_at = {now}
                WHERE run = :run AND number = :number AND done_at IS NULL
                    AND EXISTS (SELECT 1 FROM runs
                        WHERE id = :run AND worker = :worker AND generation = :generation)
                """)
            .bind("run", lease.run().value())
            .bind("number", command.number())
            .bind("worker", lease.worker().value())
            .bind("generation", lease.generation())
            .execute();
    if (done == 1) {
      session
          .update(
              """
              UPDATE runs SET wanted_at = (SELECT MIN(asked_at) FROM commands
                  WHERE run = :run AND urgent AND done_at IS NULL)
              WHERE id = :run
              """)
          .bind("run", lease.run().value())
          .execute();
    }
    return done == 1 || open(session, lease.run()).stream().noneMatch(c -> same(c, command));
  }

  private static boolean same(RunCommand one, RunCommand other) {
    return one.run().equals(other.run()) && one.number() == other.number();
  }

  /** Nobody carries out what is wanted of a run that is over. */
  static void closeAll(Session session, RunId run) {
    session
        .update("UPDATE commands SET done_at = {now} WHERE run = :run AND done_at IS NULL")
        .bind("run", run.value())
        .execute();
  }

  private static RunCommand command(ResultSet row) throws SQLException {
    return new RunCommand(
        new RunId(row.getString("run")),
        row.getLong("number"),
        WishJson.read(row.getBytes("wish")),
        row.getString("asked_by"),
        Rows.time(row, "asked_at"),
        Rows.timeIfAny(row, "done_at"));
  }
}
