package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.command;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.BOUNDS;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.policy.CommandPattern;
import dev.agentrunner.core.policy.CommandRules;
import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Consent.Word;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.ApprovalGiven;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.core.task.ToolSettings.Unattended;
import dev.agentrunner.port.Processes;
import dev.agentrunner.testing.MemoryEventLog;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of commands in a run: leave asked for, bound to the call, and never run twice. */
final class CommandStepsTest {

  private static final Plan PLAN = plan(Unattended.REFUSE, Sandboxing.AUTO);

  private final Scene scene = new Scene();

  private static Plan plan(Unattended unattended, Sandboxing sandbox) {
    Task task = task("T1", List.of(), List.of(), BOUNDS);
    return Tasks.with(
        new ToolSettings(
            new CommandRules(
                List.of(new CommandPattern("pytest *")),
                List.of(),
                List.of(new CommandPattern("git push *")),
                true),
            false,
            List.of(new CommandPattern("pip install *")),
            List.of("CARGO_HOME"),
            unattended,
            sandbox),
        Tasks.plan(AgentTools.specs(), task));
  }

  private void modelRuns(String... lines) {
    scene.model.at("T1", 1, 1, calls(command("c1", lines[0])));
    for (int i = 1; i < lines.length; i++) {
      scene.model.at("T1", 1, i + 1, calls(command("c" + (i + 1), lines[i])));
    }
    scene.model.at("T1", 1, lines.length + 1, says("done"));
  }

  private List<String> told() {
    return scene.events().stream()
        .filter(RunEvent.ToolReturned.class::isInstance)
        .map(event -> ((RunEvent.ToolReturned) event).result())
        .map(ToolResult::text)
        .toList();
  }

  private List<String> ran() {
    return scene.processes.jobs.stream().map(job -> job.command().shown()).toList();
  }

  private RunState replayed(List<Recorded> history) {
    RunState state = RunState.empty(Scene.RUN);
    for (Recorded recorded : history) {
      state = state.after(recorded);
    }
    return state;
  }

