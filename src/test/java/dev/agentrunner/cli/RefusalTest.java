package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is refused is told what to do next, in the same breath. */
final class RefusalTest {

  /** The line below a place in a file, or what such a sentence begins with, or names. */
  private static final Pattern CURE =
      Pattern.compile(
          "(?m)^ +\\| (?: *\\^+ )?\\S"
              + "|See: agent-runner|: agent-runner \\w+|with --?\\w+|elsewhere: -"
              + "|[;:.,] (?:or )?(?:add|begin|check|give|go on|it has|leave|look|make|name|or name|say|see|set|shorten|split"
              + "|take|there are|wait|write)\\b",
          Pattern.CASE_INSENSITIVE);

  @TempDir private Path folder;

  private static void assertCured(Outcome outcome) {
    assertThat(outcome.exit()).as(outcome.err()).isIn(2, 5);
    assertThat(outcome.err()).doesNotContain("bug in agent-runner");
    String said = outcome.err().substring(outcome.err().lastIndexOf("agent-runner: "));
    assertThat(CURE.matcher(said).find()).as(said).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runn",
        "run --nonsense",
        "run nowhere.yml",
        "run .",
        "run --only T9",
        "run --from T9",
        "run --redo T9",
        "run --provider gpt",
        "run --provider replay",
        "run --provider replay --cassette nowhere.yml",
        "run --provider replay --cassette tasks.yml",
        "run --provider replay --match exactly --cassette tasks.yml",
        "run --record .agent-runner",
        "run --set limits.max_turns=many",
        "run --set no.such.key=1",
        "run --wait=soon",
        "run -o loud",
        "run -o live",
        "run -C nowhere",
        "run --config nowhere.yml",
        "resume",
        "resume --provider gpt",
        "status",
        "status --run nothing",
        "status -C nowhere",
        "explain",
        "explain nothing",
        "report",
        "report --format html",
        "answer T1 text",
        "answer T1",
        "retry T1",
        "retry",
        "skip T1",
        "log",
        "verify",
        "verify --log a b",
        "replay",
        "diff T1",
        "undo T1",
        "apply nowhere.txt --dir .",
        "apply . --dir .",
        "apply tasks.yml --dir nowhere",
        "config show --config nowhere.yml",
        "providers check nobody",
        "tasks validate nowhere.yml",
        "tasks graph nowhere.yml",
        "limits test nowhere.txt",
        "limits test tasks.yml --preset nobody",
        "limits test tasks.yml --patterns nowhere.yml",
        "limits test tasks.yml --patterns tasks.yml",
        "debug state",
        "debug prompt T9",
        "debug tool read_file {}",
        "debug tool fly {} --dir .",
        "completion ksh",
      })
  void what_makes_no_sense_is_refused_with_a_cure(String line) {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      Outcome outcome = door.tasks("T1").run(line.split(" ", -1));

      if (outcome.exit() != 0 && outcome.exit() != 1) {
        assertCured(outcome);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "answer T1 text",
        "answer T9 text",
        "retry T9",
        "skip T9",
        "verify T9",
        "verify --run nothing",
        "diff T9",
        "diff T1 --attempt 7",
        "undo T9",
        "undo T1 --redo",
        "log --run nothing",
        "log --task T9",
        "replay nothing",
        "resume",
      })
  void a_run_that_is_over_refuses_with_a_cure(String line) {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]").run("run");

      Outcome outcome = door.run(line.split(" ", -1));

      if (outcome.exit() != 0) {
        assertCured(outcome);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tasks:",
        "version: 1",
        "version: 2\ntasks: [{id: T1, title: a}]",
        "version: 1\ntasks: []",
        "version: 1\ntasks: [{id: T1}]",
        "version: 1\ntasks: [{id: T1, title: }]",
        "version: 1\ntasks: [{id: a/b, title: a}]",
        "version: 1\ntasks: [{id: T1, title: a, id: T2}]",
        "version: 1\ntasks: [{id: T1, title: a}, {id: T1, title: b}]",
        "version: 1\ntasks: [{id: T1, title: a, depends_on: [T1]}]",
        "version: 1\ntasks: [{id: T1, title: a, depends_on: [T9]}]",
        "version: 1\ntasks: [{id: T1, title: a, dependson: [T2]}]",
        "version: 1\ntasks: [{id: T1, title: a, post_hooks: [pss]}]",
        "version: 1\ntasks: [{id: T1, title: a, max_attempts: many}]",
        "version: 1\ntasks: [{id: T1, title: a, max_time: soon}]",
        "version: 1\ntasks: [{id: T1, title: a, path: nowhere}]",
        "version: 1\ntasks: [{id: T1, title: a, provider: gpt}]",
        "version: 1\ntasks: {id: T1}",
        "version: 1\ntasks: [T1]",
        "version: 1\ntasks:\n\t- id: T1",
        "version: 1\ntasks: [{id: T1, title: \"a}]",
        "version: 1\ntasks: &a [*a]",
        "version: 1\ntasks: !!java [x]",
        "version: 1\n---\nversion: 1",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "{\"version\": 1, \"tasks\": [",
      })
  void a_list_at_fault_is_refused_with_a_cure(String list) {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      assertCured(door.write("tasks.yml", list).run("run"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hooks: {pass: {comand: x}}",
        "fail_safe: {max_attempts_per_task: 0}",
        "fail_safe: {on_escalation: shrug}",
        "rate_limits: {nobody: {max_tokens_day: 1}}",
        "rate_limits: {claude: {max_tokens_fortnight: 1}}",
        "budget: {run_usd: much}",
        "providers: {mine: {kind: telepathy}}",
        "providers: {mine: {kind: command}}",
        "providers: {claude: {base_url: \"ftp://x\"}}",
        "provider: nobody",
        "fallback: [nobody]",
        "protect: [\"[\"]",
        "prompt_template: nowhere.md",
        "nonsense: 1",
        "git: {commit: sometimes}",
        "tools: {network: maybe}",
        "sandbox: wishful",
        "notify: [{on: full_moon}]",
        "report: [{format: html}]",
      })
  void a_configuration_at_fault_is_refused_with_a_cure(String more) {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1").write("other.yml", more + "\n");

      assertCured(door.run("run", "--config", "other.yml"));
    }
  }

  @Test
  void a_missing_key_is_told_with_what_to_set() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      String address = door.provider().address().toString();
      door.write(
          ".agent-runner/config.yml",
          door.read(".agent-runner/config.yml").replace(address, "https://api.anthropic.com"));

      Outcome outcome = door.tasks("T1").withoutKey().run("run");

      assertThat(outcome.exit()).isEqualTo(5);
      assertCured(outcome);
    }
  }
}
