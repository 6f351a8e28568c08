package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.call;
import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.command;
import static dev.agentrunner.testing.ScriptedModel.did;
import static dev.agentrunner.testing.ScriptedModel.edit;
import static dev.agentrunner.testing.ScriptedModel.fails;
import static dev.agentrunner.testing.ScriptedModel.finish;
import static dev.agentrunner.testing.ScriptedModel.reply;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.BOUNDS;
import static dev.agentrunner.testing.Tasks.delivered;
import static dev.agentrunner.testing.Tasks.gated;
import static dev.agentrunner.testing.Tasks.givenTo;
import static dev.agentrunner.testing.Tasks.guarded;
import static dev.agentrunner.testing.Tasks.task;
import static dev.agentrunner.testing.Tasks.withFallback;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.policy.CommandRules;
import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.Baseline;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Consequence;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.Gates;
import dev.agentrunner.core.task.GiveUp;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.OnTamper;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.core.task.When;
import dev.agentrunner.testing.MemoryCheckpoints;
import dev.agentrunner.testing.MemoryEventLog;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promise everything else stands on: wherever a run is cut, before or after the effect of the
 * step under way, going on from its log gives what the uncut run gave.
 */
class CutRunTest {

  /**
   * A run worth cutting: the plan, and how the world answers, as a function of what is asked and
   * never of how often.
   */
  record Story(String name, Plan plan, Consumer<Scene> world) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Story> stories() {
    return Stream.of(
        new Story(
            "edits, a failed gate, a repair",
            plan(task("T1", List.of("setup"), List.of("tests"), BOUNDS), task("T2", "T1")),
            scene -> {
              scene.workspaces.files.put("a.txt", "one two three\n");
              scene.processes.on(
                  "tests",
                  job ->
                      scene.workspaces.files.get("a.txt").startsWith("1 2")
                          ? exits(0, "")
                          : exits(1, "not yet"));
              scene
                  .model
                  .at(
                      "T1",
                      1,
                      1,
                      calls(
                          call("r1", "read_file", Map.of("path", "a.txt")),
                          edit("e1", "a.txt", "one", "1"),
                          edit("e2", "a.txt", "missing", "x")))
                  .at("T1", 1, 2, calls(finish("f1")))
                  .at("T1", 2, 1, calls(edit("e3", "a.txt", "two", "2")))
                  .at("T1", 2, 2, calls(write("w1", "new/b.txt", "B"), finish("f2")))
                  .at(
                      "T2",
                      1,
                      1,
                      calls(edit("e4", "a.txt", "1", "11"), edit("e5", "a.txt", "11", "1")))
                  .at("T2", 1, 2, says("done"));
            }),
        new Story(
            "two tasks beside each other, and one that needs both",
            Tasks.withJobs(2, plan(task("T1"), task("T2"), task("T3", "T1", "T2"))),
            scene -> {
              scene.workspaces.files.put("a.txt", "one\n");
              scene
                  .model
                  .at("T1", 1, 1, calls(edit("e1", "a.txt", "one", "1"), finish("f1")))
                  .at("T2", 1, 1, calls(write("w2", "b.txt", "B\n")))
                  .at("T2", 1, 2, calls(finish("f2")))
                  .at("T3", 1, 1, calls(edit("e3", "b.txt", "B", "C"), finish("f3")));
            }),
        new Story(
            "every kind of model failure",
            plan(task("T1"), task("T2"), task("T3"), task("T4")),
            scene -> {
              scene
                  .model
                  .at(
                      "T1",
                      1,
                      1,
                      fails(new ModelFailure.Transient("cut", Optional.of(Duration.ofSeconds(3)))),
                      says("done"))
                  .at(
                      "T2",
                      1,
                      1,
                      fails(new ModelFailure.Window("used up", Optional.empty())),
                      reply(Stop.OUTPUT_LIMIT, new Part.Text("and")))
                  .at("T2", 1, 2, fails(new ModelFailure.Denied("no")), reply(Stop.END))
                  .at("T2", 1, 3, says("done"))
                  .at("T3", 1, 1, fails(new ModelFailure.Unusable("too long")))
                  .at("T4", 1, 1, reply(Stop.REFUSED))
                  .at("T4", 2, 1, reply(Stop.PAUSED, new Part.Text("…")))
                  .at("T4", 2, 2, says("done"));
            }),
        new Story(
            "people, skips and blocks",
            plan(
                task("T1", List.of("setup"), List.of(), BOUNDS),
                task("T2", "T1"),
                task("T3"),
                task("T4", "T3")),
            scene -> {
              scene.processes.on("setup", job -> exits(2, "not ready"));
              scene.processes.on("tests", job -> exits(1, "no"));
              scene.person =
                  asked ->
                      Optional.of(
                          asked.task().value().equals("T1")
                              ? Decision.SKIP
                              : asked.summary().startsWith("3 attempts")
                                  ? Decision.RETRY
                                  : Decision.FAIL);
              scene.advice = asked -> Optional.of("Think of " + asked.task());
              for (int attempt = 1; attempt <= 4; attempt++) {
                scene.model.at(
                    "T3",
                    attempt,
                    1,
                    calls(write("w1", "t3.txt", "attempt " + attempt), finish("f1")));
              }
            }),
        new Story(
            "the same again and again",
            plan(task("T1"), task("T2")),
            scene -> {
              scene.workspaces.files.put("a.txt", "one");
              scene.processes.on(
                  "tests",
                  job ->
                      job.environment().get("AGENT_RUNNER_TASK_ID").equals("T1")
                          ? exits(1, "no")
                          : exits(0, ""));
              scene.person =
                  asked ->
                      Optional.of(
                          asked.summary().startsWith("attempts 1 and 2")
                              ? Decision.RETRY
                              : Decision.SKIP);
              for (int attempt = 1; attempt <= 4; attempt++) {
                scene.model.at("T1", attempt, 1, says("done"));
              }
              for (int turn = 1; turn <= 8; turn++) {
                scene.model.at(
                    "T2", 1, turn, calls(call("c", "read_file", Map.of("path", "a.txt"))));
              }
              scene.model.at("T2", 2, 1, says("done"));
            }),
        new Story(
            "one provider takes over from another",
            plan(
                withFallback(task("T1"), "second"),
                withFallback(task("T2"), "third", "cli"),
                givenTo("cli", task("T3"))),
            scene -> {
              scene.down.put("scripted", new ModelFailure.Window("used up", Optional.empty()));
              scene.down.put("third", new ModelFailure.Denied("no credit"));
              scene.processes.on(
                  "tests",
                  job ->
                      job.environment().get("AGENT_RUNNER_TASK_ID").equals("T3")
                              && job.environment().get("AGENT_RUNNER_ATTEMPT").equals("1")
                          ? exits(1, "not yet")
                          : exits(0, ""));
              scene
                  .model
                  .at("T1", 1, 1, calls(write("w1", "a.txt", "A")))
                  .at("T1", 1, 2, says("done"))
                  .at("T2", 1, 1, did("edit", "b.txt", "thread-2"))
                  .at("T3", 1, 1, did("edit", "c.txt", "thread-3"))
                  .at("T3", 2, 1, did("edit", "c.txt", "thread-3"));
            }),
        new Story(
            "given up and taken back",
            plan(
                task(
                    "T1",
                    List.of(),
                    List.of("tests"),
                    new Bounds(2, 20, 10_000, Duration.ofMinutes(10), GiveUp.RESTORE)),
                task("T2")),
            scene -> {
              scene.workspaces.files.put("a.txt", "one");
              scene.processes.on(
                  "tests",
                  job ->
                      scene.workspaces.files.get("a.txt").equals("one")
                          ? exits(0, "")
                          : exits(1, "no"));
              scene
                  .model
                  .at("T1", 1, 1, calls(edit("e1", "a.txt", "one", "two"), finish("f1")))
                  .at("T1", 2, 1, calls(write("w1", "b.txt", "B"), finish("f2")))
                  .at("T2", 1, 1, says("done"));
            }),
        new Story(
            "tampering that is put back, found, and taken back by the next attempt",
            plan(
                guarded(task("T1"), OnTamper.FAIL, "kept.txt", "kept.new"),
                guarded(task("T2"), OnTamper.WARN, "kept.txt")),
            scene -> {
              scene.workspaces.files.put("kept.txt", "mine");
              scene.workspaces.files.put("a_test.py", "def test_a(): pass\n");
              scene
                  .model
                  .at("T1", 1, 1, calls(edit("e1", "kept.txt", "mine", "its")))
                  .at(
                      "T1",
                      1,
                      2,
                      calls(
                          write("w1", "kept.new", "x"),
                          edit("e2", "a_test.py", "def test_a", "def a"),
                          finish("f1")))
                  .at(
                      "T1",
                      2,
                      1,
                      calls(edit("e3", "a_test.py", "def a", "def test_a"), finish("f2")))
                  .at("T2", 1, 1, calls(edit("e4", "kept.txt", "mine", "its")))
                  .at("T2", 1, 2, says("done"));
            }),
        new Story(
            "commands that look, and leave that is given and refused",
            withoutSandbox(plan(task("T1"))),
            scene -> {
              scene.processes.on("ls", job -> exits(0, "a.txt"));
              scene.processes.on("grep x a.txt", job -> exits(1, ""));
              scene.leave =
                  request ->
                      Optional.of(
                          request.shown().contains("rm a.txt")
                              ? new Consent(Consent.Word.NO, "it is needed")
                              : new Consent(Consent.Word.YES, ""));
              scene
                  .model
                  .at(
                      "T1",
                      1,
                      1,
                      calls(
                          command("c1", "ls"), command("c2", "rm a.txt"), command("c3", "sudo id")))
                  .at("T1", 1, 2, calls(command("c4", "grep x a.txt"), finish("f1")))
                  .at("T1", 1, 3, says("done"));
            }),
        new Story(
            "commits and pushes",
            plan(
                delivered(task("T1"), CommitAfter.ATTEMPT, true),
                delivered(task("T2"), CommitAfter.TASK, true),
                delivered(task("T3"), CommitAfter.TASK, false)),
            scene -> {
              scene.workspaces.files.put("a.txt", "one\n");
              scene.processes.on(
                  "tests",
                  job ->
                      scene.workspaces.files.get("a.txt").startsWith("three")
                          ? exits(0, "")
                          : exits(1, "not yet"));
              scene.person = asked -> Optional.of(Decision.RETRY);
              scene
                  .model
                  .at("T1", 1, 1, calls(edit("e1", "a.txt", "one", "two"), finish("f1")))
                  .at("T1", 2, 1, calls(edit("e2", "a.txt", "two", "three"), finish("f2")))
                  .at("T2", 1, 1, says("nothing to do"))
                  .at("T3", 1, 1, calls(write("w1", "b.txt", "B"), finish("f3")));
            }),
        new Story(
            "hooks with conditions and consequences",
            hooks(
                plan(
                    gated(
                        task("T1"),
                        new Gates(
                            ids("setup"), ids("docs", "lint", "tests", "logs"), ids("clean"))),
                    gated(task("T2"), new Gates(ids(), ids("licence"), ids("clean"))),
                    gated(task("T3"), new Gates(ids(), ids("review"), ids("clean", "logs"))))),
            scene -> {
              scene.processes.on("setup", job -> exits(1, "no"));
              scene.processes.on("lint", job -> exits(1, "too long"));
              scene.processes.on(
                  "tests",
                  job ->
                      exits(
                          job.environment().get("AGENT_RUNNER_ATTEMPT").equals("1") ? 1 : 0,
                          "not yet"));
              scene.processes.on("licence", job -> exits(1, "not ours"));
              scene.processes.on(
                  "review",
                  job -> exits(1, "round " + job.environment().get("AGENT_RUNNER_ATTEMPT")));
              scene.processes.on("logs", job -> exits(0, "refused"));
              scene.processes.on(
                  "clean",
                  job -> {
                    scene.workspaces.files.put("cleaned.txt", "yes");
                    return exits(0, "");
                  });
              scene.person =
                  asked ->
                      Optional.of(
                          asked.summary().contains("round 2") ? Decision.SKIP : Decision.RETRY);
              scene
                  .model
                  .at("T1", 1, 1, calls(write("w1", "a.txt", "A"), finish("f1")))
                  .at("T1", 2, 1, says("done"))
                  .at("T2", 1, 1, says("done"))
                  .at("T3", 1, 1, says("done"))
                  .at("T3", 2, 1, says("done"));
            }),
        new Story(
            "questions of the agent, and tasks set aside",
            plan(task("T1"), task("T2"), task("T3", "T2"), task("T4"), givenTo("cli", task("T5"))),
            scene -> {
              scene.processes.on("tests", job -> exits(0, ""));
              scene.knows =
                  asked ->
                      List.of("T1", "T5").contains(asked.task().value())
                          ? Optional.of("the second")
                          : Optional.empty();
              scene
                  .model
                  .at("T1", 1, 1, calls(write("w1", "a.txt", "A"), asks("q1")))
                  .at("T1", 1, 2, says("done"))
                  .at("T2", 1, 1, calls(asks("q2")))
                  .at("T5", 1, 1, says("Hm.\nNEEDS DECISION: Which one?"))
                  .at("T5", 1, 2, did("edit", "b.txt", "thread-5"))
                  .at("T4", 1, 1, says("done"));
            }),
        new Story(
            "what failed before",
            Tasks.withCheckpoints(
                Tasks.plan(
                    new FailSafe(9, Optional.empty(), Baseline.ON, true),
                    AgentTools.specs(),
                    task("T1"))),
            scene -> {
              scene.processes.on(
                  "tests",
                  job ->
                      exits(
                          1,
                          job.environment().get("AGENT_RUNNER_ATTEMPT").equals("1")
                              ? "FAILED a\nFAILED b"
                              : "FAILED a"));
              scene
                  .model
                  .at("T1", 1, 1, calls(write("w1", "a.txt", "A"), finish("f1")))
                  .at("T1", 2, 1, says("done"));
            }),
        new Story(
            "a task that somebody wants left alone",
            plan(
                task(
                    "T1",
                    List.of("setup"),
                    List.of("tests"),
                    new Bounds(2, 20, 10_000, Duration.ofMinutes(10), GiveUp.RESTORE)),
                task("T2")),
            scene -> {
              scene.workspaces.files.put("a.txt", "one\n");
              scene.onAsk =
                  () -> {
                    if (scene.model.requests.getLast().call().equals(new CallId("T1", 1, 2))) {
                      scene.steering.skip();
                    }
                  };
              scene
                  .model
                  .at("T1", 1, 1, calls(edit("e1", "a.txt", "one", "two")))
                  .at("T1", 1, 2, says("done"))
                  .at("T2", 1, 1, says("done"));
            }),
        new Story(
            "something that a person says meanwhile",
            plan(task("T1")),
            scene -> {
              scene.workspaces.files.put("a.txt", "one\n");
              scene.onAsk =
                  () -> {
                    if (scene.model.requests.getLast().call().equals(new CallId("T1", 1, 1))) {
                      scene.steering.tell(
                          new Steering.Word(Optional.empty(), "keep it short", "alice", () -> {}));
                    }
                  };
              scene
                  .model
                  .at("T1", 1, 1, calls(edit("e1", "a.txt", "one", "two")))
                  .at("T1", 1, 2, says("done"));
            }),
        new Story(
            "the fail-safe",
            Tasks.plan(
                new FailSafe(1, Optional.empty()), AgentTools.specs(), task("T1"), task("T2")),
            scene -> {
              scene.processes.on("tests", job -> exits(1, "no"));
              for (int attempt = 1; attempt <= 3; attempt++) {
                scene.model.at("T1", attempt, 1, says("done"));
              }
            }));
  }

