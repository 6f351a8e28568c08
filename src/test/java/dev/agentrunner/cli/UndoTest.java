package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code diff}, {@code undo} and what becomes of failed tasks, through the front door. */
class UndoTest {

  @TempDir private Path temporary;

  private ProgramDoor door(String... tasks) {
    return new ProgramDoor(temporary, Script.ofEdits())
        .tasks(tasks)
        .write("T1.txt", "attempt 0\n")
        .write("T2.txt", "attempt 0\n");
  }

  /** All but what the program keeps for itself. */
  private static Map<String, String> users(ProgramDoor door) {
    Map<String, String> files = new TreeMap<>(door.files());
    files.keySet().removeIf(name -> name.startsWith(".agent-runner/"));
    return files;
  }

  @Test
  void a_task_is_shown_undone_and_done_again() {
    try (ProgramDoor door = door("T1, post_hooks: [pass]")) {
      Map<String, String> before = users(door);
      assertThat(door.run("run").exit()).isZero();
      Map<String, String> after = users(door);

      assertThat(door.run("diff", "T1").lines())
          .contains("--- a/T1.txt", "-attempt 0", "+attempt 1");
      Outcome dry = door.run("undo", "T1", "--dry-run");
      assertThat(dry.lines())
          .contains("changed  T1.txt", "1 file would change. Nothing was written.");
      assertThat(users(door)).isEqualTo(after);

      Outcome undo = door.run("undo", "T1");
      assertThat(undo.exit()).isZero();
      assertThat(undo.out()).contains("agent-runner undo T1 --redo");
      assertThat(users(door)).isEqualTo(before);
      assertThat(door.run("undo", "T1").out()).startsWith("Nothing to do");

      assertThat(door.run("undo", "T1", "--redo").exit()).isZero();
      assertThat(users(door)).isEqualTo(after);
    }
  }

  @Test
  void what_was_changed_since_is_not_lost() {
    try (ProgramDoor door = door("T1, post_hooks: [pass]")) {
      Map<String, String> before = users(door);
      door.run("run");
      door.write("mine.txt", "hours of work");

      Outcome refused = door.run("undo", "T1");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err())
          .contains("1 file changed since the task ended", "new      mine.txt");
      assertThat(users(door)).containsKey("mine.txt");

      assertThat(door.run("undo", "T1", "--force").exit()).isZero();
      assertThat(users(door)).isEqualTo(before);
      assertThat(door.run("undo", "T1", "--redo").exit()).isZero();
      assertThat(door.read("mine.txt")).isEqualTo("hours of work");
    }
  }

  @Test
  void each_attempt_is_shown_by_itself_and_files_by_name() {
    try (ProgramDoor door = door("T1, post_hooks: [second]")) {
      door.run("run");

      assertThat(door.run("diff", "T1", "--attempt", "2").lines())
          .contains("-attempt 1", "+attempt 2");
      assertThat(door.run("diff", "T1", "T1.txt").lines()).contains("-attempt 0", "+attempt 2");
      assertThat(door.run("diff", "T1", "other").out()).isEmpty();
      assertThat(door.run("diff", "T1", "--attempt", "3").exit()).isEqualTo(2);
      assertThat(door.run("diff", "T9").err()).contains("has no task T9; it has T1");
    }
  }

  @Test
  void the_end_of_a_run_shows_what_hooks_changed_too() {
    try (ProgramDoor door = door("T1, post_hooks: [ready]")) {
      door.write(
          ".agent-runner/config.yml",
          door.read(".agent-runner/config.yml")
              .replace("test -e ready", "echo by a hook > hooked.txt; chmod +x T1.txt"));
      Outcome run = door.run("run");

      assertThat(run.exit()).isZero();
      assertThat(run.lines())
          .contains("+by a hook", "+attempt 1", "old mode 100644", "new mode 100755");
      assertThat(users(door)).containsKey("hooked.txt");
      door.run("undo", "T1");
      assertThat(users(door)).doesNotContainKey("hooked.txt");
      assertThat(Files.isExecutable(door.project().resolve("T1.txt"))).isFalse();
    }
  }

  @Test
  void the_changes_of_a_failed_task_are_kept_as_a_patch() {
    try (ProgramDoor door = door("T1, max_attempts: 1, post_hooks: [fail]")) {
      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.out()).containsPattern("Changes of T1: .*/logs/T1/changes.patch");
      assertThat(patch(door)).contains("-attempt 0", "+attempt 1");
      assertThat(door.read("T1.txt")).isEqualTo("attempt 1\n");
    }
  }

  private static String patch(ProgramDoor door) {
    return door.files().entrySet().stream()
        .filter(file -> file.getKey().endsWith("logs/T1/changes.patch"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  @Test
  void a_failed_task_can_be_taken_back_at_once() {
    try (ProgramDoor door =
        door(
            "T1, max_attempts: 2, on_give_up: restore, post_hooks: [fail]",
            "T2, post_hooks: [pass]")) {
      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.out()).contains("Changes of T1, taken back:");
      assertThat(door.read("T1.txt")).isEqualTo("attempt 0\n");
      assertThat(door.read("T2.txt")).isEqualTo("attempt 1\n");
      assertThat(patch(door)).contains("-attempt 0", "+attempt 2");
      assertThat(door.run("diff", "T1").lines()).contains("+attempt 2");
      assertThat(door.events()).anyMatch(line -> line.contains("\"type\":\"folder.restored\""));
    }
  }

  @Test
  void without_checkpoints_nothing_is_kept() {
    try (ProgramDoor door = door("T1, post_hooks: [pass]").configured("checkpoints: off\n")) {
      Outcome run = door.run("run");

      assertThat(run.lines()).contains("-attempt 0", "+attempt 1");
      assertThat(door.files().keySet()).noneMatch(name -> name.contains("checkpoints.git"));
      assertThat(door.run("undo", "T1").err()).contains("checkpoints were off");
    }
  }

  @Test
  void where_nothing_can_be_kept_the_run_stands_still_and_says_why() {
    try (ProgramDoor door =
        door("T1, post_hooks: [pass]").write(".agent-runner/checkpoints.git", "in the way")) {
      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(5);
      assertThat(run.out()).contains("Cannot keep a checkpoint", "checkpoints: off");
      assertThat(door.read("T1.txt")).isEqualTo("attempt 0\n");
    }
  }
}
