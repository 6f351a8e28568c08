package dev.agentrunner.adapter.sql;

import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/** Jdbi as it is used here: statements are sent as they stand. */
final class PlainJdbi {

  private PlainJdbi() {}

  static Jdbi of(DataSource source) {
    Jdbi jdbi = Jdbi.create(source);
    jdbi.getConfig(SqlStatements.class)
        .setTemplateEngine(TemplateEngine.NOP)
        // Each may name the time.
        .setUnusedBindingAllowed(true);
    return jdbi;
  }
}