  private static ToolCall asks(String id) {
    return call(id, "finish", Map.of("summary", "", "question", "Which one?"));
  }

  private static List<HookId> ids(String... ids) {
    return Stream.of(ids).map(HookId::new).toList();
  }

  private static Plan hooks(Plan plain) {
    When always = new When.Always();
    Plan plan = plain;
    for (Hook hook :
        List.of(
            Tasks.hook("setup", always, Optional.of(Consequence.WARN)),
            Tasks.hook("docs", new When.Changed(List.of("docs/**")), Optional.empty()),
            Tasks.hook("lint", always, Optional.of(Consequence.WARN)),
            Tasks.hook("logs", new When.OnFailure(), Optional.empty()),
            Tasks.hook("clean", always, Optional.empty()),
            Tasks.hook("licence", always, Optional.of(Consequence.BLOCK)),
            Tasks.hook("review", always, Optional.of(Consequence.ASK)))) {
      plan = Tasks.with(hook, plan);
    }
    return plan;
  }

  private static Plan withoutSandbox(Plan plan) {
    return Tasks.with(
        new ToolSettings(
            CommandRules.NONE,
            false,
            List.of(),
            List.of(),
            ToolSettings.Unattended.REFUSE,
            Sandboxing.OFF),
        plan);
  }

