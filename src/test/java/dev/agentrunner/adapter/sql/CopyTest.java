package dev.agentrunner.adapter.sql;

import static dev.agentrunner.testing.Orders.ANN;
import static dev.agentrunner.testing.Orders.LEASE;
import static dev.agentrunner.testing.Orders.append;
import static dev.agentrunner.testing.Orders.history;
import static dev.agentrunner.testing.Orders.id;
import static dev.agentrunner.testing.Orders.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.run.RunEvent.RunCompleted;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.testing.Orders;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CopyTest {

  private static final RunId ENDED = id(1);
  private static final RunId GOING = id(2);
  private static final RunId QUEUED = id(3);

  @TempDir private Path folder;

  private final List<String> told = new ArrayList<>();
  private String source;

  @BeforeEach
  void fill() {
    source = "sqlite:" + folder.resolve("source.db");
    try (Database database = Database.open(source)) {
      database.registry().addProject("shop", "/srv/shop");
      database.registry().addRevision("nightly", 0, "a: 1\n");
      database.runs().submit(ENDED, Orders.of("shop", Map.of("team", "a")));
      Lease lease = database.runs().claim(ENDED, ANN, LEASE).orElseThrow();
      append(database.runs(), lease, started(), new RunWarned("long ".repeat(50_000)));
      for (int i = 0; i < 1_200; i++) {
        append(database.runs(), lease, new RunWarned("no " + i));
      }
      append(database.runs(), lease, new RunCompleted());
      database.runs().submit(GOING, Orders.of("blog"));
      Lease going = database.runs().claim(GOING, ANN, LEASE).orElseThrow();
      append(database.runs(), going, started());
      database.runs().command(GOING, new Wish.Tell(Optional.empty(), "be quick"), "me");
      database.runs().submit(QUEUED, Orders.of("blog"));
    }
  }

  @Test
  void a_copy_in_postgresql_is_the_same_and_goes_on() {
    Address.Postgresql target = PostgresqlServer.newDatabase();

    String url = target.jdbc() + "?user=postgres&password=postgres";
    isCopied(url);
    assertThat(Copy.of(url, "sqlite:" + folder.resolve("back.db"), told::add).runs()).isEqualTo(3);
  }

  @Test
  void a_copy_in_another_file_is_the_same_and_goes_on() {
    isCopied("sqlite:" + folder.resolve("target.db"));
  }

  private void isCopied(String target) {
    assertThat(Copy.of(source, target, told::add)).isEqualTo(new Copy.Report(3, 1_204));
    assertThat(Copy.of(source, target, told::add)).isEqualTo(new Copy.Report(3, 1_204));
    assertThat(told).filteredOn(line -> line.startsWith("copied")).hasSize(3);

    try (Database left = Database.open(source);
        Database right = Database.open(target)) {
      for (RunId run : List.of(ENDED, GOING, QUEUED)) {
        assertThat(history(right.runs(), run)).isEqualTo(history(left.runs(), run));
        assertThat(right.runs().open(run)).isEqualTo(left.runs().open(run));
        assertThat(unheld(right, run)).isEqualTo(unheld(left, run));
      }
      assertThat(right.registry().projects()).isEqualTo(left.registry().projects());
      assertThat(right.registry().workflows()).isEqualTo(left.registry().workflows());
      assertThat(right.runs().runs(labeled(), Optional.empty(), 5).items()).hasSize(1);
      Lease taken = right.runs().claim(GOING, ANN, LEASE).orElseThrow();
      append(right.runs(), taken, new RunWarned("goes on"), new RunCompleted());
    }
  }

  private static RunFilter labeled() {
    return new RunFilter(
        Set.of(), Set.of(), Map.of("team", "a"), Optional.empty(), Optional.empty());
  }

  private static RunRecord unheld(Database database, RunId id) {
    RunRecord run = database.runs().run(id).orElseThrow();
    return new RunRecord(
        run.id(),
        run.order(),
        run.labels(),
        run.version(),
        run.mark(),
        run.canceling(),
        run.seq(),
        run.createdAt(),
        run.startedAt(),
        run.endedAt(),
        Optional.empty());
  }

  @Test
  void a_log_that_was_tampered_with_is_found() throws SQLException {
    try (Connection connection = Connections.to(Address.parse(source)).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE events SET line = CAST(replace(line, 'no 7\"', 'no 8\"') AS BLOB)"
              + " WHERE seq = 10");
    }

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> Copy.of(source, "sqlite:" + folder.resolve("target.db"), told::add))
        .withMessageContaining(ENDED.value())
        .withMessageContaining("event 11 does not follow");
  }

  @Test
  void a_database_with_other_runs_is_refused() {
    String other = "sqlite:" + folder.resolve("other.db");
    try (Database database = Database.open(other)) {
      database.runs().submit(id(99), Orders.of("shop"));
    }

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> Copy.of(source, other, told::add));
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> Copy.of(source, source, told::add));
  }

  @Test
  void a_database_that_is_worked_on_is_refused() {
    try (Database database = Database.open(source)) {
      database.runs().enlist(Orders.worker(ANN));
    }

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> Copy.of(source, "sqlite:" + folder.resolve("target.db"), told::add))
        .withMessageContaining(ANN.value());
  }
}
