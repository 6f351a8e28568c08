package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.call;
import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.finish;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is done when attempts, or calls, come to the same again and again. */
class NoProgressTest {

  private static final Bounds FIVE_ATTEMPTS = new Bounds(5, 20, 100_000, Duration.ofMinutes(10));

  private final Scene scene = new Scene();
  private final Plan plan =
      Tasks.withCheckpoints(
          Tasks.plan(AgentTools.specs(), task("T1", List.of(), List.of("tests"), FIVE_ATTEMPTS)));

  private int attempts(RunState state) {
    return state.tasks().getFirst().attempts();
  }

  @Test
  void two_attempts_that_end_alike_are_the_last() {
    scene.processes.on(
        "tests",
        job ->
            exits(1, "FAILED test_a in 0." + job.environment().get("AGENT_RUNNER_ATTEMPT") + "s"));
    scene
        .model
        .at("T1", 1, 1, calls(write("w1", "a.txt", "A"), finish("f1")))
        .at("T1", 2, 1, calls(write("w1", "a.txt", "A"), finish("f1")));

    RunState state = scene.begin(plan);

    assertThat(attempts(state)).isEqualTo(2);
    assertThat(state.tasks().getFirst().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(scene.asked).hasSize(1);
    assertThat(scene.asked.getFirst().cause()).isEqualTo(Escalation.Cause.NO_PROGRESS);
    assertThat(scene.asked.getFirst().summary())
        .startsWith(
            "attempts 1 and 2 left the same files and failed the same way; the last: post-hook tests: exit 1")
        .endsWith("FAILED test_a in 0.2s");
  }

  @Test
  void another_failure_is_progress() {
    scene.processes.on(
        "tests",
        job -> {
          int attempt = Integer.parseInt(job.environment().get("AGENT_RUNNER_ATTEMPT"));
          return exits(attempt == 4 ? 0 : 1, "FAILED test_" + "abcd".charAt(attempt - 1));
        });
    for (int attempt = 1; attempt <= 4; attempt++) {
      scene.model.at("T1", attempt, 1, calls(write("w1", "a.txt", "A" + attempt), finish("f1")));
    }

    assertThat(scene.begin(plan).status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void the_same_failure_of_other_files_is_progress() {
    scene.processes.on(
        "tests",
        job -> exits(job.environment().get("AGENT_RUNNER_ATTEMPT").equals("4") ? 0 : 1, "FAILED"));
    for (int attempt = 1; attempt <= 4; attempt++) {
      scene.model.at("T1", attempt, 1, calls(write("w1", "a.txt", "A" + attempt), finish("f1")));
    }

    assertThat(scene.begin(plan).status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void two_attempts_that_change_no_file_are_the_last_whatever_the_hook_says() {
    scene.processes.on(
        "tests",
        job -> exits(1, job.environment().get("AGENT_RUNNER_ATTEMPT").equals("1") ? "a" : "b"));
    scene.model.at("T1", 1, 1, says("done")).at("T1", 2, 1, says("done"));

    scene.begin(plan);

    assertThat(scene.asked.getFirst().summary())
        .startsWith("attempts 1 and 2 changed no file; the last: post-hook tests: exit 1");
  }

  @Test
  void a_person_who_wants_one_more_gets_one_more() {
    scene.processes.on("tests", job -> exits(1, "no"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      scene.model.at("T1", attempt, 1, says("done"));
    }
    scene.answers.add(Decision.RETRY);

    RunState state = scene.begin(plan);

    assertThat(attempts(state)).isEqualTo(3);
    assertThat(scene.asked)
        .extracting(Escalation::cause)
        .containsExactly(Escalation.Cause.NO_PROGRESS, Escalation.Cause.NO_PROGRESS);
  }

  @Test
  void without_checkpoints_every_attempt_is_made() {
    scene.processes.on("tests", job -> exits(1, "no"));
    for (int attempt = 1; attempt <= 5; attempt++) {
      scene.model.at("T1", attempt, 1, says("done"));
    }
    Plan bare =
        Tasks.plan(AgentTools.specs(), task("T1", List.of(), List.of("tests"), FIVE_ATTEMPTS));

    assertThat(attempts(scene.begin(bare))).isEqualTo(5);
  }

  @Test
  void a_model_that_makes_the_same_call_over_and_over_is_told_once_and_then_stopped() {
    scene.workspaces.files.put("a.txt", "one");
    scene.processes.on("tests", job -> exits(0, ""));
    for (int turn = 1; turn <= 8; turn++) {
      scene.model.at("T1", 1, turn, calls(call("c" + turn, "read_file", Map.of("path", "a.txt"))));
    }
    scene.model.at("T1", 2, 1, says("done"));

    RunState state = scene.begin(plan);

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.events())
        .filteredOn(RunEvent.AttemptFailed.class::isInstance)
        .extracting(event -> ((RunEvent.AttemptFailed) event).reason())
        .containsExactly("the agent made the same call of read_file 8 times in a row");
    assertThat(remarks(7))
        .containsExactly(
            "You have called read_file 4 times in a row with the very same arguments, and it told you the same each time. Do something else, or call finish if the task is done.");
  }

  @Test
  void calls_that_are_told_something_else_are_not_the_same() {
    scene.processes.on("tests", job -> exits(0, ""));
    for (int turn = 1; turn <= 5; turn++) {
      scene.model.at(
          "T1",
          1,
          turn,
          calls(
              call("r" + turn, "read_file", Map.of("path", "a.txt")),
              write("w" + turn, "a.txt", "A" + turn)));
    }
    scene.model.at("T1", 1, 6, says("done"));

    scene.begin(plan);

    assertThat(remarks(5)).isEmpty();
  }

  /** What we said to the model after the prompt, in the {@code nth} request from 0. */
  private List<String> remarks(int nth) {
    return scene.model.requests.get(nth).messages().stream()
        .filter(Message.User.class::isInstance)
        .map(message -> ((Message.User) message).text())
        .skip(1)
        .toList();
  }
}