  private static Plan plan(dev.agentrunner.core.task.Task... tasks) {
    return Tasks.withCheckpoints(
        Tasks.plan(new FailSafe(9, Optional.empty()), AgentTools.specs(), tasks));
  }

  @ParameterizedTest
  @MethodSource("stories")
  void a_run_cut_after_any_event_goes_on_as_if_it_had_not_been_cut(Story story) {
    Whole whole = playWhole(story);

    for (int kept = 1; kept < whole.history.size(); kept++) {
      for (Map<String, String> files : whole.filesAfter(kept)) {
        Scene scene = scene(story);
        scene.workspaces.restore(files);
        scene.checkpoints.keepAll(whole.checkpoints);
        scene.log = MemoryEventLog.holding(Scene.RUN, whole.history.subList(0, kept));
        scene.clock.set(whole.history.get(kept - 1).at().plusSeconds(86_400));

        RunState end = toTheEnd(scene, story.plan, Optional.of(replay(scene)));

        assertThat(results(scene, end))
            .as("cut after %d: %s", kept, whole.history.get(kept - 1).event())
            .isEqualTo(whole.results);
        assertThat(replay(scene)).as("the log adds up to the state").isEqualTo(end);
        assertThat(
                DecisionCheckTest.check(scene, story.plan, DecisionCheckTest.digests(story.plan))
                    .differences())
            .as("decides the same again, cut after %d", kept)
            .isEmpty();
      }
    }
  }

