package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Asked;
import dev.agentrunner.testing.FakeProvider;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that cannot call tools do tasks all the same. */
final class PlainModelsTest {

  private static final Script IN_WORDS =
      asked ->
          Reaction.says(
              switch (asked.turn()) {
                case 1 -> "Sure! Let me look at the file first.\n\n```\nREAD `T1.txt`\n```";
                case 2 -> "T1.txt\n<<<<<<< SEARCH\nattempt 0\n>>>>>>> REPLACE\n";
                case 3 ->
                    """
                    You are right. Here is the change:

                    **T1.txt**
                    ```
                    <<<<<<< SEARCH
                    attempt 0
                    =======
                    attempt 1
                    >>>>>>> REPLACE
                    ```
                    """;
                default -> "**DONE** Changed the line.";
              });

  @TempDir Path folder;

  @Test
  void a_task_is_done_in_words_with_a_model_that_has_no_tools() {
    try (var door = new ProgramDoor(folder, IN_WORDS)) {
      configure(door, "kind: ollama", "");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      done(door);
    }
  }

  @Test
  void so_it_is_with_a_server_whose_tools_are_turned_off() {
    try (var door = new ProgramDoor(folder, IN_WORDS)) {
      configure(door, "kind: openai, api: chat, tools: off", "/v1");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      done(door);
    }
  }

  @Test
  void a_model_that_is_missing_is_told_with_the_line_that_fetches_it() {
    try (var door = new ProgramDoor(folder, IN_WORDS)) {
      configure(door, "kind: ollama", "");

      Outcome outcome = door.run("run", "--model", FakeProvider.NO_MODEL);

      assertThat(outcome.exit()).isEqualTo(5);
      assertThat(outcome.out() + outcome.err()).contains("ollama pull " + FakeProvider.NO_MODEL);
    }
  }

  private static void configure(ProgramDoor door, String how, String below) {
    door.write(
        ".agent-runner/config.yml",
        """
        provider: local
        providers:
          local: {%s, base_url: "%s%s", model: plain-7b, api_key_env: FRONT_DOOR_KEY}
        hooks: {check: "grep -q 'attempt 1' T1.txt"}
        """
            .formatted(how, door.provider().address(), below));
    door.write("T1.txt", "attempt 0\n");
    door.tasks("T1, post_hooks: [check]");
  }

  private static void done(ProgramDoor door) {
    assertThat(door.read("T1.txt")).isEqualTo("attempt 1\n");
    assertThat(door.provider().requests()).hasSize(4);
    assertThat(door.provider().requests())
        .extracting(Asked::lastWords)
        .satisfiesExactly(
            prompt -> assertThat(prompt).startsWith("# T1"),
            shown -> assertThat(shown).startsWith("=== READ T1.txt\n").contains("attempt 0"),
            refused ->
                assertThat(refused).startsWith("=== Block 1 — NOT DONE\nLine 2 of the reply"),
            applied -> assertThat(applied).startsWith("=== Block 1 (T1.txt)\nEdited T1.txt."));
  }
}
