package dev.agentrunner.adapter.sql;

import dev.agentrunner.port.Registry.Answer;
import dev.agentrunner.port.Registry.Reserved;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Answers given before, as rows of {@code idempotency}. */
final class AnswerRows {

  private static final Duration KEPT = Duration.ofDays(30);

  /** Whoever was answering is not any more: its process died. */
  private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(5);

  private AnswerRows() {}

  static Reserved reserve(Session session, String owner, String name, String digest) {
    session
        .update(
            """
            DELETE FROM idempotency WHERE asked_at < {now} - :kept
                OR (owner = :owner AND name = :name AND status IS NULL
                    AND asked_at < {now} - :within)
            """)
        .bind("kept", KEPT.toMillis())
        .bind("within", ANSWERED_WITHIN.toMillis())
        .bind("owner", owner)
        .bind("name", name)
        .execute();
    int added =
        session
            .update(
                """
                INSERT INTO idempotency (owner, name, digest, asked_at)
                VALUES (:owner, :name, :digest, {now}) ON CONFLICT DO NOTHING
                """)
            .bind("owner", owner)
            .bind("name", name)
            .bind("digest", digest)
            .execute();
    return added == 1 ? new Reserved.Fresh() : known(session, owner, name, digest);
  }

  private static Reserved known(Session session, String owner, String name, String digest) {
    return session
        .query("SELECT * FROM idempotency WHERE owner = :owner AND name = :name")
        .bind("owner", owner)
        .bind("name", name)
        .map((row, context) -> known(row, digest))
        .findOne()
        // Given up a moment ago: whoever asks once more gets it.
        .orElseGet(Reserved.UnderWay::new);
  }

  private static Reserved known(ResultSet row, String digest) throws SQLException {
    if (!row.getString("digest").equals(digest)) {
      return new Reserved.Taken();
    }
    int status = row.getInt("status");
    if (row.wasNull()) {
      return new Reserved.UnderWay();
    }
    return new Reserved.Answered(
        new Answer(
            status,
            row.getString("location"),
            new String(row.getBytes("body"), StandardCharsets.UTF_8)));
  }

  static int keep(Session session, String owner, String name, Answer answer) {
    return session
        .update(
            """
            UPDATE idempotency SET status = :status, location = :location, body = :body
            WHERE owner = :owner AND name = :name
            """)
        .bind("status", answer.status())
        .bind("location", answer.location())
        .bind("body", answer.body().getBytes(StandardCharsets.UTF_8))
        .bind("owner", owner)
        .bind("name", name)
        .execute();
  }

  static int free(Session session, String owner, String name) {
    return session
        .update("DELETE FROM idempotency WHERE owner = :owner AND name = :name")
        .bind("owner", owner)
        .bind("name", name)
        .execute();
  }
}
