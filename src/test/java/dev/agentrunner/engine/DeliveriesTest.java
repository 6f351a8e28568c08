package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.call;
import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.edit;
import static dev.agentrunner.testing.ScriptedModel.finish;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.delivered;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.Phase;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.GitSettings.AgentGit;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.testing.MemoryEventLog;
import dev.agentrunner.testing.MemoryRepository;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class DeliveriesTest {

  private final Scene scene = new Scene();
  private final MemoryRepository git = scene.git;

  private static Plan plan(Task... tasks) {
    return Tasks.plan(AgentTools.specs(), tasks);
  }

  @Test
  void a_task_is_committed_once_it_is_verified_with_all_that_it_changed() {
    scene.workspaces.files.put("a.txt", "one");
    scene
        .model
        .at("T1", 1, 1, calls(edit("e1", "a.txt", "one", "two"), edit("e2", "a.txt", "two", "six")))
        .at("T1", 1, 2, calls(write("w1", "b.txt", "B"), finish("f1")));

    RunState state = scene.begin(plan(delivered(task("T1"), CommitAfter.TASK, false)));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(git.commits).hasSize(1);
    assertThat(git.commits.getFirst().changes())
        .containsExactly(
            new FileChange("a.txt", Optional.of(digest("one")), Optional.of(digest("six"))),
            new FileChange("b.txt", Optional.empty(), Optional.of(digest("B"))));
    assertThat(git.commits.getFirst().message())
        .isEqualTo("Title of T1\n\nDescribe T1\n\nVerified: tests (exit 0)");
    assertThat(git.commits.getFirst().trailers())
        .containsExactly(
            "Agent-Runner-Run: " + Scene.RUN, "Agent-Runner-Task: T1", "Agent-Runner-Attempt: 1");
    assertThat(git.pushes).isEmpty();
  }

  private static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void the_log_is_read_once_however_many_tasks_are_committed() {
    var reads = new AtomicInteger();
    scene.log =
        new MemoryEventLog() {
          @Override
          public void read(RunId run, long after, Consumer<Recorded> reader) {
            reads.incrementAndGet();
            super.read(run, after, reader);
          }
        };
    List<Task> tasks = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      scene.model.at("T" + i, 1, 1, calls(write("w", "t" + i, "T" + i), finish("f")));
      tasks.add(delivered(task("T" + i), CommitAfter.TASK, false));
    }

    scene.begin(plan(tasks.toArray(Task[]::new)));

    assertThat(git.commits).hasSize(5).allMatch(order -> order.changes().size() == 1);
    assertThat(reads).hasValue(1);
  }

  @Test
  void an_attempt_that_does_not_pass_is_committed_only_if_that_is_wanted() {
    scene.processes.on("tests", job -> exits(1, "no"));
    for (String id : List.of("T1", "T2")) {
      for (int attempt = 1; attempt <= 3; attempt++) {
        scene.model.at(id, attempt, 1, calls(write("w", id, "content " + attempt), finish("f")));
      }
    }

    scene.begin(
        plan(
            delivered(task("T1"), CommitAfter.TASK, false),
            delivered(task("T2"), CommitAfter.ATTEMPT, false)));

    assertThat(git.commits)
        .hasSize(3)
        .allMatch(order -> order.message().endsWith("Not verified: post-hook tests: exit 1"));
  }

  @Test
  void what_cannot_be_committed_is_said_and_the_task_is_done_all_the_same() {
    git.trouble = Optional.of("a.txt was staged by somebody else");
    scene.model.at("T1", 1, 1, calls(write("w1", "a.txt", "A"), finish("f1")));

    RunState state = scene.begin(plan(delivered(task("T1"), CommitAfter.TASK, true)));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.events())
        .anyMatch(event ->
            event instanceof RunEvent.GitDeclined declined
                && declined.reason().equals("a.txt was staged by somebody else"));
    assertThat(git.pushes).isEmpty();
  }

  @Test
  void a_push_whose_end_is_not_known_is_asked_about_and_not_repeated() {
    scene.model.at("T1", 1, 1, calls(write("w1", "a.txt", "A"), finish("f1")));
    Plan plan = plan(delivered(task("T1"), CommitAfter.TASK, true));
    RunState cut = cutDuringThePush(plan);

    RunState state = scene.resume(plan, cut);

    assertThat(state.phase()).isEqualTo(Phase.WAITING_FOR_PERSON);
    assertThat(git.pushes).as("by the first run alone").hasSize(1);

    scene.answers.add(Decision.SKIP);
    RunState end = scene.resume(plan, state);
    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(git.pushes).hasSize(1);
    assertThat(git.commits).hasSize(1);
  }

  @Test
  void a_person_can_have_a_push_in_doubt_made_again() {
    scene.model.at("T1", 1, 1, calls(write("w1", "a.txt", "A"), finish("f1")));
    Plan plan = plan(delivered(task("T1"), CommitAfter.TASK, true));
    RunState cut = cutDuringThePush(plan);
    scene.answers.add(Decision.RETRY);

    RunState state = scene.resume(plan, cut);

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(git.pushes).hasSize(2);
  }

  private RunState cutDuringThePush(Plan plan) {
    scene.begin(plan);
    List<Recorded> history = scene.log.all(Scene.RUN);
    int kept = 0;
    while (!(history.get(kept++).event() instanceof RunEvent.GitPushing)) {}
    scene.log = MemoryEventLog.holding(Scene.RUN, history.subList(0, kept));
    RunState state = RunState.empty(Scene.RUN);
    for (Recorded recorded : history.subList(0, kept)) {
      state = state.after(recorded);
    }
    return state;
  }

  @Test
  void the_agent_has_the_tools_it_is_trusted_with() {
    assertThat(GitTools.specs(AgentGit.OFF)).isEmpty();
    assertThat(GitTools.specs(AgentGit.READ).stream().map(ToolSpec::name))
        .containsExactly("git_status", "git_diff", "git_log", "git_branch");
    assertThat(GitTools.specs(AgentGit.ALL)).hasSize(8);

    scene
        .model
        .at("T1", 1, 1, calls(call("c1", "git_push", Map.of("branch", "main"))))
        .at(
            "T1",
            1,
            2,
            calls(call("c2", "git_branch", Map.of()), call("c3", "git_status", Map.of())))
        .at("T1", 1, 3, says("done"));
    scene.begin(plan(task("T1")));

    assertThat(git.pushes).isEmpty();
    assertThat(
            scene.events().stream()
                .filter(RunEvent.ToolReturned.class::isInstance)
                .map(event -> ((RunEvent.ToolReturned) event).result().text()))
        .satisfiesExactly(
            push -> assertThat(push).isEqualTo("The tool 'git_push' is not for you here."),
            branches -> assertThat(branches).startsWith("<untrusted ").contains("\nmain\n"),
            status -> assertThat(status).contains("\n(nothing differs)\n"));
  }
}
