package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/** Runs done by an agent's command line, seen from the front door; {@code claude} is a script. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class AgentRunsTest {

  /** Writes down how it was started, and does what is asked of it at the second start. */
  private static final String CLAUDE =
      """
      #!/bin/sh
      here=$(dirname "$0")
      cat > "$here/prompt"
      echo $(echo "$@") >> "$here/words"
      case "$1" in
        --version) echo "2.1.197 (Claude Code)"; exit 0 ;;
        auth) test -e "$here/logged-in"; exit $? ;;
      esac
      echo start >> "$here/starts"
      wc -l < "$here/starts" | tr -d ' ' > count.txt
      echo '{"type":"system","subtype":"init","session_id":"s-1","model":"claude-x"}'
      if test -e "$here/limited"; then
        echo '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":4102444800,"rateLimitType":"five_hour"}}'
        echo '{"type":"result","subtype":"success","is_error":true,"session_id":"s-1","result":"You have hit your session limit","usage":{"input_tokens":1,"output_tokens":2}}'
        exit 1
      fi
      if test -e "$here/unsure" && test $(wc -l < "$here/starts") = 1; then
        printf '%s\\n' '{"type":"result","subtype":"success","is_error":false,"session_id":"s-1","result":"I looked.\\n\\nNEEDS DECISION: Red or blue?","usage":{"input_tokens":1,"output_tokens":2}}'
        exit 0
      fi
      echo '{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t1","name":"Write","input":{"file_path":"count.txt"}}]}}'
      echo '{"type":"result","subtype":"success","is_error":false,"session_id":"s-1","result":"I counted.","total_cost_usd":0.01,"usage":{"input_tokens":1,"output_tokens":2}}'
      """;

  @TempDir private Path folder;
  private ProgramDoor door;

  @BeforeEach
  void a_project_with_an_agent() {
    door = new ProgramDoor(folder, Script.ofFiles());
    door.write("bin/claude", CLAUDE);
    door.project().resolve("bin/claude").toFile().setExecutable(true);
    door.with("PATH", door.project().resolve("bin") + ":" + System.getenv("PATH"))
        .with("ANTHROPIC_API_KEY", "")
        .with("CLAUDE_CODE_OAUTH_TOKEN", "token-of-the-test");
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void an_agent_does_a_task_and_is_told_what_failed_of_it() {
    door.tasks("T1, post_hooks: [second]");

    Outcome outcome = door.run("run", "--provider", "claude-code", "tasks.yml");

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(door.read("count.txt")).isEqualTo("2\n");
    assertThat(door.read("bin/prompt")).contains("T1 does it", "attempt 1");
    assertThat(outcome.err()).contains("Write count.txt", "I counted.");
    assertThat(door.read("bin/words").lines())
        .satisfiesExactly(
            first -> assertThat(first).doesNotContain("--resume"),
            second -> assertThat(second).contains("--resume s-1"));
  }

  @Test
  void an_agent_that_meets_its_limit_goes_on_in_the_same_session_when_it_is_resumed() {
    door.tasks("T1").write("bin/limited", "");

    Outcome first = door.run("run", "--provider", "claude-code", "tasks.yml");
    door.delete("bin/limited");
    Outcome second = door.run("resume", "--provider", "claude-code", "tasks.yml");

    assertThat(first.exit()).as(first.err()).isEqualTo(75);
    assertThat(first.err()).contains("limit");
    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(door.read("bin/words").lines().toList().getLast()).contains("--resume s-1");
  }

  @Test
  void an_agent_that_needs_a_decision_is_set_aside_until_it_is_answered() {
    door.tasks("T1, provider: claude-code").write("bin/unsure", "");

    Outcome first = door.run("run");
    Outcome answer = door.run("answer", "T1", "blue");
    Outcome second = door.run("resume");

    assertThat(first.exit()).as(first.err()).isEqualTo(4);
    assertThat(first.out()).contains("A person must decide: T1: Red or blue?");
    assertThat(answer.exit()).isZero();
    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(door.read("bin/prompt"))
        .contains("You asked: Red or blue?", "A person answers: blue");
    assertThat(door.read("bin/words").lines().toList().getLast()).contains("--resume s-1");
    assertThat(door.run("replay").exit()).isZero();
  }

  @Test
  void the_windows_of_its_subscription_are_among_the_limits() throws Exception {
    door.configured("fallback: [claude-code]\n").tasks("T1, provider: claude-code");
    Outcome before = door.run("limits");
    door.run("run");

    Outcome after = door.run("limits");
    JsonNode providers =
        new ObjectMapper().readTree(door.run("limits", "-o", "json").out()).path("providers");
    JsonNode plan = providers.path(0).path("plan");

    assertThat(before.out())
        .contains("five hour of claude-subscription", "0 calls and 0 tokens used from here")
        .contains("seven day of claude-subscription");
    assertThat(after.out()).contains("1 call and 3 tokens used from here, left unknown, resets ");
    assertThat(providers).as("nobody else was asked").hasSize(1);
    assertThat(plan).hasSize(2);
    assertThat(plan.path(0).path("seconds").asInt()).isEqualTo(18_000);
  }

  @Test
  void who_is_paid_by_the_call_has_no_such_windows() {
    door.with("CLAUDE_CODE_OAUTH_TOKEN", "").with("ANTHROPIC_API_KEY", "sk-of-the-test");
    door.configured("fallback: [claude-code]\n");

    assertThat(door.run("limits").out()).doesNotContain("subscription");
  }

  @Test
  void those_that_stand_in_say_who_pays_too() {
    door.tasks("T1, provider: claude-code, fallback: [claude]");

    Outcome outcome = door.run("run", "tasks.yml");

    assertThat(outcome.err().lines().limit(2))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("pays     claude-code "),
            second -> assertThat(second).startsWith("pays     claude ").contains("FRONT_DOOR_KEY"));
  }

  @Test
  void a_check_asks_an_agent_for_its_version_and_its_login() {
    door.write("bin/logged-in", "");

    Outcome fine = door.run("providers", "check", "claude-code");
    door.delete("bin/logged-in");
    Outcome out = door.run("providers", "check", "claude-code");

    assertThat(fine.exit()).as(fine.out()).isZero();
    assertThat(fine.out()).contains("2.1.197 (Claude Code)", "not metered", "dontAsk");
    assertThat(out.exit()).isEqualTo(5);
    assertThat(out.out()).contains("nobody is logged in", "Log in:");
    assertThat(door.read("bin/words")).doesNotContain("stream-json");
  }

  @Test
  void an_agent_that_is_not_there_is_listed_with_the_way_to_get_it() {
    Outcome list = door.with("PATH", "/nowhere").run("providers", "list");
    Outcome check = door.run("providers", "check", "codex");

    assertThat(list.exit()).isZero();
    assertThat(list.out()).contains("npm install -g @openai/codex");
    assertThat(check.exit()).isEqualTo(5);
    assertThat(check.out()).contains("npm install -g @openai/codex");
  }

  @Test
  void patterns_of_ones_own_take_the_place_of_those_that_ship() {
    door.write("capture.txt", "Enough for today, says the house.\n")
        .write(
            "mine.yml",
            """
            version: mine-1
            rules:
              - {id: house, class: window, match: 'Enough for today'}
            """);
    String capture = door.project().resolve("capture.txt").toString();

    Outcome shipped = door.run("limits", "test", capture);
    Outcome own = door.run("limits", "test", capture, "--patterns", "mine.yml");

    assertThat(shipped.exit()).isEqualTo(1);
    assertThat(own.exit()).as(own.err()).isZero();
    assertThat(own.out()).contains("rule     house (patterns of mine-1)");
  }

  @Test
  void the_first_line_says_who_pays_however_the_run_is_shown() {
    for (String how : new String[] {"plain", "quiet", "json"}) {
      door.tasks("T" + how);

      Outcome outcome = door.run("run", "-o", how, "--provider", "claude-code", "tasks.yml");

      assertThat(outcome.err().lines().findFirst())
          .contains(
              "pays     claude-code default: the login in CLAUDE_CODE_OAUTH_TOKEN, not metered");
      assertThat(outcome.out() + outcome.err()).doesNotContain("token-of-the-test");
    }
  }

  @Test
  void nothing_begins_while_it_is_not_clear_who_pays() {
    door.tasks("T1").with("ANTHROPIC_API_KEY", "key-of-the-test");

    Outcome outcome = door.run("run", "--provider", "claude-code", "tasks.yml");

    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("billing: subscription", "providers.claude-code")
        .doesNotContain("key-of-the-test");
    assertThat(door.events()).isEmpty();
  }

  @Test
  void an_agent_cannot_be_recorded() {
    door.tasks("T1");

    Outcome outcome =
        door.run("run", "--record", "c.yml", "--provider", "claude-code", "tasks.yml");

    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("--record", "claude-code");
  }

  @Test
  void a_captured_limit_is_explained() {
    door.write("capture.txt", "Claude AI usage limit reached|1749924000\n");

    Outcome outcome = door.run("limits", "test", door.project().resolve("capture.txt").toString());

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("claude-unix-time", "window", "2025-06-14T18:00:00Z", "(over)");
  }

  @Test
  void what_is_no_limit_is_said_to_be_none() {
    door.write("capture.txt", "import ratelimit from '@upstash/ratelimit'\n");

    Outcome outcome = door.run("limits", "test", door.project().resolve("capture.txt").toString());

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.out()).contains("none");
  }
}
