package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job of GitHub Actions is told besides, seen from the front door. */
final class GithubRunsTest {

  @TempDir private Path folder;
  private ProgramDoor door;

  private ProgramDoor job(Script script) {
    door = new ProgramDoor(folder, script).with("GITHUB_ACTIONS", "true");
    return door;
  }

  @AfterEach
  void close() {
    door.close();
  }

  /** The commands among {@code lines}, as GitHub finds them: also behind blanks. */
  private static List<String> commands(String lines) {
    return lines.lines().map(String::strip).filter(line -> line.startsWith("::")).toList();
  }

  @Test
  void each_task_is_a_group_and_what_failed_is_noted_at_its_line() {
    job(Script.ofFiles())
        .write(
            "tasks.yml",
            """
            version: 1
            tasks:
              - {id: T1, title: "one, 50%: done", post_hooks: [pass]}
              - {id: T2, title: two, post_hooks: [fail], max_attempts: 1}
              - {id: T3, title: three, depends_on: [T2]}
            """);

    Outcome outcome = door.run("run");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(commands(outcome.out())).isEmpty();
    assertThat(commands(outcome.err()))
        .filteredOn(line -> !line.matches("::[-0-9a-f]{36}::|::stop-commands::[-0-9a-f]{36}"))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("::group::[1/3] T1 one, 50%25: done"),
            line -> assertThat(line).isEqualTo("::endgroup::"),
            line -> assertThat(line).isEqualTo("::group::[2/3] T2 two"),
            line ->
                assertThat(line)
                    .startsWith("::warning file=tasks.yml,line=4,title=T2 needs a decision::")
                    .contains("%0A"),
            line -> assertThat(line).isEqualTo("::endgroup::"),
            line -> assertThat(line).startsWith("::error file=tasks.yml,line=4,title=T2 failed::"),
            line ->
                assertThat(line)
                    .startsWith("::warning file=tasks.yml,line=5,title=T3 was not begun::"),
            line -> assertThat(line).startsWith("::error file=tasks.yml,title=The run failed::"));
  }

  @Test
  void what_an_agent_says_is_never_taken_for_a_command() {
    job(asked -> Reaction.finishes("::error::not mine")).tasks("T1, post_hooks: [pass]");

    Outcome outcome = door.run("run");

    List<String> lines = outcome.err().lines().map(String::strip).toList();
    String secret = lines.getFirst().substring("::stop-commands::".length());
    boolean heeded = true;
    for (String line : lines) {
      if (line.equals("::stop-commands::" + secret)) {
        heeded = false;
      } else if (line.equals("::" + secret + "::")) {
        heeded = true;
      } else if (line.startsWith("::")) {
        assertThat(heeded).as(line).isEqualTo(line.matches("::(end)?group::.*"));
      }
    }
    assertThat(lines.getLast()).isEqualTo("::" + secret + "::");
  }

  @Test
  void a_used_up_quota_is_a_notice_with_the_time_to_go_on() {
    job(Script.ofFiles()).tasks("T1").configured("rate_limits: {claude: {max_tokens_day: 1}}\n");

    Outcome outcome = door.run("run");

    assertThat(outcome.exit()).isEqualTo(75);
    assertThat(commands(outcome.err()))
        .anyMatch(line ->
            line.startsWith("::notice file=tasks.yml,title=The run waits for a quota::")
                && line.contains("safe to go on after 20"));
  }

  @Test
  void events_as_json_come_without_notes() {
    job(Script.ofFiles()).tasks("T1");

    Outcome outcome = door.run("run", "-o", "json");

    assertThat(commands(outcome.err())).isEmpty();
    assertThat(outcome.out()).startsWith("{");
  }
}
