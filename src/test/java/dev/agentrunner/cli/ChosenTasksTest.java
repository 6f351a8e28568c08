package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some tasks of a list, some of them again, or none for real, seen from the front door. */
final class ChosenTasksTest {

  @TempDir private Path folder;

  @Test
  void only_does_the_tasks_named() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1", "T2", "T3");

      Outcome outcome = door.run("run", "--only", "T3,T1", "-o", "quiet");

      assertThat(outcome.exit()).isZero();
      assertThat(outcome.lines()).containsExactly("T1 completed", "T3 completed");
    }
  }

  @Test
  void only_wants_what_its_tasks_need() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1", "T2, depends_on: [T1]");

      Outcome refused = door.run("run", "--only", "T2");
      door.run("run", "--only", "T1");
      Outcome taken = door.run("run", "--only", "T2");

      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains("T2 needs T1", "--only T1");
      assertThat(taken.exit()).as(taken.err()).isZero();
    }
  }

  @Test
  void from_does_a_task_and_all_behind_it() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1", "T2", "T3");

      Outcome outcome = door.run("run", "--from", "T2", "-o", "quiet");

      assertThat(outcome.lines()).containsExactly("T2 completed", "T3 completed");
    }
  }

  @Test
  void what_was_done_in_part_is_completed_by_a_run_of_all() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1", "T2");
      door.run("run", "--only", "T1");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isZero();
      assertThat(door.provider().requestsFor("T1")).isEqualTo(2);
      assertThat(door.provider().requestsFor("T2")).isEqualTo(2);
    }
  }

  @Test
  void redo_does_a_task_again() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1", "T2");
      door.run("run");

      Outcome outcome = door.run("run", "--redo", "T1", "-o", "quiet");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.lines()).contains("T1 completed").doesNotContain("T2 completed");
      assertThat(door.provider().requestsFor("T1")).isEqualTo(4);
      assertThat(door.provider().requestsFor("T2")).isEqualTo(2);
    }
  }

  @Test
  void a_selection_that_cannot_be_leaves_the_run_it_would_have_replaced() {
    try (var door =
        new ProgramDoor(folder, Script.ofFiles().at("T1", 1, 2, Reaction.refusesKey()))) {
      door.tasks("T1", "T2, depends_on: [T1]");
      door.run("run");

      Outcome refused = door.run("run", "--only", "T2");
      Outcome resumed = door.run("resume");

      assertThat(refused.exit()).isEqualTo(2);
      assertThat(resumed.exit()).as(resumed.err()).isZero();
      assertThat(door.provider().requestsFor("T1")).as("goes on from the last reply").isEqualTo(3);
    }
  }

  @Test
  void a_failed_task_is_tried_by_the_next_run() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [fail], max_attempts: 1", "T2");
      door.run("run");
      door.tasks("T1, post_hooks: [pass], max_attempts: 1", "T2");

      Outcome outcome = door.run("run", "-o", "quiet");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(door.provider().requestsFor("T2")).isEqualTo(2);
    }
  }

  @Test
  void a_dry_run_touches_nothing() {
    Script never = asked -> new Reaction.HangsUp();
    try (var door = new ProgramDoor(folder, never)) {
      door.tasks("T1, pre_hooks: [ready], post_hooks: [fail]", "T2, depends_on: [T1]");
      Map<String, String> before = door.files();

      Outcome outcome = door.run("run", "--dry-run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.out()).contains("1. T1", "2. T2", "test -e ready", "Nothing was asked");
      assertThat(door.files()).isEqualTo(before);
      assertThat(door.provider().requests()).isEmpty();
    }
  }

  @Test
  void a_dry_run_knows_what_is_done() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1", "T2");
      door.run("run", "--only", "T1");
      Map<String, String> before = door.files();

      Outcome outcome = door.run("run", "-n");

      assertThat(outcome.out()).contains("done before; not run again");
      assertThat(door.files()).isEqualTo(before);
    }
  }
}
