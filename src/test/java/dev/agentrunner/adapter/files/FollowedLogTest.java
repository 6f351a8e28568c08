package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.adapter.files.FileEventLog.Reading;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EnvironmentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FollowedLogTest {

  private static final RunId RUN = new RunId("20261121-101530-7f3a");

  @TempDir private Path project;

  private static Recorded event(int seq) {
    return new Recorded(
        seq, Instant.parse("2026-11-21T10:00:00Z"), new RunEvent.RunWarned("event " + seq));
  }

  private static List<Recorded> more(FollowedLog followed) {
    List<Recorded> seen = new ArrayList<>();
    followed.more(seen::add);
    return seen;
  }

  @Test
  void each_event_is_handed_on_once_as_it_comes() {
    var folders = new RunFolders(project);
    try (var log = new FileEventLog(folders, Reading.CHECKED)) {
      log.append(RUN, List.of(event(1), event(2)));
      try (FollowedLog followed = FollowedLog.of(folders, RUN)) {
        assertThat(more(followed)).containsExactly(event(1), event(2));
        assertThat(more(followed)).isEmpty();

        log.append(RUN, List.of(event(3)));
        assertThat(more(followed)).containsExactly(event(3));
      }
    }
  }

  @Test
  void a_line_that_is_still_being_written_comes_when_it_is_whole() throws Exception {
    var folders = new RunFolders(project);
    try (var log = new FileEventLog(folders, Reading.CHECKED)) {
      log.append(RUN, List.of(event(1), event(2)));
    }
    Path file = folders.events(RUN);
    String whole = Files.readString(file);
    int cut = whole.length() - 20;
    Files.writeString(file, whole.substring(0, cut));
    try (FollowedLog followed = FollowedLog.of(folders, RUN)) {
      assertThat(more(followed)).containsExactly(event(1));

      Files.writeString(file, whole.substring(cut), StandardOpenOption.APPEND);
      assertThat(more(followed)).containsExactly(event(2));
    }
  }

  @Test
  void a_run_that_has_no_log_is_named() {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> FollowedLog.of(new RunFolders(project), RUN).close())
        .withMessageContaining("events.jsonl");
  }
}
