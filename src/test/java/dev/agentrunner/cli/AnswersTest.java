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

/** Questions that an agent leaves, through the front door. */
class AnswersTest {

  private static final Reaction ASKS =
      Reaction.calls("Hm.", "finish", Map.of("summary", "Not yet.", "question", "Red or blue?"));

  @TempDir private Path folder;

  private static Script script() {
    return Script.ofFiles().at("T1", 1, 1, ASKS);
  }

  @Test
  void a_question_holds_up_only_what_needs_its_task() {
    try (var door = new ProgramDoor(folder, script())) {
      door.tasks("T1, post_hooks: [pass]", "T2, depends_on: [T1]", "T3");

      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(4);
      assertThat(run.out()).contains("A person must decide: T1: Red or blue?");
      assertThat(run.out()).contains("1 done").contains("1 pending");
      assertThat(door.run("resume").exit()).isEqualTo(4);

      Outcome answer = door.run("answer", "T1", "blue");
      assertThat(answer.exit()).isZero();
      assertThat(door.run("resume").exit()).isZero();
      assertThat(door.run("status").out()).contains("3 done", "1 attempt");
      assertThat(door.provider().requests().toString()).contains("A person answers: blue");
    }
  }

  @Test
  void whoever_is_there_is_asked_at_once() {
    try (var door = new ProgramDoor(folder, script())) {
      door.tasks("T1, post_hooks: [pass]").attendedBy("red");

      Outcome run = door.run("run");

      assertThat(run.exit()).isZero();
      assertThat(run.err()).contains("The agent asks: Red or blue?");
      assertThat(door.provider().requests().toString()).contains("A person answers: red");
    }
  }

  @Test
  void what_a_task_changed_can_be_looked_at_before_it_is_decided_about() {
    try (var door = new ProgramDoor(folder, Script.ofEdits())) {
      door.tasks("T1, post_hooks: [fail], max_attempts: 1")
          .write("T1.txt", "attempt 0\n")
          .attendedBy("d", "s");

      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(3);
      assertThat(run.err()).contains("-attempt 0", "+attempt 1");
    }
  }

  @Test
  void only_what_was_asked_can_be_answered() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1");
      door.run("run");

      assertThat(door.run("answer", "T1", "blue").exit()).isEqualTo(2);
    }
  }

  @Test
  void a_question_of_the_run_can_be_put_off_too() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [ready], max_attempts: 1", "T2, depends_on: [T1]", "T3");

      assertThat(door.run("run", "--on-escalation", "park").exit()).isEqualTo(4);
      assertThat(door.run("status").out()).contains("1 done", "1 running", "1 pending");

      door.write("ready", "");
      door.run("retry", "T1");
      assertThat(door.run("resume").exit()).isZero();
    }
  }
}