  @Test
  void what_the_rules_allow_runs_confined_and_tells_its_exit_code() {
    modelRuns("ls", "pytest -q");
    scene.processes.on("pytest -q", job -> exits(1, "1 failed"));

    scene.begin(PLAN);

    assertThat(told())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("<untrusted ").contains("\nexit code 0\nok\n"),
            second ->
                assertThat(second).startsWith("<untrusted ").contains("\nexit code 1\n1 failed\n"));
    assertThat(scene.requested).isEmpty();
    assertThat(scene.processes.jobs)
        .extracting(Processes.Job::confinement)
        .allMatch(Optional::isPresent)
        .allMatch(confinement -> !confinement.orElseThrow().network());
  }

  @Test
  void what_is_denied_does_not_run_whoever_sits_there() {
    modelRuns("git push origin main");
    scene.leave = request -> Optional.of(new Consent(Word.YES, ""));

    RunState end = scene.begin(PLAN);

    assertThat(ran()).isEmpty();
    assertThat(told()).singleElement().asString().contains("Not allowed", "git push *");
    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void where_nobody_is_there_the_model_is_told_and_goes_on() {
    modelRuns("make");

    RunState end = scene.begin(PLAN);

    assertThat(ran()).isEmpty();
    assertThat(told()).singleElement().asString().contains("nobody is there");
    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.events())
        .filteredOn(ApprovalGiven.class::isInstance)
        .extracting(event -> ((ApprovalGiven) event).by())
        .containsExactly("policy");
  }

  @Test
  void a_yes_is_for_one_call_and_always_for_the_rule_that_was_shown() {
    modelRuns("make", "make", "make", "make all");
    List<Word> words = List.of(Word.YES, Word.ALWAYS, Word.NO);
    scene.leave =
        request -> Optional.of(new Consent(words.get(scene.requested.size() - 1), "not all"));

    scene.begin(PLAN);

    assertThat(scene.requested)
        .extracting(ApprovalRequested::rules)
        .containsExactly(List.of("make"), List.of("make"), List.of("make all"));
    assertThat(ran()).containsExactly("make", "make", "make");
    assertThat(told().getLast()).contains("A person said no: not all");
  }

  @Test
  void the_whole_call_is_shown_with_nothing_hidden_in_it() {
    modelRuns("make \u001b[2K\u202etset\nrm x");

    scene.begin(PLAN);

    assertThat(scene.requested)
        .singleElement()
        .extracting(ApprovalRequested::shown)
        .isEqualTo("run_command in /tasks/.\n  command: make \\u{1b}[2K\\u{202e}tset\n    | rm x");
  }

  @Test
  void a_parked_question_is_asked_again_on_resume() {
    modelRuns("make");
    Plan parking = plan(Unattended.PARK, Sandboxing.AUTO);

    RunState parked = scene.begin(parking);
    RunState still = scene.resume(parking, parked);
    scene.leave = request -> Optional.of(new Consent(Word.YES, ""));
    RunState end = scene.resume(parking, still);

    assertThat(parked.pause().orElseThrow().message()).contains("command: make");
    assertThat(scene.events())
        .as("one question, whoever looks at it")
        .filteredOn(ApprovalRequested.class::isInstance)
        .hasSize(1);
    assertThat(ran()).containsExactly("make");
    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void time_spent_waiting_for_leave_does_not_count() {
    modelRuns("make");
    scene.leave =
        request -> {
          scene.clock.set(scene.clock.instant().plus(Duration.ofDays(1)));
          return Optional.of(new Consent(Word.YES, ""));
        };

    assertThat(scene.begin(PLAN).status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void leave_that_was_given_holds_after_a_crash_for_the_same_call_only() {
    modelRuns("make");
    scene.leave = request -> Optional.of(new Consent(Word.YES, ""));
    scene.begin(PLAN);
    List<Recorded> history = scene.log.all(Scene.RUN);
    int given = 0;
    while (!(history.get(given).event() instanceof ApprovalGiven)) {
      given++;
    }
    List<Recorded> cut = history.subList(0, given + 1);

    Scene again = new Scene();
    again.model.at("T1", 1, 2, says("done"));
    again.log = MemoryEventLog.holding(Scene.RUN, cut);
    again.clock.set(cut.getLast().at());
    again.resume(PLAN, replayed(cut));

    Scene elsewhere = new Scene();
    elsewhere.model.at("T1", 1, 2, says("done"));
    elsewhere.log = MemoryEventLog.holding(Scene.RUN, cut);
    elsewhere.clock.set(cut.getLast().at());
    elsewhere.resume(movedTo("other"), replayed(cut));

    assertThat(again.requested).isEmpty();
    assertThat(again.processes.jobs).hasSize(1);
    assertThat(elsewhere.requested).as("another folder is another call").hasSize(1);
    assertThat(elsewhere.processes.jobs).isEmpty();
  }

  private static Plan movedTo(String folder) {
    Task task = task("T1", List.of(), List.of(), BOUNDS);
    Task moved =
        new Task(
            task.id(),
            task.brief(),
            folder,
            task.protect(),
            task.dependsOn(),
            task.gates(),
            task.agent(),
            task.bounds(),
            task.delivery());
    return new Plan(Map.of(moved.id(), moved), PLAN.settings(), PLAN.system(), PLAN.tools());
  }

  @Test
  void a_command_that_was_cut_off_is_repeated_only_if_it_looks() {
    modelRuns("ls", "pytest");
    scene.processes.on("ls", job -> interruptedBy(scene));
    RunState first = scene.begin(PLAN);
    scene.processes.on("ls", job -> exits(0, "a"));
    scene.processes.on("pytest", job -> interruptedBy(scene));
    RunState second = scene.resume(PLAN, first);
    scene.processes.on("pytest", job -> exits(0, "b"));
    RunState end = scene.resume(PLAN, second);

    assertThat(ran()).containsExactly("ls", "ls", "pytest");
    assertThat(told()).hasSize(2).last().asString().contains("was interrupted");
    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.events()).filteredOn(RunEvent.StepInterrupted.class::isInstance).hasSize(2);
  }

  private static HookResult interruptedBy(Scene scene) {
    scene.stop.request();
    return new HookResult(new HookResult.Interrupted(), "", 0, "", Duration.ZERO);
  }

  @Test
  void without_a_sandbox_nothing_runs_and_the_user_is_told() {
    modelRuns("ls");
    scene.processes.on("ls", job -> notStarted("there is no bwrap"));

    scene.begin(PLAN);

    assertThat(told()).singleElement().asString().contains("was not run: there is no bwrap");
    assertThat(warnings()).singleElement().asString().contains("bubblewrap", "sandbox: off");
  }

  private static HookResult notStarted(String why) {
    return new HookResult(new HookResult.NotStarted(why), "", 0, "", Duration.ZERO);
  }

  @Test
  void with_the_sandbox_off_every_run_begins_with_a_warning() {
    modelRuns("ls");

    scene.begin(plan(Unattended.REFUSE, Sandboxing.OFF));

    assertThat(warnings()).singleElement().asString().contains("sandbox: off");
  }

  private List<String> warnings() {
    return scene.events().stream()
        .filter(RunEvent.RunWarned.class::isInstance)
        .map(event -> ((RunEvent.RunWarned) event).message())
        .toList();
  }

  @Test
  void the_network_is_for_lines_that_the_rules_cover_whole() {
    modelRuns("pip install x", "pip install x; curl y");
    scene.leave = request -> Optional.of(new Consent(Word.YES, ""));

    scene.begin(PLAN);

    assertThat(scene.processes.jobs)
        .extracting(job -> job.confinement().orElseThrow().network())
        .containsExactly(true, false);
  }
}
