package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checking a log and playing it again, seen from the front door. */
final class LogChecksTest {

  @TempDir private Path folder;

  private ProgramDoor finished() {
    ProgramDoor door = new ProgramDoor(folder, Script.ofFiles());
    door.tasks("T1, pre_hooks: [pass], post_hooks: [second]", "T2");
    assertThat(door.run("run").exit()).isZero();
    return door;
  }

  @Test
  void a_log_as_it_was_written_is_whole() {
    try (var door = finished()) {
      Outcome verified = door.run("verify", "--log");

      assertThat(verified.exit()).as(verified.err()).isZero();
      assertThat(verified.out())
          .contains("is whole: %d events.".formatted(door.events().size() - 1))
          .containsPattern("digest [0-9a-f]{64}");
    }
  }

  @Test
  void a_line_that_was_changed_is_named() throws IOException {
    try (var door = finished()) {
      Path log = KilledRun.log(door);
      List<String> lines = new ArrayList<>(Files.readAllLines(log));
      lines.set(4, lines.get(4).replaceFirst("\"at\":\"20", "\"at\":\"21"));
      Files.write(log, lines);

      Outcome verified = door.run("verify", "--log");

      assertThat(verified.exit()).isEqualTo(1);
      assertThat(verified.out())
          .contains("is broken", "events.jsonl:6", "it does not follow line 5 as that stands now");
    }
  }

  @Test
  void a_log_that_lost_its_end_is_told_by_the_state() throws IOException {
    try (var door = finished()) {
      Path log = KilledRun.log(door);
      List<String> lines = Files.readAllLines(log);
      Files.write(log, lines.subList(0, lines.size() - 2));

      Outcome verified = door.run("verify", "--log");

      assertThat(verified.exit()).isEqualTo(1);
      assertThat(verified.out()).contains("its end is lost");
    }
  }

  @Test
  void a_torn_last_line_is_no_damage() {
    try (var door = finished()) {
      KilledRun.after("hook.started", door);

      Outcome verified = door.run("verify", "--log");

      assertThat(verified.exit()).isZero();
      assertThat(verified.out()).contains("is whole", "cut off while it was written");
    }
  }

  @Test
  void a_finished_run_decides_the_same_again_without_asking_anybody() {
    try (var door = finished()) {
      int asked = door.provider().requests().size();
      Map<String, String> files = door.files();

      Outcome replayed = door.run("replay", KilledRun.newest(door));

      assertThat(replayed.exit()).as(replayed.out() + replayed.err()).isZero();
      assertThat(replayed.out()).contains("All decisions agree.").doesNotContain(" 0 decisions");
      assertThat(door.provider().requests()).hasSize(asked);
      assertThat(door.files()).as("nothing is written").isEqualTo(files);
    }
  }

  @Test
  void runs_that_stopped_failed_and_were_resumed_decide_the_same_again() {
    try (var door =
        new ProgramDoor(
            folder,
            Script.ofFiles()
                .at("T2", 1, 1, Reaction.limits(7200))
                .at("T2", 1, 2, Reaction.overloads()))) {
      door.tasks(
          "T1, pre_hooks: [ready]",
          "T2, post_hooks: [fail], max_attempts: 2",
          "T3, depends_on: [T2]");
      assertThat(door.run("run").exit()).isEqualTo(4);
      door.write("ready", "");
      assertThat(door.run("resume").exit()).isEqualTo(75);
      assertThat(door.run("resume").exit()).isEqualTo(1);

      Outcome replayed = door.run("replay");

      assertThat(replayed.exit()).as(replayed.out()).isZero();
    }
  }

  @Test
  void another_configuration_is_told_by_the_first_event_it_changes() {
    try (var door = finished()) {
      Outcome replayed = door.run("replay", "--set", "fail_safe.max_attempts_per_task=1");

      assertThat(replayed.exit()).isEqualTo(1);
      assertThat(replayed.out())
          .containsPattern("Event \\d+: .* T1/2")
          .contains("  now: escalation.raised 1 attempt")
          .contains("under the configuration as it is now");
    }
  }

  @Test
  void a_task_that_was_edited_since_is_said_to_be() {
    try (var door = finished()) {
      door.tasks("T1, pre_hooks: [pass], post_hooks: [pass]", "T2");

      Outcome replayed = door.run("replay");

      assertThat(replayed.exit()).as(replayed.out()).isZero();
      assertThat(replayed.out()).contains("Defined otherwise now", "T1.");
    }
  }

  @Test
  void a_run_that_was_killed_is_played_as_far_as_it_came() {
    try (var door = finished()) {
      KilledRun.after("attempt.started", door);

      Outcome replayed = door.run("replay");

      assertThat(replayed.exit()).as(replayed.out()).isZero();
      assertThat(replayed.out()).contains("The log ends here; next would be: ask claude");
    }
  }
}
