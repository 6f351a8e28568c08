package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first command in a project that has nothing yet. */
final class InitTest {

  @TempDir private Path folder;
  private ProgramDoor door;

  @BeforeEach
  void a_project_without_settings() {
    door =
        new ProgramDoor(folder, Script.ofFiles())
            .delete(".agent-runner/config.yml")
            .delete("tasks.yml")
            .with("PATH", "/nowhere");
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void what_is_written_can_be_run_as_it_is() {
    door.write("Makefile", "all:\n\ttrue\ntest:\n\ttrue\n").with("OPENAI_API_KEY", "k");

    Outcome written = door.run("init", "--yes");
    Outcome valid = door.run("config", "validate");
    Outcome planned = door.run("run", "--dry-run");

    assertThat(written.exit()).as(written.err()).isZero();
    assertThat(written.out()).contains("wrote    .agent-runner/config.yml", "wrote    tasks.yml");
    assertThat(door.read(".agent-runner/config.yml")).contains("provider: openai", "make test");
    assertThat(valid.exit()).as(valid.err()).isZero();
    assertThat(planned.out()).contains("first", "tests: make test");
  }

  @ParameterizedTest
  @CsvSource({
    "pom.xml, <project/>, mvn -q verify",
    "package.json, '{\"scripts\": {\"test\": \"jest\"}}', npm test",
    "Cargo.toml, [package], cargo test",
    "go.mod, module x, go test ./...",
    "setup.py, import setuptools, pytest -q",
    "Package.swift, // swift-tools-version, swift test",
    "pyproject.toml, [project], pytest -q",
  })
  void the_way_a_project_is_tested_is_seen_from_its_files(
      String file, String text, String command) {
    door.write(file, text).run("init", "--yes");

    assertThat(door.read(".agent-runner/config.yml")).contains("command: '" + command + "'");
    assertThat(door.read("tasks.yml")).contains("post_hooks: [tests]");
  }

  @Test
  void a_project_that_nobody_knows_how_to_test_is_told_so() {
    Outcome written = door.run("init");

    assertThat(written.exit()).isZero();
    assertThat(door.read(".agent-runner/config.yml")).contains("# hooks:");
    assertThat(door.run("config", "validate").exit()).isZero();
    assertThat(door.run("tasks", "validate").exit()).isZero();
  }

  @Test
  void a_person_is_asked_and_has_the_last_word() {
    door.write("go.mod", "module x").attendedBy("claude-code", "go vet ./... && it's \"fine\"");

    Outcome written = door.run("init");

    assertThat(written.err())
        .contains(
            "Who works on tasks? [claude]",
            "What tests the project? (- for nothing) [go test ./...]",
            "Is a task done only when that passes? [yes]");
    assertThat(written.out()).contains("found    Go (go.mod)");
    assertThat(door.read("tasks.yml")).contains("post_hooks: [tests]");
    assertThat(door.read(".agent-runner/config.yml"))
        .contains("provider: claude-code", "'go vet ./... && it''s \"fine\"'");
    assertThat(door.run("config", "validate").exit()).isZero();
  }

  @Test
  void tests_need_not_be_a_gate() {
    door.write("go.mod", "module x").attendedBy("ollama", "", "no");

    door.run("init");

    assertThat(door.read(".agent-runner/config.yml")).contains("'go test ./...'");
    assertThat(door.read("tasks.yml")).doesNotContain("post_hooks");
    assertThat(door.run("tasks", "validate").exit()).isZero();
  }

  @Test
  void a_key_that_is_missing_is_told_of_and_one_that_is_set_is_not() {
    door.with("GEMINI_API_KEY", "k");

    Outcome without = door.run("init", "--yes", "--provider", "openai");
    Outcome with = door.run("init", "--yes", "--provider", "gemini");

    assertThat(without.out()).contains("export OPENAI_API_KEY=");
    assertThat(with.out()).doesNotContain("export");
  }

  @Test
  void what_is_there_is_left_as_it_is() {
    door.write("tasks.yml", "version: 1\ntasks: []\n");

    Outcome written = door.run("init", "--yes", "--provider", "ollama", "--tests", "true");

    assertThat(written.out()).contains("kept     tasks.yml");
    assertThat(door.read("tasks.yml")).isEqualTo("version: 1\ntasks: []\n");
    assertThat(door.read(".agent-runner/config.yml")).contains("provider: ollama", "'true'");
  }
}
