package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code retry} and {@code skip}, and the flags about failures, through the front door. */
class ReopenedTasksTest {

  @TempDir private Path folder;

  @Test
  void a_task_that_failed_is_worked_on_again_in_the_same_run() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [ready], max_attempts: 1", "T2, depends_on: [T1]", "T3");
      assertThat(door.run("run").exit()).isEqualTo(1);
      assertThat(door.run("status").out()).contains("1 done, 1 failed, 1 blocked");

      Outcome retry = door.run("retry", "T1");
      assertThat(retry.exit()).isZero();
      assertThat(retry.out())
          .isEqualTo("To be worked on again: T1. Go on with: agent-runner resume\n");
      assertThat(door.run("status").out())
          .contains("running, paused", "2 pending", "Stopped: To be worked on again: T1");

      door.write("ready", "");
      assertThat(door.run("resume").exit()).isZero();
      assertThat(door.run("status").out()).contains("3 done", "T1  done", "2 attempts");
      assertThat(door.run("log").out()).contains("task.reopened");
    }
  }

  @Test
  void a_task_that_is_done_can_be_done_again() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]", "T2");
      door.run("run");

      assertThat(door.run("retry", "T1").exit()).isZero();
      assertThat(door.run("run").exit()).isZero();

      assertThat(door.run("status").out()).contains("2 done", "2 attempts");
    }
  }

  @Test
  void a_task_that_is_left_out_lets_the_run_end() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [fail], max_attempts: 1", "T2");
      assertThat(door.run("run").exit()).isEqualTo(1);

      Outcome skip = door.run("skip", "T1", "--reason", "not now");
      assertThat(skip.exit()).isZero();
      assertThat(skip.out()).startsWith("Left out: T1.");
      assertThat(door.run("resume").exit()).isEqualTo(3);
      assertThat(door.run("status").out()).contains("T1  skipped", "not now", "1 done, 1 skipped");
    }
  }

  @Test
  void what_needs_a_task_that_was_left_out_can_be_done_all_the_same() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("fail_safe: {on_escalation: skip, dependants_of_skipped: run}\n");
      door.tasks("T1, post_hooks: [fail], max_attempts: 1", "T2, depends_on: [T1]");

      assertThat(door.run("run").exit()).isEqualTo(3);
      assertThat(door.run("status").out()).contains("1 done, 1 skipped");
    }
  }

  @Test
  void a_task_nobody_knows_is_told() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1");
      door.run("run");

      assertThat(door.run("retry", "T9").exit()).isEqualTo(2);
      assertThat(door.run("skip", "T9").err()).contains("has no task T9");
    }
  }

  @Test
  void a_run_can_stop_at_the_first_failure() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [fail], max_attempts: 1", "T2");

      Outcome outcome = door.run("run", "--stop-on-first-failure");

      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.out()).contains("1 pending, 1 failed");
    }
  }

  @Test
  void what_becomes_of_questions_can_be_said_on_the_command_line() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [fail], max_attempts: 1", "T2");

      assertThat(door.run("run", "--on-escalation", "skip").exit()).isEqualTo(3);
      assertThat(door.run("run", "--on-escalation", "dither").exit()).isEqualTo(2);
    }
  }
}
