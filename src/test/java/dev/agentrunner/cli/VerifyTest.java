package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify}, and the evidence that {@code status} shows, through the front door. */
class VerifyTest {

  @TempDir private Path folder;

  @Test
  void the_hooks_of_what_is_done_are_run_again_without_an_agent() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.write("ready", "");
      door.tasks("T1, post_hooks: [pass, ready]", "T2");
      assertThat(door.run("run").exit()).isZero();
      int asked = door.provider().requests().size();
      String log = events(door);

      Outcome outcome = door.run("verify");

      assertThat(outcome.exit()).isZero();
      assertThat(outcome.out())
          .contains("T1  pass: passed", "T1  ready: passed", "T2  no post-hook")
          .contains("every hook passed");
      assertThat(door.provider().requests()).hasSize(asked);
      assertThat(events(door)).isEqualTo(log);
    }
  }

  private static String events(ProgramDoor door) {
    return door.files().entrySet().stream()
        .filter(file -> file.getKey().endsWith("events.jsonl"))
        .map(file -> file.getValue())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void what_does_not_pass_any_more_is_told_by_the_exit_code() throws IOException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.write("ready", "");
      door.tasks("T1, post_hooks: [ready]", "T2, post_hooks: [pass]");
      door.run("run");
      Files.delete(door.project().resolve("ready"));

      assertThat(door.run("verify", "T2").exit()).isZero();
      Outcome outcome = door.run("verify");
      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.out()).contains("T1  ready: exit 1", "not every hook passed");

      JsonNode json = new ObjectMapper().readTree(door.run("verify", "-o", "json").out());
      assertThat(json.at("/tasks/0/id").asText()).isEqualTo("T1");
      assertThat(json.at("/tasks/0/evidence/0/passed").asBoolean()).isFalse();
      assertThat(json.at("/tasks/0/evidence/0/code").asInt()).isEqualTo(1);
    }
  }

  @Test
  void a_task_that_is_not_done_cannot_be_verified() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [fail], max_attempts: 1");
      door.run("run");

      assertThat(door.run("verify", "T1").exit()).isEqualTo(2);
      assertThat(door.run("verify", "T9").exit()).isEqualTo(2);
    }
  }

  @Test
  void status_tells_what_stands_behind_each_task() throws IOException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [second]");
      door.run("run");

      JsonNode task =
          new ObjectMapper().readTree(door.run("status", "-o", "json").out()).at("/tasks/0");

      assertThat(task.at("/tree").asText()).matches("[0-9a-f]{40}");
      assertThat(task.has("stale")).isFalse();
      assertThat(task.at("/evidence")).hasSize(1);
      assertThat(task.at("/evidence/0/hook").asText()).isEqualTo("second");
      assertThat(task.at("/evidence/0/command").asText()).contains("-gt 1");
      assertThat(task.at("/evidence/0/attempt").asInt()).isEqualTo(2);
      assertThat(task.at("/evidence/0/code").asInt(-1)).isZero();
      assertThat(task.at("/evidence/0/output_digest").asText()).matches("[0-9a-f]{64}");
    }
  }

  @Test
  void a_task_whose_folder_was_changed_since_is_stale() throws IOException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]");
      door.run("run");
      assertThat(door.run("status", "--verify").out()).contains("Nothing is stale.");

      door.write("mine.txt", "afterwards");

      assertThat(door.run("status", "--verify").out()).contains("T1 is stale");
      assertThat(
              new ObjectMapper()
                  .readTree(door.run("status", "--verify", "-o", "json").out())
                  .at("/tasks/0/stale")
                  .asBoolean())
          .isTrue();
    }
  }
}
