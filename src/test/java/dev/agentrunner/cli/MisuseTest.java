package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be done as asked is said, with 2, and nothing is made, seen from the front door. */
final class MisuseTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runn",
        "run --nonsense",
        "run nowhere.yml",
        "run --only T9",
        "run --from T9",
        "run --redo T9",
        "run --provider gpt",
        "run --set limits.max_turns=many",
        "run --set no.such.key=1",
        "run -o loud",
        "run -C nowhere",
        "run --config nowhere.yml",
        "resume",
        "status",
        "status --run nothing",
        "log",
        "debug state",
        "debug prompt T9",
        "tasks validate nowhere.yml",
      })
  void what_makes_no_sense_is_refused_and_nothing_is_made(String line) {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1");
      Map<String, String> before = door.files();

      Outcome outcome = door.run(line.split(" ", -1));

      assertThat(outcome.exit()).as(outcome.err()).isEqualTo(2);
      assertThat(outcome.err()).isNotBlank().doesNotContain("\tat ", "bug in agent-runner");
      assertThat(outcome.out()).isEmpty();
      assertThat(door.provider().requests()).isEmpty();
      Map<String, String> after = door.files();
      after.remove(".agent-runner/lock");
      assertThat(after).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{id: T1, title: One}, {id: T1, title: Two}  | T1",
        "{id: T1, title: One, depends_on: [T1]}      | T1",
        "{id: T1, title: One, dependson: [T2]}       | depends_on",
        "{id: T1, title: One, post_hooks: [pss]}     | pass",
        "{id: ../T1, title: One}                     | ../T1",
        "{id: T1}                                    | title",
        "{id: T1, title: One, max_turns: 0}          | max_turns",
      })
  void a_list_with_a_fault_is_refused_with_its_place(String tasks, String told) {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.write("tasks.yml", "version: 1\ntasks: [%s]\n".formatted(tasks));

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isEqualTo(2);
      assertThat(outcome.err()).contains("tasks.yml:2:", told);
      assertThat(door.events()).isEmpty();
    }
  }

  @Test
  void a_missing_folder_stops_before_anything_is_asked() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, path: nowhere");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isIn(2, 5);
      assertThat(outcome.err() + outcome.out()).contains("nowhere");
      assertThat(door.provider().requests()).isEmpty();
    }
  }

  @Test
  void every_command_has_help() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      for (String command : new String[] {"run", "resume", "status", "log", "config", "tasks"}) {
        Outcome help = door.run(command, "--help");

        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("Usage: agent-runner " + command);
      }
      assertThat(door.run("--help").out()).contains("run", "resume", "status");
      assertThat(door.run("--version").out()).startsWith("agent-runner ");
    }
  }
}
