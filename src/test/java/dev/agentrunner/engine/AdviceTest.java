package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.DecisionCheck;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.StateJson;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person has the next attempt told. */
class AdviceTest {

  private static final Bounds ONE_ATTEMPT = new Bounds(1, 20, 100_000, Duration.ofMinutes(10));

  private final Scene scene = new Scene();
  private final Plan plan =
      Tasks.plan(AgentTools.specs(), task("T1", List.of(), List.of("tests"), ONE_ATTEMPT));

  @BeforeEach
  void the_third_attempt_passes() {
    scene.processes.on(
        "tests",
        job -> exits(job.environment().get("AGENT_RUNNER_ATTEMPT").equals("3") ? 0 : 1, "no"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      scene.model.at("T1", attempt, 1, says("done"));
    }
  }

  private void advise(String... words) {
    scene.person =
        asked -> Optional.of(scene.asked.size() <= words.length ? Decision.RETRY : Decision.ABORT);
    scene.advice =
        asked ->
            Optional.of(scene.asked.size() - 1)
                .filter(nth -> nth < words.length && !words[nth].isEmpty())
                .map(nth -> words[nth]);
  }

  @Test
  void it_stands_in_the_prompt_of_the_next_attempt_and_of_those_after_it() {
    advise("Mind the {{title}} of a.txt.", "");

    assertThat(scene.begin(plan).status()).isEqualTo(RunStatus.COMPLETED);

    assertThat(scene.prompt(0)).doesNotContain("the person in charge");
    assertThat(scene.prompt(1))
        .contains("## What the person in charge adds\n\nMind the {{title}} of a.txt.\n");
    assertThat(scene.prompt(2)).contains("Mind the {{title}} of a.txt.");
  }

  @Test
  void what_is_written_later_takes_its_place() {
    advise("Use red.", "Use blue.");

    scene.begin(plan);

    assertThat(scene.prompt(2)).contains("Use blue.").doesNotContain("Use red.");
  }

  @Test
  void it_is_in_the_state_of_a_run_that_is_stopped_and_gone_on_with() {
    advise("Use red.");
    RunState stopped = scene.begin(plan);
    StateJson json = new StateJson(run -> Bodies.INLINE);
    scene.person = asked -> Optional.of(Decision.RETRY);

    RunState read = json.read(json.write(stopped));

    assertThat(read).isEqualTo(stopped);
    assertThat(read.tasks().getFirst().lessons().advice()).contains("Use red.");
  }

  @Test
  void secrets_in_it_are_masked_before_anybody_is_told() {
    advise("Log in with ghp_abcdefghijklmnopqrstuvwxyz0123456789.");

    scene.begin(plan);

    assertThat(scene.events().toString()).doesNotContain("ghp_abcdefgh");
    assertThat(scene.prompt(1)).contains("Log in with [masked");
  }

  @Test
  void a_replay_decides_the_same() {
    advise("Use red.", "Use blue.");
    scene.begin(plan);

    DecisionCheck check = DecisionCheckTest.check(scene, plan, DecisionCheckTest.digests(plan));

    assertThat(check.differences()).isEmpty();
    assertThat(check.notCompared()).isZero();
  }
}
