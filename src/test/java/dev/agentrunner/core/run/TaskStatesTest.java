package dev.agentrunner.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskStatesTest {

  private static TaskStates states(int n) {
    return TaskStates.of(
        IntStream.range(0, n)
            .mapToObj(i ->
                TaskState.planned(new Planned(new TaskId("T" + i), "t", "d", Optional.empty())))
            .toList());
  }

  @Test
  void changing_a_task_leaves_what_was_before_as_it_was() {
    TaskStates before = states(300);
    TaskStates after = before.with(before.get(200).started(Instant.EPOCH));

    assertThat(before.get(200).status()).isEqualTo(TaskStatus.PENDING);
    assertThat(after.get(200).status()).isEqualTo(TaskStatus.RUNNING);
    assertThat(after.subList(0, 200)).isEqualTo(before.subList(0, 200));
    assertThat(after).hasSize(300);
  }

  @Test
  void the_first_open_task_is_known() {
    TaskStates states = states(300);
    assertThat(states.firstOpen()).isZero();

    for (int i = 0; i < 300; i++) {
      states = states.with(states.get(i).over(TaskStatus.SKIPPED, "", false, Instant.EPOCH));
      assertThat(states.firstOpen()).isEqualTo(i + 1);
    }
  }

  @Test
  void a_task_done_in_an_earlier_run_is_not_open() {
    TaskStates states =
        TaskStates.of(
            List.of(
                TaskState.planned(
                    new Planned(new TaskId("T1"), "t", "d", Optional.of(new RunId("r1"))))));

    assertThat(states.firstOpen()).isEqualTo(1);
    assertThat(states.task(new TaskId("T1")).status()).isEqualTo(TaskStatus.COMPLETED);
  }

  @Test
  void tasks_of_another_run_are_refused() {
    TaskStates states = states(1);
    TaskState stranger = states(2).get(1);

    assertThatThrownBy(() -> states.with(stranger)).hasMessageContaining("T1");
    assertThatThrownBy(() -> states.task(new TaskId("T1"))).hasMessageContaining("T1");
  }
}
