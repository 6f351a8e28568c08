package dev.agentrunner.adapter.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.port.EnvironmentException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectLockTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:15:30.123Z");
  private static final long PID = ProcessHandle.current().pid();

  @TempDir private Path project;
  private final List<Contender> contenders = new ArrayList<>();
  private RunFolders folders;

  @BeforeEach
  void open() {
    folders = new RunFolders(project);
  }

  @AfterEach
  void end() throws Exception {
    for (Contender contender : contenders) {
      contender.kill();
    }
  }

  @Test
  void a_second_run_is_told_who_has_the_lock() throws Exception {
    try (ProjectLock lock = ProjectLock.take(folders, NOW)) {
      String answer = contender().answer();

      assertThat(lock.stillOurs()).isTrue();
      assertThat(answer)
          .startsWith("refused: Another run holds " + folders.home().resolve("lock"))
          .contains("(pid " + PID + " on ")
          .contains(" since 2026-11-21T10:15:30Z)");
    }
    assertThat(contender().answer()).isEqualTo("taken");
    assertThat(folders.home().resolve("lock")).exists();
  }

  @Test
  void a_second_run_in_the_same_process_is_refused_and_does_not_break_the_lock() throws Exception {
    try (ProjectLock lock = ProjectLock.take(folders, NOW)) {
      refuses("this very process");
      refuses("this very process");

      assertThat(lock.stillOurs()).isTrue();
      assertThat(contender().answer()).startsWith("refused:");
    }
    ProjectLock.take(folders, NOW).close();
  }

  @Test
  void a_run_that_is_killed_leaves_no_lock() throws Exception {
    Contender first = contender();
    assertThat(first.answer()).isEqualTo("taken");
    refuses("pid " + first.process.pid() + " on ");

    first.kill();

    ProjectLock.take(folders, NOW).close();
  }

  @Test
  void who_has_the_lock_can_be_asked_without_taking_it() throws Exception {
    assertThat(ProjectLock.holder(folders)).isEmpty();
    assertThat(folders.home()).doesNotExist();

    Contender first = contender();
    assertThat(first.answer()).isEqualTo("taken");
    assertThat(ProjectLock.holder(folders).orElseThrow())
        .startsWith("pid " + first.process.pid() + " on ");
    refuses("pid " + first.process.pid() + " on ");

    first.kill();

    assertThat(ProjectLock.holder(folders)).isEmpty();
    try (ProjectLock lock = ProjectLock.take(folders, NOW)) {
      assertThat(ProjectLock.holder(folders)).contains("this very process");
      assertThat(lock.stillOurs()).isTrue();
      assertThat(contender().answer()).startsWith("refused:");
    }
    assertThat(ProjectLock.holder(folders)).isEmpty();
  }

  @Test
  void of_several_runs_started_at_once_one_gets_the_lock() throws Exception {
    for (int i = 0; i < 4; i++) {
      contender();
    }
    List<String> answers = new ArrayList<>();
    for (Contender contender : contenders) {
      answers.add(contender.answer());
    }

    assertThat(answers).filteredOn("taken"::equals).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.startsWith("refused: Another run")).hasSize(3);
  }

  @Test
  void a_lock_whose_file_was_deleted_or_replaced_is_no_longer_ours() throws Exception {
    Path file = folders.home().resolve("lock");
    try (ProjectLock lock = ProjectLock.take(folders, NOW)) {
      Files.move(file, folders.home().resolve("elsewhere"));
      assertThat(lock.stillOurs()).isFalse();

      Files.writeString(file, "");
      assertThat(lock.stillOurs()).isFalse();
    }
  }

  @Test
  void a_folder_that_cannot_be_written_to_is_named() throws Exception {
    Path inTheWay = Files.writeString(project.resolve("file"), "");

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> ProjectLock.take(new RunFolders(inTheWay), NOW))
        .withMessageContaining("Cannot write " + inTheWay.resolve(".agent-runner/lock"));
  }

  @Test
  void a_disk_that_is_read_only_is_named() throws Exception {
    try (SmallDisk disk = SmallDisk.mounted("ro")) {
      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(() -> ProjectLock.take(new RunFolders(disk.folder()), NOW))
          .withMessageContaining("Read-only file system")
          .withMessageContaining("work in a folder that can be written to");
    }
  }

  private void refuses(String saying) {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> ProjectLock.take(folders, NOW))
        .withMessageContaining(saying);
  }

  private Contender contender() throws IOException {
    var contender = new Contender(project);
    contenders.add(contender);
    return contender;
  }

  /** Another process that wants the lock, and keeps it until it is killed. */
  private static final class Contender {

    private final Process process;
    private final BufferedReader out;

    Contender(Path project) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LockContender.class.getName(),
                  project.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      out = process.inputReader(UTF_8);
    }

    String answer() throws IOException {
      return out.readLine();
    }

    void kill() throws InterruptedException {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
