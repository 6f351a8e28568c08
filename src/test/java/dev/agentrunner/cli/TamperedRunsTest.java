package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An agent with tools of its own that changes what judges it, seen from the front door. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class TamperedRunsTest {

  private static final String TEST = "def test_a():\n    assert answer() == 42\n";

  /** At its first attempt it makes the test pass, in its way; later it takes that back. */
  private static final String AGENT =
      """
      #!/bin/sh
      echo work > work.txt
      if grep -q 'Take this back'; then
        printf 'def test_a():\\n    assert answer() == 42\\n' > tests/test_a.py
      else
        rm tests/test_a.py
      fi
      echo its > kept.txt
      echo 'version: 1' > tasks.yml
      """;

  @TempDir private Path folder;
  private ProgramDoor door;

  @BeforeEach
  void a_project_with_an_agent() {
    door = new ProgramDoor(folder, Script.ofFiles());
    door.write("bin/agent", AGENT).write("tests/test_a.py", TEST).write("kept.txt", "mine");
    door.project().resolve("bin/agent").toFile().setExecutable(true);
    door.write(
        ".agent-runner/config.yml",
        """
        provider: other
        providers:
          other: {kind: command, preset: generic, command: [agent], prompt: stdin}
        protect: [kept.txt]
        hooks: {kept: "grep -q mine kept.txt"}
        """);
    door.with("PATH", door.project().resolve("bin") + ":" + System.getenv("PATH"));
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void protected_files_are_put_back_and_the_rest_is_named() {
    door.tasks("T1, post_hooks: [kept]");
    String list = door.read("tasks.yml");

    Outcome outcome = door.run("run");

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(door.read("kept.txt")).isEqualTo("mine");
    assertThat(door.read("tasks.yml")).isEqualTo(list);
    assertThat(door.read("work.txt")).isEqualTo("work\n");
    assertThat(outcome.err())
        .contains(
            "tamper   kept.txt is protected and was put back",
            "tamper   tasks.yml is protected and was put back",
            "tamper   tests/test_a.py: deleted with 1 test: test_a (test deleted)");
    assertThat(outcome.lines())
        .contains(
            "Look at this, it may weaken the checks:",
            "  T1: tests/test_a.py: deleted with 1 test: test_a (test deleted)");
    assertThat(door.run("log").out()).contains("tamper.found");
  }

  @Test
  void a_task_that_says_so_fails_until_it_is_taken_back() {
    door.tasks("T1, post_hooks: [kept], tamper: fail");

    Outcome outcome = door.run("run");

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(door.read("tests/test_a.py")).isEqualTo(TEST);
    assertThat(outcome.err()).contains("Take this back: tests/test_a.py: deleted with 1 test");
    assertThat(outcome.err()).contains("attempt 2");
  }

  @Test
  void the_configuration_says_so_for_all_tasks_and_a_task_otherwise() {
    door.tasks("T1, max_attempts: 1", "T2, tamper: warn");

    Outcome outcome = door.run("run", "--set", "fail_safe.tamper=fail");
    assertThat(outcome.exit()).isEqualTo(1);

    door.write("tests/test_a.py", TEST)
        .configured("fail_safe: {tamper: fail}\n")
        .tasks("T3, tamper: warn");
    assertThat(door.run("run").exit()).isZero();
  }
}
