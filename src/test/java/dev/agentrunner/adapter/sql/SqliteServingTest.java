package dev.agentrunner.adapter.sql;

import static dev.agentrunner.testing.Orders.ANN;
import static dev.agentrunner.testing.Orders.LEASE;
import static dev.agentrunner.testing.Orders.append;
import static dev.agentrunner.testing.Orders.history;
import static dev.agentrunner.testing.Orders.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.testing.Orders;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of SQLite that a server has. */
final class SqliteServingTest {

  @TempDir private Path folder;

  @Test
  void a_second_server_on_the_same_file_is_refused_until_the_first_has_ended() {
    String url = "sqlite:" + folder.resolve("server.db");
    try (Database first = Database.serving(url)) {
      assertThatThrownBy(() -> Database.serving(url))
          .isInstanceOf(EnvironmentException.class)
          .hasMessageContaining("Another server or worker uses " + url);
      // Such as to make a key.
      try (Database beside = Database.open(url)) {
        assertThat(beside.registry().keys()).isEmpty();
      }
      assertThat(first.runs().workers()).isEmpty();
    }
    Database.serving(url).close();
  }

  @Test
  void a_copy_made_while_it_is_written_has_no_gaps_and_goes_on() throws Exception {
    Path copy = folder.resolve("copy.db");
    var begun = new CountDownLatch(200);
    try (Database database = Database.open("sqlite:" + folder.resolve("server.db"))) {
      database.runs().submit(id(1), Orders.of("shop"));
      Lease lease = database.runs().claim(id(1), ANN, LEASE).orElseThrow();
      append(database.runs(), lease, Orders.started());
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                  append(database.runs(), lease, new RunWarned("still there"));
                  begun.countDown();
                }
              });
      begun.await();
      backUp(folder.resolve("server.db"), copy);
      writer.interrupt();
      writer.join();
    }

    try (Database restored = Database.serving("sqlite:" + copy)) {
      List<Recorded> events = history(restored.runs(), id(1));
      assertThat(events).hasSizeGreaterThan(200);
      assertThat(events.stream().map(Recorded::seq).toList())
          .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
      assertThat(restored.runs().run(id(1)).orElseThrow().seq()).isEqualTo(events.size());
    }
  }

  private static void backUp(Path file, Path copy) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.prepareStatement("VACUUM INTO ?")) {
      statement.setString(1, copy.toString());
      statement.execute();
    }
  }
}
