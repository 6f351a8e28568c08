package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import dev.agentrunner.testing.ScriptedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People who are told, seen from the front door. */
final class NotifyTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] NOTHING = {};

  @TempDir private Path folder;

  private static List<JsonNode> told(ProgramDoor door) throws IOException {
    List<JsonNode> told = new ArrayList<>();
    for (String line : door.read("told").lines().toList()) {
      told.add(JSON.readTree(line));
    }
    return told;
  }

  private static final String KEEP = "notify: [{command: \"cat >> told\"}]\n";

  @Test
  void failures_and_the_end_are_told_in_order() throws IOException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured(KEEP + "fail_safe: {max_attempts_per_task: 1}\n");
      door.tasks("T1, post_hooks: [fail]", "T2");

      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(1);
      assertThat(told(door))
          .extracting(n -> n.path("type").asText())
          .containsExactly("failure", "end");
      assertThat(told(door).getFirst().at("/data/task").asText()).isEqualTo("T1");
      assertThat(told(door).getFirst().at("/data/title").asText())
          .isEqualTo("tasks.yml: T1 failed");
      assertThat(told(door).getLast().at("/data/message").asText()).isEqualTo("1 task failed");
    }
  }

  @Test
  void a_limit_is_told_with_when_it_is_over() throws IOException {
    try (var door = new ProgramDoor(folder, asked -> Reaction.limits(7200))) {
      door.configured(KEEP);
      door.tasks("T1");

      assertThat(door.run("run").exit()).isEqualTo(75);

      assertThat(told(door)).hasSize(1);
      assertThat(told(door).getFirst().path("type").asText()).isEqualTo("limit");
      assertThat(told(door).getFirst().at("/data/resume_at").asText()).isNotEmpty();
    }
  }

  @Test
  void a_question_is_told_once_be_somebody_there_or_not() throws IOException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured(KEEP);
      door.tasks("T1, pre_hooks: [ready]");

      assertThat(door.run("run").exit()).isEqualTo(4);
      assertThat(told(door)).extracting(n -> n.path("type").asText()).containsExactly("need");

      door.write("told", "").attendedBy("s");
      assertThat(door.run("resume").exit()).isEqualTo(3);
      assertThat(told(door))
          .extracting(n -> n.path("type").asText())
          .containsExactly("need", "end");
    }
  }

  @Test
  void a_command_has_it_in_its_environment_too_and_no_keys() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured(
          "notify: [{on: end, command: [sh, -c, 'env | grep -e ^AGENT_RUNNER_ -e KEY > told']}]\n");
      door.tasks("T1");

      Outcome run = door.run("run");

      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(door.read("told"))
          .contains("AGENT_RUNNER_EVENT=end", "AGENT_RUNNER_TASKS_FILE=tasks.yml")
          .contains("AGENT_RUNNER_TITLE=tasks.yml: the run is over", "AGENT_RUNNER_RUN_ID=")
          .doesNotContain(ProgramDoor.KEY);
    }
  }

  @Test
  void a_webhook_is_posted_to_on_this_machine_and_signed() {
    try (var server = new ScriptedServer();
        var door = new ProgramDoor(folder, Script.ofFiles())) {
      server.next(200, Map.of(), NOTHING);
      door.with("HOOK_SECRET", "planted-hook-secret");
      door.configured(
          "notify: [{on: [end], webhook: \"%s/hook\", secret_env: HOOK_SECRET}]\n"
              .formatted(server.url()));
      door.tasks("T1");

      Outcome run = door.run("run");

      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(server.asked()).hasSize(1);
      assertThat(server.asked().getFirst().headers().get("webhook-signature")).startsWith("v1,");
      assertThat(server.asked().getFirst().body()).contains("\"type\":\"end\"");
    }
  }

  @Test
  void what_cannot_be_told_is_a_warning_and_changes_nothing() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured(
          """
          notify:
            - {on: [end], command: "exit 9"}
            - {on: [end], command: [no-such-program-anywhere]}
            - {on: [end], webhook: "env:NO_SUCH_ADDRESS"}
          """);
      door.tasks("T1, post_hooks: [pass]");

      Outcome run = door.run("run");

      assertThat(run.exit()).isZero();
      assertThat(run.out()).contains("1 done");
      assertThat(run.err())
          .contains("Warning: notify: the command of notify ended with 9")
          .contains("Warning: notify: the command of notify could not be started")
          .contains("Warning: notify: the webhook has no address");
    }
  }

  @Test
  void an_address_that_is_a_secret_is_not_shown() {
    String secret = "/services/T0PLANTED/B0PLANTED/x7f3a91c2x7f3a91c2";
    try (var server = new ScriptedServer();
        var door = new ProgramDoor(folder, Script.ofFiles())) {
      server.next(404, Map.of(), NOTHING);
      door.configured("notify: [{on: end, webhook: \"%s%s\"}]\n".formatted(server.url(), secret));
      door.tasks("T1");

      Outcome run = door.run("run");
      Outcome shown = door.run("config", "show");

      assertThat(run.err()).contains("127.0.0.1 answered 404").doesNotContain("PLANTED");
      assertThat(shown.out()).contains("webhook: ***").doesNotContain("PLANTED");
    }
  }

  @Test
  void a_notification_that_reaches_nobody_is_a_fault() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("notify: [{on: [end]}, {desktop: true, secret_env: X}]\n");
      door.tasks("T1");

      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(2);
      assertThat(run.err())
          .contains("this notification reaches nobody", "a secret without a webhook");
    }
  }
}
