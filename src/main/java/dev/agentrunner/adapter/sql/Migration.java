package dev.agentrunner.adapter.sql;

import dev.agentrunner.port.EnvironmentException;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;

/** Brings the tables of a database to the form that this version wants. */
public final class Migration {

  private final Address address;
  private final Flyway flyway;

  /**
   * What was found, or done.
   *
   * @param version of the tables now; empty if there are none
   * @param steps that were taken, or are to be taken, the first first
   */
  public record Report(String version, List<String> steps) {

    public Report {
      steps = List.copyOf(steps);
    }
  }

  Migration(Address address, DataSource source) {
    this.address = address;
    this.flyway =
        Flyway.configure()
            .dataSource(source)
            .resourceProvider(new MigrationScripts(address))
            .javaMigrationClassProvider(List::of)
            .load();
  }

  /**
   * Brings a database to the form that this version wants, also where other processes may have it
   * open: they are to be stopped before.
   *
   * @param url as {@link Database#open} takes it
   */
  public static Report of(String url) {
    Address address = Address.parse(url);
    if (address instanceof Address.Sqlite sqlite) {
      SqliteFiles.create(sqlite);
    }
    return new Migration(address, Connections.to(address)).run();
  }

  /**
   * What is to be done.
   *
   * @throws EnvironmentException if the tables are newer than this version, or were changed by hand
   */
  Report pending() {
    try {
      MigrationInfoService info = flyway.info();
      MigrationInfo current = info.current();
      List<MigrationInfo> unknown =
          Stream.of(info.applied()).filter(step -> !step.getState().isResolved()).toList();
      if (!unknown.isEmpty()) {
        throw new EnvironmentException(
            "The database %s was made by a newer agent-runner (step %s). Use that one, or another database."
                .formatted(address.shown(), unknown.getFirst().getVersion()));
      }
      return new Report(version(current), names(info.pending()));
    } catch (FlywayException e) {
      throw failed(e);
    }
  }

  /** Takes the steps that are to be taken; those who come meanwhile wait. */
  Report run() {
    List<String> steps = pending().steps();
    try {
      flyway.migrate();
      return new Report(version(flyway.info().current()), steps);
    } catch (FlywayException e) {
      throw failed(e);
    }
  }

  private static String version(@org.jspecify.annotations.Nullable MigrationInfo current) {
    return current == null ? "" : String.valueOf(current.getVersion());
  }

  private static List<String> names(MigrationInfo[] steps) {
    return Stream.of(steps)
        .map(step -> "%s %s".formatted(step.getVersion(), step.getDescription()))
        .toList();
  }

  private EnvironmentException failed(FlywayException e) {
    String why =
        String.valueOf(e.getMessage())
            .lines()
            .filter(line -> !line.isBlank())
            .findFirst()
            .orElse("");
    return new EnvironmentException(
        "The tables of %s cannot be made ready: %s".formatted(address.shown(), why), e);
  }
}
