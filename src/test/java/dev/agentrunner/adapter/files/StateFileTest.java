package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.adapter.files.FileEventLog.Reading;
import dev.agentrunner.adapter.files.StateFile.Found;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.testing.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFileTest {

  private static final RunEvent STARTED =
      new RunEvent.RunStarted("tasks.yml", List.of(), "claude", "", "1.0");

  @TempDir private Path project;
  private RunFolders folders;
  private StateFile file;

  @BeforeEach
  void open() {
    folders = new RunFolders(project);
    file = new StateFile(folders);
  }

  private Path path() {
    return folders.home().resolve("state.json");
  }

  private static RunState state(int seq) {
    RunState empty = RunState.empty(Samples.RUN);
    return new RunState(
        Samples.RUN,
        seq,
        Instant.EPOCH,
        empty.status(),
        empty.started(),
        empty.pause(),
        empty.tasks(),
        0,
        empty.granted(),
        empty.usage(),
        empty.closed());
  }

  private void log() {
    try (var log = new FileEventLog(folders, Reading.CHECKED)) {
      log.append(Samples.RUN, List.of(Samples.recorded(1, STARTED)));
    }
  }

  private int seq() {
    return (int) ((Found.State) file.read()).state().seq();
  }

  @Test
  void a_state_is_found_as_it_was_written() {
    log();
    assertThat(file.read()).isEqualTo(new Found.Nothing());

    RunState state = RunState.empty(Samples.RUN).after(Samples.recorded(1, STARTED));
    file.offer(state, true);

    assertThat(file.read()).isEqualTo(new Found.State(state));
    assertThat(folders.home()).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void long_texts_of_a_state_are_kept_with_the_run() throws Exception {
    log();
    RunState begun = RunState.empty(Samples.RUN).after(Samples.recorded(1, STARTED));
    RunState failed = begun.after(Samples.recorded(2, new RunEvent.RunFailed("x".repeat(200_000))));
    file.offer(failed, true);

    assertThat(Files.size(path())).isLessThan(2_000);
    assertThat(file.read()).isEqualTo(new Found.State(failed));
  }

  @Test
  void a_state_without_its_log_says_so() {
    file.offer(state(3), true);

    assertThat(file.read()).isEqualTo(new Found.WithoutLog(state(3)));
  }

  @Test
  void a_damaged_state_is_as_good_as_none() throws Exception {
    log();
    file.offer(state(3), true);
    String text = Files.readString(path());
    for (String damaged :
        List.of("", "{", text.substring(0, text.length() - 1), text.replace("queued", "lost"))) {
      Files.writeString(path(), damaged);

      assertThat(file.read())
          .isInstanceOfSatisfying(
              Found.Damaged.class,
              found -> assertThat(found.why()).contains(path() + " is damaged"));
    }
  }

  @Test
  void the_state_of_a_newer_version_is_left_alone() throws Exception {
    log();
    file.offer(state(3), true);
    Files.writeString(path(), Files.readString(path()).replace("\"v\":1", "\"v\":2"));

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(file::read)
        .withMessageContaining("A newer agent-runner wrote " + path());
  }

  @Test
  void writing_takes_less_than_a_twentieth_of_the_time() {
    // Every look at this clock takes 10 ms: one for an offer that is turned down, two for one that
    // is taken, of which the second is spent on writing.
    var nanos = new AtomicLong();
    var looks = new AtomicLong();
    var busy =
        new StateFile(
            folders,
            () -> {
              looks.incrementAndGet();
              return nanos.addAndGet(10_000_000);
            });
    int offers = 400;

    for (int i = 1; i <= offers; i++) {
      busy.offer(state(i), false);
    }

    long written = looks.get() - offers;
    assertThat(written / (double) looks.get()).isBetween(0.04, 0.05);
  }

  @Test
  void the_beginning_a_pause_and_the_end_are_always_written() {
    log();
    var still = new StateFile(folders, () -> 0);
    var paused = new RunEvent.RunPaused(PauseReason.QUOTA, "", Optional.empty());
    var inBetween = new RunEvent.TaskStarted(new TaskId("T1"));
    var slow = new AtomicLong();
    file = new StateFile(folders, () -> slow.addAndGet(1_000_000));

    file.recorded(Samples.recorded(1, STARTED), state(1));
    assertThat(seq()).isEqualTo(1);
    file.recorded(Samples.recorded(2, inBetween), state(2));
    assertThat(seq()).isEqualTo(1);
    file.recorded(Samples.recorded(3, paused), state(3));
    assertThat(seq()).isEqualTo(3);
    file.recorded(Samples.recorded(4, new RunEvent.RunCompleted()), state(4));
    assertThat(seq()).isEqualTo(4);
    still.offer(state(5), false);
    assertThat(seq()).isEqualTo(5);
  }

  @Test
  void what_a_crash_left_half_written_is_removed() throws Exception {
    file.offer(state(1), true);
    Path left = Files.writeString(folders.home().resolve("state.json.tmp"), "{\"half");

    assertThat(file.read()).isEqualTo(new Found.WithoutLog(state(1)));
    file.removeLeftOvers();

    assertThat(left).doesNotExist();
    file.removeLeftOvers();
  }

  @Test
  void a_disk_that_is_full_leaves_the_old_state_and_does_not_stop_the_run() throws Exception {
    try (SmallDisk disk = SmallDisk.mounted("size=64k")) {
      var there = new StateFile(new RunFolders(disk.folder()));
      there.offer(state(1), true);
      Files.write(disk.folder().resolve("fill"), new byte[52 * 1024]);
      RunState large = large();

      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(() -> there.offer(large, true))
          .withMessageContaining("No space left on device");
      assertThatCode(() -> there.recorded(Samples.recorded(1, STARTED), large))
          .doesNotThrowAnyException();
      assertThat(there.read()).isEqualTo(new Found.WithoutLog(state(1)));
    }
  }

  private static RunState large() {
    RunState begun = RunState.empty(Samples.RUN).after(Samples.recorded(1, STARTED));
    return begun.after(Samples.recorded(2, new RunEvent.RunFailed("x".repeat(60_000))));
  }
}
