package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.call;
import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Too much of what is allowed. */
class TurnBoundsTest {

  private static final Plan PLAN = Tasks.plan(AgentTools.specs(), task("T1"));

  private final Scene scene = new Scene();

  private static ToolCall[] reads(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> call("c" + i, "read_file", Map.of("path", "a.txt")))
        .toArray(ToolCall[]::new);
  }

  @Test
  void of_many_calls_in_one_turn_the_first_are_made_and_the_rest_refused() {
    scene.workspaces.files.put("a.txt", "one");
    scene.model.at("T1", 1, 1, calls(reads(130))).at("T1", 1, 2, says("done"));

    RunState state = scene.begin(PLAN);

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.events())
        .filteredOn(
            event -> event instanceof RunEvent.ToolReturned returned && returned.result().failed())
        .hasSize(2);
  }

  @Test
  void ten_thousand_calls_in_one_turn_cost_the_attempt_and_not_the_run() {
    scene.workspaces.files.put("a.txt", "one");
    scene.model.at("T1", 1, 1, calls(reads(10_000))).at("T1", 2, 1, says("done"));

    RunState state = scene.begin(PLAN);

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.events())
        .filteredOn(RunEvent.AttemptFailed.class::isInstance)
        .extracting(event -> ((RunEvent.AttemptFailed) event).reason())
        .containsExactly("the model made 10000 calls in one turn");
  }

  @Test
  void no_file_is_made_that_is_larger_than_files_may_be() {
    scene
        .model
        .at("T1", 1, 1, calls(write("w1", "a.txt", "x".repeat(20 << 20))))
        .at("T1", 1, 2, says("done"));

    scene.begin(PLAN);

    assertThat(scene.workspaces.files).doesNotContainKey("a.txt");
    assertThat(scene.events()).anyMatch(RunEvent.EditRefused.class::isInstance);
  }
}
