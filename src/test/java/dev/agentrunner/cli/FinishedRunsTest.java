package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import dev.agentrunner.testing.Trouble;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that come to their end, seen from the front door. */
final class FinishedRunsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void tasks_are_done_and_their_changes_shown() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, pre_hooks: [pass], post_hooks: [pass]", "T2, post_hooks: [pass]");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.out())
          .contains("+++ b/T1.txt", "+attempt 1", "2 done")
          .doesNotContain("\u001B");
      assertThat(outcome.err()).contains("[1/2] T1", "[2/2] T2").doesNotContain("\u001B");
      assertThat(door.read("T1.txt")).isEqualTo("attempt 1\n");
      assertThat(door.provider().requests()).hasSize(4);
    }
  }

  @Test
  void what_was_spent_is_told_per_task_and_for_the_run() throws IOException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured(
          "prices: {claude-test: {input: 3.00, output: 15.00, cache_read: 0.30, cache_write: 3.75}}\n");
      door.tasks("T1, post_hooks: [pass]", "T2, post_hooks: [pass]");

      Outcome outcome = door.run("run");

      assertThat(outcome.out()).containsPattern("T1 .*tokens, \\$0\\.\\d+, ");
      assertThat(outcome.err()).containsPattern("verified .*tokens, \\$0\\.\\d+, ");
      assertThat(door.run("status").out()).containsPattern("2 done\\. .* tokens, \\$0\\.\\d+");
      assertThat(door.run("status")).isEqualTo(door.run("status", "-o", "plain"));
      JsonNode status = JSON.readTree(door.run("status", "-o", "json").out());
      assertThat(status.at("/usage/cost/complete").asBoolean()).isTrue();
      assertThat(status.at("/usage/cost/micros").asLong())
          .isPositive()
          .isEqualTo(
              status.at("/tasks/0/usage/cost/micros").asLong()
                  + status.at("/tasks/1/usage/cost/micros").asLong());
    }
  }

  @Test
  void a_price_that_nobody_knows_is_never_told_as_nothing() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]");

      Outcome outcome = door.run("run");

      assertThat(outcome.out()).contains("cost unknown").doesNotContain("$0");
    }
  }

  @Test
  void a_failed_post_hook_is_told_to_the_next_attempt() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [second]");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.out()).contains("2 attempts");
      assertThat(door.read("T1.txt")).isEqualTo("attempt 2\n");
      assertThat(door.provider().requests().get(2).lastWords())
          .contains("The attempt before this one failed", "attempt 1");
    }
  }

  @Test
  void a_task_that_never_passes_fails_and_those_that_need_it_are_blocked() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks(
          "T1, post_hooks: [fail], max_attempts: 2",
          "T2, depends_on: [T1]",
          "T3, post_hooks: [pass]");

      Outcome outcome = door.run("run", "-o", "quiet");

      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.lines())
          .satisfiesExactly(
              line -> assertThat(line).startsWith("T1 failed: 2 attempts"),
              line -> assertThat(line).isEqualTo("T2 blocked: needs T1"),
              line -> assertThat(line).isEqualTo("T3 completed"));
    }
  }

  @Test
  void the_fail_safe_ends_the_run() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("fail_safe: {max_consecutive_failures: 2, max_attempts_per_task: 1}\n");
      door.tasks("T1, post_hooks: [fail]", "T2, post_hooks: [fail]", "T3, post_hooks: [pass]");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.out()).contains("1 pending, 2 failed", "fail-safe");
      assertThat(door.provider().requestsFor("T3")).isZero();
    }
  }

  @Test
  void a_run_that_is_over_is_not_run_again() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]", "T2");
      door.run("run");
      Map<String, String> before = door.files();

      Outcome again = door.run("run");

      assertThat(again.exit()).isZero();
      assertThat(again.out()).isEqualTo("Nothing to do: all 2 tasks of tasks.yml done.\n");
      assertThat(door.provider().requests()).hasSize(4);
      before.remove(".agent-runner/lock");
      assertThat(door.files()).containsAllEntriesOf(before).hasSize(before.size() + 1);
    }
  }

  @Test
  void a_task_left_out_by_the_policy_is_told_by_the_exit_code() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("fail_safe: {on_escalation: skip}\n");
      door.tasks("T1, pre_hooks: [ready]", "T2");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isEqualTo(3);
      assertThat(outcome.out()).contains("1 done, 1 skipped");
    }
  }

  @Test
  void quiet_says_a_line_a_task_and_no_more() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1", "T2");

      Outcome outcome = door.run("run", "--output", "quiet");

      assertThat(outcome.out()).isEqualTo("T1 completed\nT2 completed\n");
      assertThat(outcome.err()).isEqualTo("pays     claude claude-test: FRONT_DOOR_KEY, metered\n");
    }
  }

  @Test
  void json_is_the_events_and_a_summary() throws IOException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [second]", "T2");

      List<JsonNode> lines = json(door.run("run", "--output", "json"));

      JsonNode summary = lines.removeLast();
      assertThat(summary.path("type").asText()).isEqualTo("summary");
      assertThat(summary.path("exit").asInt(-1)).isZero();
      assertThat(summary.path("status").asText()).isEqualTo("completed");
      assertThat(summary.path("usage").path("total_tokens").asLong())
          .isEqualTo(lines.stream().mapToLong(FinishedRunsTest::tokens).sum())
          .isPositive();
      for (int i = 0; i < lines.size(); i++) {
        assertThat(lines.get(i).path("seq").asInt()).isEqualTo(i + 1);
      }
      assertThat(lines.getLast().path("type").asText()).isEqualTo("run.completed");
      assertThat(door.events()).hasSize(lines.size() + 1);
    }
  }

  private static long tokens(JsonNode event) {
    JsonNode usage = event.path("data").path("reply").path("usage");
    return usage.path("input_tokens").asLong() + usage.path("output_tokens").asLong();
  }

  static List<JsonNode> json(Outcome outcome) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : outcome.lines()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void status_tells_what_the_run_told() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]", "T2");
      door.run("run");

      Outcome status = door.run("status");

      assertThat(status.exit()).isZero();
      assertThat(status.out()).contains("completed", "T1  done ", "T2  done, unverified", "2 done");
    }
  }

  @Test
  void an_agent_that_makes_the_same_call_again_and_again_is_stopped() {
    Script circles = asked -> Reaction.calls("Let me see.", "list_files", Map.of());
    try (var door = new ProgramDoor(folder, circles)) {
      door.tasks("T1, max_attempts: 1");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.out()).contains("made the same call of list_files 8 times in a row");
      assertThat(door.provider().requests()).hasSize(8);
    }
  }

  @Test
  void an_agent_that_finds_no_end_is_stopped() {
    var calls = new AtomicInteger();
    Script circles =
        asked ->
            Reaction.calls(
                "Let me see.", "list_files", Map.of("path", "f" + calls.incrementAndGet()));
    try (var door = new ProgramDoor(folder, circles)) {
      door.configured("limits: {max_turns: 150, max_tokens: 1000000000}\n");
      door.tasks("T1, max_attempts: 1");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.out()).contains("did not finish within 150 turns");
      assertThat(door.provider().requests()).hasSize(150);
    }
  }

  @Test
  void the_key_appears_nowhere() {
    Script gossip =
        Script.ofFiles()
            .at("T1", 1, 1, new Reaction.Refuses(Trouble.OVERLOADED, "for " + ProgramDoor.KEY));
    try (var door = new ProgramDoor(folder, gossip)) {
      door.write(
          ".agent-runner/config.yml",
          door.read(".agent-runner/config.yml")
              .replace("hooks:\n", "hooks:\n  environment: \"env; exit 1\"\n"));
      door.tasks("T1, post_hooks: [environment], max_attempts: 2");

      Outcome outcome = door.run("run");
      Outcome config = door.run("config", "show");
      Outcome log = door.run("log");

      assertThat(outcome.exit()).as(outcome.err()).isEqualTo(1);
      assertThat(door.read("T1.txt")).isNotEmpty();
      assertThat(door.provider().requests().getFirst().headers()).containsValue(ProgramDoor.KEY);
      assertThat(List.of(outcome, config, log))
          .allSatisfy(one -> assertThat(one.out() + one.err()).doesNotContain(ProgramDoor.KEY));
      assertThat(door.files())
          .hasSizeGreaterThan(5)
          .allSatisfy((name, content) -> assertThat(content).doesNotContain(ProgramDoor.KEY));
    }
  }
}
