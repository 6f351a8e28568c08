package dev.agentrunner.adapter.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.files.FileEventLog.Reading;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.testing.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFoldersTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:15:30.999Z");
  private static final RunId FIRST = new RunId("20261121-101530-0001");
  private static final RunId SECOND = new RunId("20261121-101531-0000");

  /** Gives 7f3a. */
  private static final RandomGenerator FIXED = () -> 0x7f3aL << 32;

  @TempDir private Path project;
  private RunFolders folders;

  @BeforeEach
  void open() {
    folders = new RunFolders(project);
  }

  private static RunEvent started(String list) {
    return new RunStarted(list, List.of(), "claude", "", "1.0");
  }

  private void begin(RunId run, RunEvent event) {
    try (var log = new FileEventLog(folders, Reading.CHECKED)) {
      log.append(run, List.of(Samples.recorded(1, event)));
    }
  }

  @Test
  void an_id_tells_when_its_run_began() {
    assertThat(folders.next(NOW, FIXED)).isEqualTo(new RunId("20261121-101530-7f3a"));
  }

  @Test
  void ids_sort_in_the_order_of_their_runs_whatever_the_clock_says() throws Exception {
    var random = new Random(5);
    Instant now = NOW;
    RunId last = new RunId("0");
    for (int i = 0; i < 200; i++) {
      now = now.plusMillis(random.nextLong(-5_000, 5_000));
      RunId next = folders.next(now, random);

      assertThat(next).isGreaterThan(last);
      Files.createDirectories(folders.folder(next));
      last = next;
    }
  }

  @Test
  void a_folder_with_a_name_of_its_own_does_not_lead_ids_astray() throws Exception {
    Files.createDirectories(folders.folder(new RunId("zzz")));
    Files.createDirectories(folders.home().resolve("runs/not an id"));
    Files.createDirectories(folders.folder(new RunId("20261121-101530-7f3a-copy")));

    assertThat(folders.next(NOW, FIXED)).isEqualTo(new RunId("20261121-101531-7f3a"));
  }

  @Test
  void runs_are_listed_newest_first_if_they_have_a_log() throws Exception {
    assertThat(folders.newestFirst()).isEmpty();
    begin(FIRST, started("tasks.yml"));
    begin(SECOND, started("tasks.yml"));
    Files.createDirectories(folders.folder(new RunId("20261121-101532-0000")));

    assertThat(folders.newestFirst()).containsExactly(SECOND, FIRST);
  }

  @Test
  void the_newest_run_of_a_list_is_found_by_its_first_event() throws Exception {
    RunId damaged = new RunId("20261121-101533-0000");
    begin(FIRST, started("tasks.yml"));
    begin(SECOND, started("other.yml"));
    begin(damaged, started("tasks.yml"));
    Files.writeString(folders.events(damaged), "rubbish\n");

    assertThat(folders.newestOf("tasks.yml")).contains(FIRST);
    assertThat(folders.newestOf("other.yml")).contains(SECOND);
    assertThat(folders.newestOf("none.yml")).isEmpty();
    assertThat(folders.first(FIRST)).contains(Samples.recorded(1, started("tasks.yml")));
    assertThat(folders.first(damaged)).isEmpty();
    assertThat(folders.first(new RunId("unknown"))).isEmpty();
  }

  @Test
  void a_file_that_is_kept_takes_the_place_of_the_one_before() {
    folders.keep(FIRST, "report.md", "old".getBytes(UTF_8));
    folders.keep(FIRST, "report.md", "new".getBytes(UTF_8));

    assertThat(folders.folder(FIRST).resolve("report.md")).hasContent("new");
    assertThat(folders.folder(FIRST)).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void what_the_newest_run_had_half_written_when_it_died_is_removed() throws Exception {
    folders.removeLeftOvers();
    folders.keep(FIRST, "report.md", "old".getBytes(UTF_8));
    folders.keep(SECOND, "report.md", "new".getBytes(UTF_8));
    Path cut = Files.writeString(folders.folder(SECOND).resolve("changes.diff.tmp"), "+ha");

    folders.removeLeftOvers();

    assertThat(cut).doesNotExist();
    assertThat(folders.folder(SECOND).resolve("report.md")).hasContent("new");
  }
}
