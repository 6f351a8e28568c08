package dev.agentrunner.adapter.sql;

import static dev.agentrunner.testing.Orders.ANN;
import static dev.agentrunner.testing.Orders.BEN;
import static dev.agentrunner.testing.Orders.LEASE;
import static dev.agentrunner.testing.Orders.append;
import static dev.agentrunner.testing.Orders.history;
import static dev.agentrunner.testing.Orders.id;
import static dev.agentrunner.testing.Orders.recorded;
import static dev.agentrunner.testing.Orders.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.EventLog.LostRunException;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.testing.Orders;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One PostgreSQL and two processes, as far as the database can tell. */
final class SharedPostgresqlTest {

  private static final String KILL_ALL =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          + " WHERE datname = current_database() AND pid <> pg_backend_pid()";

  private static Address.Postgresql address;

  private Database here;
  private Database there;

  @BeforeAll
  static void start() {
    address = PostgresqlServer.newDatabase();
  }

  @BeforeEach
  void open() {
    here = Database.open(address, Database.DATABASE_CLOCK);
    there = Database.open(address, Database.DATABASE_CLOCK);
    PostgresqlServer.execute(address, "TRUNCATE runs, events");
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  @Test
  void what_one_writes_the_other_is_told() throws InterruptedException {
    BlockingQueue<Recorded> told = new LinkedBlockingQueue<>();
    RunStore.Subscription subscription =
        there.runs().onAppend((run, events) -> told.addAll(events));
    here.runs().submit(id(1), Orders.of("shop"));
    Lease lease = here.runs().claim(id(1), ANN, LEASE).orElseThrow();

    append(here.runs(), lease, started());
    append(here.runs(), lease, new RunWarned("2"), new RunWarned("3"));
    Orders.runThrough(here.runs(), id(2), "blog", ANN);

    for (int i = 0; i < 6; i++) {
      assertThat(told.poll(30, TimeUnit.SECONDS)).isNotNull();
    }
    subscription.close();
    assertThat(told).isEmpty();
  }

  @Test
  void a_run_changes_hands_from_one_to_the_other() {
    here.runs().submit(id(1), Orders.of("shop"));
    Lease old = here.runs().claim(id(1), ANN, Duration.ZERO).orElseThrow();

    Lease taken = there.runs().claim(id(1), BEN, LEASE).orElseThrow();

    assertThatExceptionOfType(LostRunException.class)
        .isThrownBy(() -> append(here.runs(), old, started()));
    append(there.runs(), taken, started());
  }

  @Test
  void a_cut_connection_is_told_and_the_next_call_works() {
    here.runs().submit(id(1), Orders.of("shop"));
    Lease lease = here.runs().claim(id(1), ANN, LEASE).orElseThrow();
    var log = here.runs().log(lease);
    int written = 0;
    for (int i = 0; i < 20; i++) {
      PostgresqlServer.execute(address, KILL_ALL);
      Recorded next = recorded(written + 1L, new RunWarned("no " + i));
      try {
        log.append(id(1), List.of(next));
        written++;
      } catch (EnvironmentException e) {
        assertThat(e).hasMessageContaining("postgresql://localhost").hasMessageContaining("test");
        assertThat(e).hasMessageNotContaining("postgres:postgres");
        // It may have been written all the same: whoever goes on looks first.
        written = (int) here.runs().run(id(1)).orElseThrow().seq();
      }
    }

    List<Recorded> events = history(here.runs(), id(1));
    assertThat(events).hasSize(written).isNotEmpty();
    for (int i = 0; i < written; i++) {
      assertThat(events.get(i).seq()).isEqualTo(i + 1L);
    }
  }

  @Test
  void a_database_that_is_not_there_is_told_without_its_password() {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> Database.open("postgresql://ann:s3cret@localhost:1/runs"))
        .withMessageContaining("postgresql://localhost:1/runs")
        .withMessageNotContaining("s3cret");
  }
}
