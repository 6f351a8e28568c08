package dev.agentrunner.adapter.sql;

import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.port.Registry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a server knows beside runs, in the same database. */
final class SqlRegistry implements Registry {

  private final Transactions transactions;

  SqlRegistry(Transactions transactions) {
    this.transactions = transactions;
  }

  // Projects

  @Override
  public List<Project> projects() {
    return transactions.read(session ->
        session
            .query("SELECT * FROM projects ORDER BY name")
            .map((row, context) -> project(row))
            .list());
  }

  @Override
  public Optional<Project> project(String name) {
    return transactions.read(session -> project(session, name));
  }

  private static Optional<Project> project(Session session, String name) {
    return session
        .query("SELECT * FROM projects WHERE name = :name")
        .bind("name", name)
        .map((row, context) -> project(row))
        .findOne();
  }

  private static Project project(ResultSet row) throws SQLException {
    return new Project(
        row.getString("name"),
        row.getString("folder"),
        row.getLong("version"),
        Rows.time(row, "created_at"));
  }

  @Override
  public Optional<Project> addProject(String name, String folder) {
    return transactions.write(session -> {
      int added =
          session
              .update(
                  """
                  INSERT INTO projects (name, folder, version, created_at)
                  VALUES (:name, :folder, 1, {now}) ON CONFLICT DO NOTHING
                  """)
              .bind("name", name)
              .bind("folder", folder)
              .execute();
      return added == 1 ? project(session, name) : Optional.empty();
    });
  }

  @Override
  public boolean removeProject(String name, long version) {
    return transactions.write(session ->
        session
                .update(
                    """
                    DELETE FROM projects WHERE name = :name AND version = :version
                    AND NOT EXISTS
                        (SELECT 1 FROM runs WHERE project = :name AND ended_at IS NULL)
                    """)
                .bind("name", name)
                .bind("version", version)
                .execute()
            == 1);
  }

  // Workflows

  @Override
  public List<Workflow> workflows() {
    return transactions.read(session ->
        session
            .query(
                """
                SELECT * FROM workflows WHERE revision = (SELECT MAX(revision)
                    FROM workflows AS all_of_it WHERE all_of_it.name = workflows.name)
                ORDER BY name
                """)
            .map((row, context) -> workflow(row))
            .list());
  }

  @Override
  public List<Workflow> revisions(String name) {
    return transactions.read(session -> revisions(session, name));
  }

  private static List<Workflow> revisions(Session session, String name) {
    return session
        .query("SELECT * FROM workflows WHERE name = :name ORDER BY revision DESC")
        .bind("name", name)
        .map((row, context) -> workflow(row))
        .list();
  }

  private static Workflow workflow(ResultSet row) throws SQLException {
    return new Workflow(
        row.getString("name"),
        row.getInt("revision"),
        row.getString("source"),
        Rows.time(row, "created_at"));
  }

  @Override
  public Optional<Workflow> addRevision(String name, int after, String source) {
    return transactions.write(session -> {
      List<Workflow> before = revisions(session, name);
      if (after != (before.isEmpty() ? 0 : before.getFirst().revision())) {
        return Optional.empty();
      }
      int added =
          session
              .update(
                  """
                  INSERT INTO workflows (name, revision, source, created_at)
                  VALUES (:name, :revision, :source, {now}) ON CONFLICT DO NOTHING
                  """)
              .bind("name", name)
              .bind("revision", after + 1)
              .bind("source", source)
              .execute();
      return added == 1
          ? Optional.of(revisions(session, name).getFirst())
          : Optional.<Workflow>empty();
    });
  }

  // Keys

  @Override
  public List<ApiKey> keys() {
    return transactions.read(session ->
        session
            .query("SELECT * FROM api_keys ORDER BY created_at, id")
            .map((row, context) -> key(row))
            .list());
  }

  @Override
  public Optional<ApiKey> keyOfDigest(String digest) {
    return transactions.read(session ->
        session
            .query("SELECT * FROM api_keys WHERE digest = :digest")
            .bind("digest", digest)
            .map((row, context) -> key(row))
            .findOne());
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getString("id"),
        row.getString("name"),
        row.getString("digest"),
        Arrays.stream(row.getString("scopes").split(" "))
            .filter(word -> !word.isEmpty())
            .map(Scope::valueOf)
            .collect(Collectors.toSet()),
        Rows.time(row, "created_at"),
        Rows.timeIfAny(row, "expires_at"),
        Rows.timeIfAny(row, "revoked_at"),
        Rows.timeIfAny(row, "used_at"));
  }

  @Override
  public void addKey(ApiKey key) {
    int added =
        transactions.write(session ->
            session
                .update(
                    """
                    INSERT INTO api_keys (id, name, digest, scopes, created_at, expires_at,
                        revoked_at, used_at)
                    VALUES (:id, :name, :digest, :scopes, :created, :expires, :revoked, :used)
                    ON CONFLICT DO NOTHING
                    """)
                .bind("id", key.id())
                .bind("name", key.name())
                .bind("digest", key.digest())
                .bind(
                    "scopes",
                    key.scopes().stream()
                        .map(Scope::name)
                        .sorted()
                        .collect(Collectors.joining(" ")))
                .bind("created", key.createdAt().toEpochMilli())
                .bind("expires", Rows.millis(key.expiresAt()))
                .bind("revoked", Rows.millis(key.revokedAt()))
                .bind("used", Rows.millis(key.usedAt()))
                .execute());
    if (added != 1) {
      throw new IllegalArgumentException("there is a key %s already".formatted(key.id()));
    }
  }

  @Override
  public boolean revokeKey(String id, Instant at) {
    return changeKey("revoked_at = :at", "revoked_at IS NULL", id, at);
  }

  @Override
  public void usedKey(String id, Instant at) {
    var _ = changeKey("used_at = :at", "TRUE", id, at);
  }

  private boolean changeKey(String change, String guard, String id, Instant at) {
    return transactions.write(session ->
        session
                .update("UPDATE api_keys SET %s WHERE id = :id AND %s".formatted(change, guard))
                .bind("id", id)
                .bind("at", at.toEpochMilli())
                .execute()
            == 1);
  }

  // Answers given before

  @Override
  public Reserved reserve(String owner, String key, String digest) {
    return transactions.write(session -> AnswerRows.reserve(session, owner, key, digest));
  }

  @Override
  public void answered(String owner, String key, Answer answer) {
    int _ = transactions.write(session -> AnswerRows.keep(session, owner, key, answer));
  }

  @Override
  public void free(String owner, String key) {
    int _ = transactions.write(session -> AnswerRows.free(session, owner, key));
  }
}
