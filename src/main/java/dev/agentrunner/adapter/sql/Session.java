package dev.agentrunner.adapter.sql;

import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/**
 * Statements of one transaction. In their text <code>{now}</code> stands for the store's time in
 * milliseconds, and <code>{lock}</code> for what holds back other writers of a selected row.
 */
final class Session {

  private final Handle handle;
  private final Words words;
  private final long now;

  /**
   * How a database says it.
   *
   * @param now may name {@code :now}, the time of the process
   */
  record Words(String now, String lock) {}

  /**
   * @param now of the process; not used where the database has the time
   */
  Session(Handle handle, Words words, long now) {
    this.handle = handle;
    this.words = words;
    this.now = now;
  }

  Query query(String sql) {
    return handle.createQuery(said(sql)).bind("now", now);
  }

  Update update(String sql) {
    return handle.createUpdate(said(sql)).bind("now", now);
  }

  PreparedBatch batch(String sql) {
    return handle.prepareBatch(sql);
  }

  Instant now() {
    return Instant.ofEpochMilli(query("SELECT {now}").mapTo(Long.class).one());
  }

  private String said(String sql) {
    return sql.replace("{now}", words.now()).replace("{lock}", words.lock());
  }
}
