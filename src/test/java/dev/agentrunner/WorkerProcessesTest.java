package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.sql.Database;
import dev.agentrunner.adapter.sql.PostgresqlServer;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real worker processes that share a PostgreSQL, and die. */
@Timeout(120)
final class WorkerProcessesTest {

  private static final RunId RUN = new RunId("20261121-100000-aaaa");

  @TempDir private Path folder;

  private final List<Process> workers = new ArrayList<>();
  private ProgramDoor door;
  private String url;
  private Database database;

  @BeforeEach
  void open() {
    url = PostgresqlServer.newDatabaseUrl();
    database = Database.open(url);
    door = new ProgramDoor(folder, Script.ofFiles());
    door.write("wait.sh", "echo x >> begun; while test ! -e go; do sleep 0.05; done\n");
    database.registry().addProject("p", door.project().toString());
  }

  @AfterEach
  void close() throws Exception {
    door.write("go", "");
    for (Process worker : workers) {
      worker.descendants().forEach(ProcessHandle::destroyForcibly);
      worker.destroyForcibly().waitFor();
    }
    database.close();
    door.close();
  }

  @Test
  void a_run_of_a_killed_worker_is_gone_on_with_by_another_and_nothing_is_doubled()
      throws Exception {
    submit();
    work();
    until(() -> begun() == 1);
    work();

    workers.getFirst().destroyForcibly().waitFor();
    until(() -> begun() == 2);
    door.write("go", "");
    until(() -> run().status().isFinal());

    assertThat(run().status()).isEqualTo(RunStatus.COMPLETED);
    List<Recorded> events = events();
    assertThat(events).extracting(Recorded::seq).isSorted().doesNotHaveDuplicates();
    assertThat(events.getLast().seq()).isEqualTo(events.size());
    assertThat(events.stream().filter(e -> e.event() instanceof RunEvent.StepInterrupted))
        .hasSize(1);
    assertThat(events.stream().filter(e -> e.event() instanceof RunEvent.ModelAsked)).hasSize(2);
  }

  @Test
  void a_worker_that_is_told_to_end_hands_its_run_on() throws Exception {
    submit();
    work();
    until(() -> begun() == 1);
    work();

    workers.getFirst().destroy();
    assertThat(workers.getFirst().waitFor()).isEqualTo(143);
    until(() -> begun() == 2);
    door.write("go", "");
    until(() -> run().status().isFinal());

    assertThat(run().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(database.runs().workers()).hasSize(1);
  }

  private void submit() {
    database
        .runs()
        .submit(
            RUN,
            new RunOrder(
                "p",
                """
                version: 1
                hooks: {wait: {command: "sh wait.sh", cwd: "."}}
                tasks: [{id: T1, title: T1 does it, pre_hooks: [wait]}]
                """,
                "tasks",
                List.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty()));
  }

  private void work() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.agentrunner.Main",
            "worker",
            "--db",
            url);
    builder.environment().clear();
    builder.environment().putAll(door.environment());
    workers.add(
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("worker-" + workers.size() + ".log").toFile())
            .start());
  }

  private long begun() {
    Path file = door.project().resolve("begun");
    return Files.exists(file) ? door.read("begun").lines().count() : 0;
  }

  private RunRecord run() {
    return database.runs().run(RUN).orElseThrow();
  }

  private List<Recorded> events() {
    List<Recorded> events = new ArrayList<>();
    database.runs().history().read(RUN, 0, events::add);
    return events;
  }

  private static void until(BooleanSupplier there) {
    while (!there.getAsBoolean()) {
      LockSupport.parkNanos(20_000_000);
    }
  }
}
