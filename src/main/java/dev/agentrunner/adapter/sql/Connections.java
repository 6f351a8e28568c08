package dev.agentrunner.adapter.sql;

import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** New connections, by the driver. */
final class Connections {

  private Connections() {}

  static DataSource to(Address address) {
    return switch (address) {
      case Address.Sqlite sqlite -> SqliteFiles.source(sqlite);
      case Address.Postgresql postgresql -> to(postgresql);
    };
  }

  private static DataSource to(Address.Postgresql address) {
    var source = new PGSimpleDataSource();
    source.setUrl(address.jdbc());
    if (!address.user().isEmpty()) {
      source.setUser(address.user());
    }
    if (!address.password().isEmpty()) {
      // Without one the driver looks into ~/.pgpass.
      source.setPassword(address.password());
    }
    source.setApplicationName("agent-runner");
    return source;
  }
}
