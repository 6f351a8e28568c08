package dev.agentrunner.core.task;

import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TaskListTest {

  @Test
  void tasks_come_in_the_order_written_but_after_what_they_need() {
    assertThat(order(task("A", "C"), task("B"), task("C", "B"), task("D")))
        .containsExactly("B", "C", "A", "D");
  }

  @Test
  void a_list_without_dependencies_stays_as_it_is() {
    assertThat(order(task("3"), task("1"), task("2"))).containsExactly("3", "1", "2");
  }

  @Test
  void a_chain_of_ten_thousand_written_backwards_is_put_in_order() {
    Task[] chain =
        IntStream.range(0, 10_000)
            .mapToObj(i -> i == 9_999 ? task("T" + i) : task("T" + i, "T" + (i + 1)))
            .toArray(Task[]::new);

    assertThat(order(chain)).startsWith("T9999", "T9998").endsWith("T1", "T0");
  }

  private static List<String> order(Task... tasks) {
    return new TaskList(Stream.of(tasks).toList())
        .inOrder().stream().map(task -> task.id().value()).toList();
  }
}
