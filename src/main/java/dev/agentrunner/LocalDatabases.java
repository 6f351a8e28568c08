package dev.agentrunner;

import dev.agentrunner.adapter.sql.Copy;
import dev.agentrunner.adapter.sql.Migration;
import dev.agentrunner.cli.Databases;
import java.util.function.Consumer;

/** The databases of {@code adapter.sql}. */
final class LocalDatabases implements Databases {

  @Override
  public Migrated migrate(String url) {
    Migration.Report report = Migration.of(url);
    return new Migrated(report.version(), report.steps());
  }

  @Override
  public Copied copy(String from, String to, Consumer<String> progress) {
    Copy.Report report = Copy.of(from, to, progress);
    return new Copied(report.runs(), report.events());
  }
}