  @Test
  void the_stories_tell_of_every_kind_of_event() {
    Set<Class<?>> told =
        stories()
            .flatMap(story -> playWhole(story).history.stream())
            .map(recorded -> recorded.event().getClass())
            .collect(toSet());
    told.add(RunEvent.RunCanceled.class); // Noted from outside the engine, when a run is given up.
    told.add(RunEvent.TaskReopened.class); // Noted from outside, when a person wants it so.
    told.add(
        RunEvent.StepInterrupted.class); // Told by every run that is cut, never by a whole one.

    assertThat(told).isEqualTo(leaves(RunEvent.class).collect(toSet()));
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(CutRunTest::leaves)
        : Stream.of(type);
  }

  /** What a run gave when nothing cut it, and how the folder looked on the way. */
  private record Whole(
      List<Recorded> history,
      List<Map<String, String>> files,
      Object results,
      MemoryCheckpoints checkpoints) {

    /**
     * How the folder may look when the last event kept is {@code seq}: before the next effect, or
     * after it.
     */
    Set<Map<String, String>> filesAfter(int seq) {
      return new HashSet<>(List.of(files.get(seq - 1), files.get(seq)));
    }
  }

  private static Whole playWhole(Story story) {
    Scene scene = scene(story);
    List<Map<String, String>> files = new ArrayList<>();
    scene.log =
        new MemoryEventLog() {
          @Override
          public synchronized void append(RunId run, List<Recorded> events) {
            events.forEach(event -> files.add(scene.workspaces.allFiles()));
            super.append(run, events);
          }
        };
    RunState end = toTheEnd(scene, story.plan, Optional.empty());
    return new Whole(scene.log.all(Scene.RUN), files, results(scene, end), scene.checkpoints);
  }

