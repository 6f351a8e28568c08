package dev.agentrunner.adapter.sql;

import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.run.RunId;
import java.util.List;

/** What runs left behind, as rows of {@code artifacts}. */
final class ArtifactRows {

  private ArtifactRows() {}

  static void add(Session session, ArtifactRecord artifact) {
    if (RunRows.hold(session, artifact.run()).isEmpty()) {
      throw new IllegalArgumentException("there is no run %s".formatted(artifact.run()));
    }
    session
        .update("DELETE FROM artifacts WHERE run = :run AND name = :name")
        .bind("run", artifact.run().value())
        .bind("name", artifact.name())
        .execute();
    session
        .update(
            """
            INSERT INTO artifacts (id, run, name, kind, uri, size, sha256, created_at)
            VALUES (:id, :run, :name, :kind, :uri, :size, :sha256, :created)
            """)
        .bind("id", artifact.id())
        .bind("run", artifact.run().value())
        .bind("name", artifact.name())
        .bind("kind", artifact.kind())
        .bind("uri", artifact.uri())
        .bind("size", artifact.size())
        .bind("sha256", artifact.sha256())
        .bind("created", artifact.createdAt().toEpochMilli())
        .execute();
  }

  static List<ArtifactRecord> of(Session session, RunId run) {
    return session
        .query("SELECT * FROM artifacts WHERE run = :run ORDER BY created_at, id")
        .bind("run", run.value())
        .map((row, context) ->
            new ArtifactRecord(
                row.getString("id"),
                run,
                row.getString("name"),
                row.getString("kind"),
                row.getString("uri"),
                row.getLong("size"),
                row.getString("sha256"),
                Rows.time(row, "created_at")))
        .list();
  }
}
