package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a run stopped and how it goes on, seen from the front door. */
final class ExplainTest {

  @TempDir private Path folder;

  @Test
  void a_run_that_is_done_leaves_nothing_to_do() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]", "T2");
      door.run("run");

      Outcome told = door.run("explain");

      assertThat(told.exit()).as(told.err()).isZero();
      assertThat(told.out())
          .contains("completed since", "Every task is done.", "1 task done only by the agent's")
          .contains("cost unknown", "claude", "task T1")
          .contains("T1: changed by the agent's tools: T1.txt")
          .contains("agent-runner undo T1", "Nothing was committed or pushed.")
          .contains("Nothing is left to do.");
    }
  }

  @Test
  void a_failed_task_is_told_with_the_end_of_what_its_hook_printed() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [fail], max_attempts: 2", "T2, depends_on: [T1]");
      door.run("run");

      Outcome told = door.run("explain");

      assertThat(told.out())
          .contains("failed since", "1 task failed, 1 blocked")
          .contains("T1 failed after 2 attempts")
          .contains("post-hook fail in attempt 2: exit 3", "| attempt 2 is no good")
          .contains("T2 blocked: needs T1")
          .contains("agent-runner run tasks.yml", "agent-runner diff T1");
    }
  }

  @Test
  void a_used_up_quota_is_told_with_when_it_is_back() throws IOException {
    try (var door =
        new ProgramDoor(folder, Script.ofFiles().at("T2", 1, 1, Reaction.limits(2220)))) {
      door.tasks("T1", "T2");
      door.run("run");

      Outcome told = door.run("explain");
      JsonNode json = new ObjectMapper().readTree(door.run("explain", "-o", "json").out());

      assertThat(told.out())
          .contains("waiting for quota since", "A quota is used up")
          .containsPattern("It is back at .* \\(local, in 3[67] min")
          .contains("agent-runner resume tasks.yml");
      assertThat(json.path("standing").asText()).isEqualTo("paused");
      assertThat(json.path("resume_at").asText()).isNotEmpty();
      assertThat(json.at("/next/0/command").asText()).isEqualTo("agent-runner resume tasks.yml");
      assertThat(json.at("/providers/0/name").asText()).isEqualTo("claude");
    }
  }

  @Test
  void a_question_that_nobody_was_there_to_answer_is_told() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, pre_hooks: [ready]");
      door.run("run");

      Outcome told = door.run("explain");

      assertThat(told.out())
          .contains("A person must decide", "T1: pre-hook ready: exit 1")
          .contains("once what the hook found is mended", "agent-runner resume tasks.yml");
    }
  }

  @Test
  void a_provider_that_refuses_is_told() {
    try (var door = new ProgramDoor(folder, asked -> Reaction.refusesKey())) {
      door.tasks("T1");
      door.run("run");

      assertThat(door.run("explain").out())
          .contains("did not play along", "once that is mended", "agent-runner resume tasks.yml");
    }
  }

  @Test
  void a_run_that_was_killed_is_told_from_what_it_left() throws IOException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]", "T2");
      door.run("run");
      KilledRun.after("hook.started", door);

      Outcome told = door.run("explain");
      Map<String, String> files = door.files();
      JsonNode json = new ObjectMapper().readTree(door.run("explain", "-o", "json").out());

      assertThat(told.exit()).as(told.err()).isZero();
      assertThat(told.out())
          .contains("cut off", "ended without a word")
          .contains("Under way was: T1: post-hook pass.")
          .contains("agent-runner resume tasks.yml");
      assertThat(json.path("standing").asText()).isEqualTo("cut_off");
      assertThat(json.at("/under_way/0/step").asText()).isEqualTo("post-hook pass");
      assertThat(door.files()).as("nothing is written").isEqualTo(files);
    }
  }

  @Test
  void a_write_that_was_cut_off_is_told() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1");
      door.run("run");
      KilledRun.after("tool.called", door);

      assertThat(door.run("explain").out())
          .contains("T1: may be half way through a change: T1.txt");
    }
  }

  @Test
  void a_run_that_goes_on_is_not_taken_for_one_that_was_killed() {
    AtomicReference<ProgramDoor> same = new AtomicReference<>();
    List<Outcome> meanwhile = new CopyOnWriteArrayList<>();
    Script nosy =
        asked -> {
          if (asked.turn() == 1) {
            meanwhile.add(same.get().run("explain"));
          }
          return Script.ofFiles().to(asked);
        };
    try (var door = new ProgramDoor(folder, nosy)) {
      same.set(door);
      door.tasks("T1");

      Outcome run = door.run("run");

      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(meanwhile.getFirst().out())
          .contains("It has not stopped", "question to claude", "agent-runner status");
    }
  }

  @Test
  void what_went_on_in_a_later_run_is_said_to() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [fail], max_attempts: 1");
      door.run("run");
      String first = KilledRun.newest(door);
      door.run("run");

      assertThat(door.run("explain", first).out())
          .contains("a later run of this list", "undo T1 --run " + first);
    }
  }

  @Test
  void commands_name_the_project_as_it_was_named_and_can_be_pasted() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.write("elsewhere/.gitkeep", "");
      door.tasks("T1, post_hooks: [fail], max_attempts: 1");
      door.run("run");

      String project = door.project().toString();

      assertThat(door.run("-C", project, "explain").out())
          .contains("agent-runner run -C '%s' tasks.yml".formatted(project));
    }
  }

  @Test
  void a_log_that_is_gone_leaves_what_the_state_tells() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]");
      door.run("run");
      KilledRun.withoutLog(door);

      Outcome told = door.run("explain");

      assertThat(told.exit()).as(told.err()).isZero();
      assertThat(told.out()).contains("Every task is done.");
    }
  }
}