  private static Scene scene(Story story) {
    Scene scene = new Scene();
    story.world.accept(scene);
    return scene;
  }

  private static RunState replay(Scene scene) {
    RunState state = RunState.empty(Scene.RUN);
    for (Recorded recorded : scene.log.all(Scene.RUN)) {
      state = state.after(recorded);
    }
    return state;
  }

  private static RunState toTheEnd(Scene scene, Plan plan, Optional<RunState> from) {
    RunState state =
        from.map(cut -> cut.status().isFinal() ? cut : scene.resume(plan, cut))
            .orElseGet(() -> scene.begin(plan));
    for (int i = 0; i < 10 && !state.status().isFinal(); i++) {
      state = scene.resume(plan, state);
    }
    return state;
  }

  /**
   * All that a run is for: how its tasks ended, what the files hold, what was said and done on the
   * way.
   */
  private static Object results(Scene scene, RunState end) {
    Set<Object> said =
        scene.events().stream()
            .filter(event ->
                event instanceof RunEvent.ModelReplied
                    || event instanceof RunEvent.ToolReturned
                    || event instanceof RunEvent.EditApplied
                    || event instanceof RunEvent.EditRefused
                    || event instanceof RunEvent.AttemptStarted
                    || event instanceof RunEvent.AttemptFailed
                    || event instanceof RunEvent.TamperFound
                    || event instanceof RunEvent.HookEnded
                    || event instanceof RunEvent.GitCommitted
                    || event instanceof RunEvent.GitPushed
                    || event instanceof RunEvent.GitDeclined
                    || event instanceof RunEvent.AgentFinished)
            .map(CutRunTest::whoeverDidIt)
            .collect(toSet());
    return List.of(
        end.status(),
        end.tasks().stream()
            .map(task -> List.of(task.id(), task.status(), task.attempts(), task.remark()))
            .toList(),
        end.usage(),
        new TreeMap<>(scene.workspaces.files),
        said,
        count(scene, RunEvent.ModelReplied.class),
        count(scene, RunEvent.ToolReturned.class),
        count(scene, RunEvent.TamperFound.class),
        count(scene, RunEvent.EditApplied.class));
  }

  /** A day after the cut, a provider that was out of quota may be asked first again. */
  private static Object whoeverDidIt(RunEvent event) {
    return event instanceof RunEvent.AttemptStarted e
        ? List.of(e.task(), e.attempt(), e.prompt(), e.session())
        : event;
  }

  private static long count(Scene scene, Class<?> type) {
    return scene.events().stream().filter(type::isInstance).count();
  }
}
