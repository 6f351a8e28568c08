package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.GitFolder;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of the model's, seen from the front door, with real processes. */
final class CommandsTest {

  private static final String UNCONFINED = "sandbox: off\n";

  @TempDir private Path folder;

  /** Runs each line in a turn of its own, then finishes. */
  private static Script running(String... lines) {
    return asked ->
        asked.turn() <= lines.length
            ? Reaction.calls("I run it.", "run_command", Map.of("command", lines[asked.turn() - 1]))
            : Reaction.finishes("done");
  }

  private static String log(ProgramDoor door) {
    return String.join("\n", door.events());
  }

  @Test
  void what_only_looks_runs_and_what_is_not_allowed_does_not() {
    try (var door = new ProgramDoor(folder, running("cat tasks.yml | wc -l", "touch made"))) {
      door.configured(UNCONFINED).tasks("T1");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(log(door)).contains("exit code 0\\n3", "nobody is there to approve it");
      assertThat(outcome.err()).contains("sandbox: off", "touch made");
      assertThat(door.project().resolve("made")).doesNotExist();
    }
  }

  @Test
  void a_rule_lets_a_command_run_and_its_keys_stay_away_from_it() {
    try (var door = new ProgramDoor(folder, running("env > seen", "sh -c 'env'"))) {
      door.configured(UNCONFINED + "tools: {run_command: {allow: [env]}}\n").tasks("T1");

      door.run("run");

      assertThat(log(door)).contains("exit code 0").doesNotContain(ProgramDoor.KEY);
    }
  }

  @Test
  void a_person_at_the_terminal_sees_the_call_and_says_yes_no_or_always() {
    try (var door =
        new ProgramDoor(folder, running("touch a", "touch b\u001b[2K", "touch c", "touch c"))) {
      door.configured(UNCONFINED)
          .tasks("T1")
          .attendedBy("perhaps", "y", "n it is not needed", "always");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.err())
          .contains("command: touch a", "[a]lways", "touch b\\u{1b}[2K", "would allow: touch c")
          .doesNotContain("\u001b");
      assertThat(log(door)).contains("A person said no: it is not needed", "\"always\"");
      assertThat(door.files().keySet()).contains("a", "c").noneMatch(name -> name.startsWith("b"));
    }
  }

  @Test
  void a_parked_question_stops_the_run_until_a_person_resumes_it() {
    try (var door = new ProgramDoor(folder, running("touch a"))) {
      door.configured(UNCONFINED + "tools: {unattended: park}\n").tasks("T1");

      Outcome parked = door.run("run");
      Outcome still = door.run("resume");
      Outcome resumed = door.attendedBy("y").run("resume");

      assertThat(parked.exit()).as(parked.err()).isEqualTo(4);
      assertThat(parked.out()).contains("touch a", "agent-runner resume");
      assertThat(still.exit()).isEqualTo(4);
      assertThat(resumed.exit()).as(resumed.err()).isZero();
      assertThat(door.files()).containsKey("a");
    }
  }

  @Test
  void a_command_that_takes_too_long_is_ended_with_all_it_started() {
    Script slow =
        asked ->
            asked.turn() == 1
                ? Reaction.calls(
                    "I wait.",
                    "run_command",
                    Map.of("command", "sleep 300 & sleep 300", "timeout", 1))
                : Reaction.finishes("done");
    try (var door = new ProgramDoor(folder, slow)) {
      door.configured(UNCONFINED + "tools: {run_command: {allow: [sleep *]}}\n").tasks("T1");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(log(door)).contains("ended after 1 s");
    }
  }

  @Test
  void a_tool_is_called_by_hand_under_the_same_rules() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured(UNCONFINED).tasks("T1");
      String here = door.project().toString();

      Outcome wrote =
          door.run(
              "debug", "tool", "write_file", "{\"path\":\"x\",\"content\":\"y\"}", "--dir", here);
      Outcome looked =
          door.run("debug", "tool", "run_command", "{\"command\":\"cat x\"}", "--task", "T1");
      Outcome asked =
          door.run("debug", "tool", "run_command", "{\"command\":\"rm x\"}", "--dir", here);
      Outcome git =
          door.run(
              "debug",
              "tool",
              "git_status",
              "{}",
              "--dir",
              new GitFolder(Files.createDirectory(folder.resolve("git")))
                  .file("new.txt", "")
                  .tree
                  .toString());
      assertThat(git.out()).contains("?? new.txt");
      Outcome wrong = door.run("debug", "tool", "no_tool", "{}", "--dir", here);
      Outcome broken = door.run("debug", "tool", "read_file", "{", "--dir", here);

      assertThat(wrote.exit()).as(wrote.err()).isZero();
      assertThat(looked.out()).isEqualTo("exit code 0\ny\n");
      assertThat(asked.exit()).isEqualTo(1);
      assertThat(asked.out()).contains("nobody is there");
      assertThat(wrong.out()).contains("There is no tool 'no_tool'");
      assertThat(broken.out()).contains("no JSON object");
      assertThat(door.read("x")).isEqualTo("y");
      assertThat(door.events()).isEmpty();
    }
  }

  @Test
  void a_confined_command_writes_nothing_but_the_task_s_own_files() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("tools: {run_command: {allow: ['sh probe']}}\n").tasks("T1");
      Path canary = Files.writeString(folder.resolve("canary"), "alive");
      Files.createDirectories(folder.resolve("home"));
      Files.writeString(folder.resolve("home/secret"), "hidden");
      String home = folder.resolve("home").toString();
      door.write(
          "probe",
          """
          echo x > made
          echo x > %s
          echo x > tasks.yml
          echo x > .agent-runner/config.yml
          mkdir .git; echo x > .git/config
          cat %s/secret
          env
          """
              .formatted(canary, home));
      Map<String, String> before = door.files();

      Outcome outcome =
          door.run("debug", "tool", "run_command", "{\"command\":\"sh probe\"}", "--task", "T1");

      assumeFalse(outcome.out().contains("was not run"), "no sandbox works here");
      assertThat(canary).hasContent("alive");
      assertThat(outcome.out()).doesNotContain("hidden", ProgramDoor.KEY).contains("HOME=/tmp");
      Map<String, String> after = door.files();
      assertThat(after.remove("made")).isEqualTo("x\n");
      assertThat(after).isEqualTo(before);
    }
  }

  @Test
  void rules_that_are_no_rules_are_told_with_their_place() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("tools: {run_command: {alow: [x]}}\nsandbox: none\n").tasks("T1");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isEqualTo(2);
      assertThat(outcome.err()).contains("alow", "allow", "sandbox", List.of("bwrap").getFirst());
    }
  }
}
