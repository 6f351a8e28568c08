package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.testing.ExampleCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newcomer's first command, on a copy of the example that ships. */
class QuickstartTest {

  @TempDir private Path folder;

  private FrontDoor door;

  @BeforeEach
  void copyExample() throws IOException {
    door = new FrontDoor(ExampleCopy.of("quickstart", folder));
  }

  @Test
  void three_tasks_are_done_and_one_of_them_needs_a_second_attempt() throws IOException {
    assertThat(door.run("run", "tasks.yml")).as(door.err()).isZero();

    assertThat(door.out())
        .contains("+  count)")
        .contains("3 done.")
        .containsPattern("add-count +done +2 attempts");
    assertThat(door.err()).contains("count: exit 1").contains("attempt 2").doesNotContain("\u001B");
    assertThat(Files.readString(folder.resolve("work/todo.sh"))).contains("NR != n'");
    assertThat(Files.readString(folder.resolve("project/todo.sh"))).contains("NR != n + 1'");
  }

  @Test
  void done_is_done() {
    door.run("run", "tasks.yml");

    assertThat(door.run("run", "tasks.yml")).isZero();
    assertThat(door.out()).startsWith("Nothing to do");
    assertThat(door.err()).isEmpty();
  }

  @Test
  void without_a_key_the_real_provider_is_refused_before_anything_is_started() {
    assertThat(door.run("run", "tasks.yml", "--provider", "claude")).isEqualTo(5);

    assertThat(door.err()).contains("ANTHROPIC_API_KEY");
    assertThat(folder.resolve(".agent-runner/runs")).doesNotExist();
  }

  @Test
  void a_rehearsal_touches_nothing() {
    assertThat(door.run("run", "--dry-run", "tasks.yml")).isZero();

    assertThat(door.out()).contains("Nothing was asked, run or written").contains("fresh-copy");
    assertThat(folder.resolve(".agent-runner/runs")).doesNotExist();
    assertThat(folder.resolve("work")).doesNotExist();
  }
}
