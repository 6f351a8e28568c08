package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.did;
import static dev.agentrunner.testing.ScriptedModel.fails;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.session;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.givenTo;
import static dev.agentrunner.testing.Tasks.task;
import static dev.agentrunner.testing.Tasks.withFallback;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FallbackTest {

  private static final ModelFailure USED_UP = new ModelFailure.Window("used up", Optional.empty());
  private static final ModelFailure NO_CREDIT = new ModelFailure.Denied("no credit");

  private final Scene scene = new Scene();
  private final Instant began = scene.clock.instant();

  private static Plan plan(Task... tasks) {
    return Tasks.plan(AgentTools.specs(), tasks);
  }

  @Test
  void when_a_quota_is_used_up_in_the_middle_the_next_provider_goes_on_with_what_was_said() {
    scene
        .model
        .at("T1", 1, 1, calls(write("w", "a.txt", "A")))
        .at("T1", 1, 2, fails(USED_UP), says("done"));

    RunState state = scene.begin(plan(withFallback(task("T1"), "second")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.providersAsked).containsExactly("scripted", "scripted", "second");
    assertThat(scene.model.requests.getLast().messages()).hasSize(3);
    assertThat(scene.events())
        .filteredOn(RunEvent.ProviderSwitched.class::isInstance)
        .containsExactly(
            new RunEvent.ProviderSwitched(
                state.tasks().getFirst().id(),
                1,
                "scripted",
                "second",
                "scripted-1",
                false,
                "used up"));
  }

  @Test
  void the_tasks_that_follow_do_not_ask_the_provider_again_before_its_quota_is_back() {
    scene.down.put("scripted", USED_UP);
    scene.model.at("T1", 1, 1, says("done")).at("T2", 1, 1, says("done"));

    scene.begin(plan(withFallback(task("T1"), "second"), withFallback(task("T2"), "second")));

    assertThat(scene.providersAsked).containsExactly("scripted", "second", "second");
  }

  @Test
  void the_preferred_provider_is_asked_again_once_its_quota_is_back() {
    scene.down.put(
        "scripted",
        new ModelFailure.Window(
            "used up", Optional.of(scene.clock.instant().plus(Duration.ofMinutes(5)))));
    scene.model.at("T1", 1, 1, says("done")).at("T2", 1, 1, says("done"));
    scene.processes.on(
        "tests",
        job -> {
          scene.down.clear();
          scene.clock.advance(Duration.ofMinutes(6));
          return exits(0, "");
        });

    scene.begin(plan(withFallback(task("T1"), "second"), withFallback(task("T2"), "second")));

    assertThat(scene.providersAsked).containsExactly("scripted", "second", "scripted");
  }

  @Test
  void when_all_quotas_are_used_up_the_run_waits_for_the_first_one_that_is_back() {
    scene.down.put("scripted", window(Duration.ofHours(5)));
    scene.down.put("second", window(Duration.ofHours(2)));
    scene.down.put("third", window(Duration.ofHours(9)));

    RunState state = scene.begin(plan(withFallback(task("T1"), "second", "third")));

    assertThat(state.pause())
        .hasValueSatisfying(pause -> {
          assertThat(pause.reason()).isEqualTo(PauseReason.QUOTA);
          assertThat(pause.resumeAt()).contains(began.plus(Duration.ofHours(2)));
        });
    assertThat(scene.providersAsked).containsExactly("scripted", "second", "third");
  }

  private ModelFailure window(Duration wait) {
    return new ModelFailure.Window("used up", Optional.of(began.plus(wait)));
  }

  @Test
  void a_reset_in_the_past_does_not_have_two_providers_hand_the_work_to_and_fro() {
    scene.down.put("scripted", window(Duration.ofSeconds(-5)));
    scene.down.put("second", window(Duration.ofSeconds(-5)));

    RunState state = scene.begin(plan(withFallback(task("T1"), "second")));

    assertThat(state.pause()).isPresent();
    assertThat(scene.providersAsked).containsExactly("scripted", "second");
  }

  @Test
  void a_refused_key_is_not_tried_again_until_a_person_resumes_the_run() {
    scene.down.put("scripted", NO_CREDIT);
    scene
        .model
        .at("T1", 1, 1, says("done"))
        .at("T2", 1, 1, fails(new ModelFailure.Denied("no")), says("done"));
    Plan plan = plan(withFallback(task("T1"), "second"), withFallback(task("T2"), "second"));

    RunState state = scene.begin(plan);
    assertThat(state.pause())
        .hasValueSatisfying(pause -> assertThat(pause.reason()).isEqualTo(PauseReason.ENVIRONMENT));
    scene.down.clear();
    state = scene.resume(plan, state);

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.providersAsked).containsExactly("scripted", "second", "second", "second");
  }

  @Test
  void a_provider_that_stays_down_is_replaced_once_its_retries_are_used_up() {
    scene.down.put("scripted", new ModelFailure.Transient("503", Optional.empty()));
    scene.model.at("T1", 1, 1, says("done"));

    RunState state = scene.begin(plan(withFallback(task("T1"), "second")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.providersAsked).containsExactly("scripted", "scripted", "scripted", "second");
  }

  @Test
  void what_one_will_never_do_is_asked_of_those_behind_it_and_of_nobody_twice() {
    ModelFailure tooLong = new ModelFailure.Unusable("too long");
    scene.down.put("scripted", tooLong);
    scene.down.put("second", tooLong);

    RunState state = scene.begin(plan(withFallback(task("T1"), "second")));

    assertThat(state.tasks().getFirst().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(scene.providersAsked).containsExactly("scripted", "second");
  }

  @Test
  void an_agent_of_its_own_begins_anew_with_the_prompt() {
    scene
        .model
        .at("T1", 1, 1, calls(write("w", "a.txt", "A")))
        .at("T1", 1, 2, fails(USED_UP), did("edit", "a.txt", "s1"));

    RunState state = scene.begin(plan(withFallback(task("T1"), "cli")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.model.requests.getLast().messages())
        .singleElement()
        .isInstanceOf(Message.User.class);
  }

  @Test
  void the_next_attempt_goes_on_with_the_session_of_the_last() {
    scene
        .model
        .at("T1", 1, 1, did("edit", "a.txt", "s1"))
        .at("T1", 2, 1, did("edit", "a.txt", "s1"));
    scene.processes.on(
        "tests",
        job ->
            job.environment().get("AGENT_RUNNER_ATTEMPT").equals("1")
                ? exits(1, "not yet")
                : exits(0, ""));

    RunState state = scene.begin(plan(givenTo("cli", task("T1"))));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    List<Message> second = scene.model.requests.getLast().messages();
    assertThat(second).hasSize(2);
    assertThat(second.getFirst())
        .isInstanceOfSatisfying(
            Message.Assistant.class,
            said -> assertThat(said.reply().echo()).contains(session("s1")));
    assertThat(((Message.User) second.getLast()).text()).contains("not yet");
  }

  @Test
  void an_agent_whose_quota_ran_out_in_the_middle_goes_on_with_its_session() {
    scene.model.at(
        "T1",
        1,
        1,
        new Answer.Failed(USED_UP, Usage.NONE, Optional.of(session("s1"))),
        did("edit", "a.txt", "s1"));
    Plan plan = plan(givenTo("cli", task("T1")));

    RunState state = scene.resume(plan, scene.begin(plan));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.model.requests.getLast().messages())
        .last()
        .isInstanceOfSatisfying(
            Message.Assistant.class,
            said -> {
              assertThat(said.reply().stop()).isEqualTo(Stop.PAUSED);
              assertThat(said.reply().echo()).contains(session("s1"));
            });
  }
}
