package dev.agentrunner.adapter.sql;

import static dev.agentrunner.testing.Orders.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.testing.Orders;
import dev.agentrunner.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class SqliteTransactionsTest {

  @TempDir private Path folder;

  private final SettableClock clock = new SettableClock();
  private Path file;
  private Database database;

  @BeforeEach
  void open() {
    file = folder.resolve("a folder/runs.db");
    database = Database.open(new Address.Sqlite(file), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void work_that_fails_takes_back_itself_and_nothing_else() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        all.add(threads.submit(() -> submittedIfEven(number)));
      }
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).get()).isEqualTo(i % 2 == 0);
      }
    }

    assertThat(database.runs().runs(RunFilter.ALL, Optional.empty(), 500).items())
        .hasSize(100)
        .allMatch(run -> run.id().value().charAt(14) % 2 == 0);
  }

  private boolean submittedIfEven(int number) {
    var odd = new IllegalStateException("odd");
    try {
      return database
          .transactions()
          .write(session -> {
            boolean added = RunRows.add(session, id(number), Orders.of("shop"));
            if (number % 2 == 1) {
              throw odd;
            }
            return added;
          });
    } catch (IllegalStateException e) {
      assertThat(e).isSameAs(odd);
      return false;
    }
  }

  @Test
  void a_clock_that_goes_back_is_held() {
    Instant before = database.runs().now();

    clock.set(before.minus(Duration.ofHours(2)));

    assertThat(database.runs().now()).isEqualTo(before);
    clock.set(before.plusMillis(1));
    assertThat(database.runs().now()).isEqualTo(before.plusMillis(1));
  }

  @Test
  void a_closed_database_says_so() {
    database.close();

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> database.runs().submit(id(1), Orders.of("shop")))
        .withMessageContaining("runs.db was closed");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void the_file_is_its_owners_alone() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file.getParent()).isDirectory();
  }
}
