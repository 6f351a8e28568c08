package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.port.Confinement;
import dev.agentrunner.testing.MemoryWorkspaces;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentToolsTest {

  private final MemoryWorkspaces folder = new MemoryWorkspaces();
  private final AgentTools tools = new AgentTools();

  private String ask(ToolCall call) {
    Reach reach =
        new Reach(
            folder,
            "/tasks",
            ToolSettings.STANDARD,
            (where, network, variables) ->
                new Confinement(List.of(where), List.of(), List.of(), network, Map.of(), 9, 9),
            new Verdict.Allow(true));
    return switch (tools.plan(call, reach)) {
      case Planned.Reads(var answer) -> answer.get().text();
      case Planned.Refused(String path, String reason) -> "refused: " + reason;
      case Planned.Writes writes -> "writes " + writes.change().path();
      case Planned.Runs(var job, boolean repeatable) ->
          "runs %s for %s at most".formatted(job.command().shown(), job.timeout());
    };
  }

  @Test
  void every_tool_has_a_schema_that_names_what_it_needs() {
    assertThat(AgentTools.specs())
        .extracting(ToolSpec::name)
        .containsExactly(
            "read_file",
            "list_files",
            "search_text",
            "write_file",
            "edit_file",
            "run_command",
            "finish");
    assertThat(AgentTools.specs())
        .allSatisfy(spec -> {
          assertThat(spec.parameters()).containsEntry("type", "object");
          assertThat(spec.parameters()).containsEntry("additionalProperties", false);
        });
  }

  @Test
  void a_file_is_read_whole_or_by_its_lines() {
    folder.files.put("a.txt", "one\r\ntwo\nthree\n");

    assertThat(ask(call("c", "read_file", Map.of("path", "a.txt")))).isEqualTo("one\ntwo\nthree\n");
    assertThat(ask(call("c", "read_file", Map.of("path", "a.txt", "from_line", 2L, "lines", "1"))))
        .startsWith("two\n")
        .contains("go on with from_line 3");
    assertThat(ask(call("c", "read_file", Map.of("path", "a.txt", "from_line", 9L))))
        .contains("only 3 lines");
  }

  @Test
  void a_long_file_is_cut_and_says_where_to_go_on() {
    folder.files.put("a.txt", "x".repeat(99).concat("\n").repeat(2_000));

    assertThat(ask(call("c", "read_file", Map.of("path", "a.txt"))))
        .hasSizeLessThan(50_000)
        .contains("of 2000; go on with from_line");
  }

  @Test
  void one_endless_line_is_cut_too() {
    folder.files.put("a.txt", "x".repeat(1_000_000));

    assertThat(ask(call("c", "read_file", Map.of("path", "a.txt")))).hasSizeLessThan(50_000);
  }

  @Test
  void what_is_empty_binary_or_not_there_is_said() {
    folder.files.put("empty", "");
    folder.files.put("binary", "a\0b");

    assertThat(ask(call("c", "read_file", Map.of("path", "empty")))).contains("empty");
    assertThat(ask(call("c", "read_file", Map.of("path", "binary")))).contains("not text");
    assertThat(ask(call("c", "read_file", Map.of("path", "none")))).contains("no file none");
  }

  @Test
  void a_search_shows_path_line_and_text() {
    folder.files.put("a.txt", "one\ntwo\n");

    assertThat(ask(call("c", "search_text", Map.of("pattern", "two")))).isEqualTo("a.txt:2: two\n");
    assertThat(ask(call("c", "search_text", Map.of("pattern", "ten"))))
        .isEqualTo("(no line matches)");
  }

  @Test
  void an_edit_of_what_is_not_there_shows_what_comes_near() {
    folder.files.put("a.txt", "one\n  two\nthree\n");

    assertThat(
            ask(
                call(
                    "c",
                    "edit_file",
                    Map.of("path", "a.txt", "old_text", "two\nfour", "new_text", "x"))))
        .startsWith("refused")
        .contains("    2 |   two");
  }

  @Test
  void an_edit_that_fits_in_two_places_is_refused_unless_both_are_meant() {
    folder.files.put("a.txt", "x x");
    Map<String, Object> once = Map.of("path", "a.txt", "old_text", "x", "new_text", "y");
    Map<String, Object> both =
        Map.of("path", "a.txt", "old_text", "x", "new_text", "y", "replace_all", "true");

    assertThat(ask(call("c", "edit_file", once))).contains("2 places");
    assertThat(ask(call("c", "edit_file", both))).isEqualTo("writes a.txt");
  }

  @Test
  void a_command_is_bounded_in_length_and_time() {
    assertThat(ask(call("c", "run_command", Map.of("command", "ls"))))
        .isEqualTo("runs ls for PT2M at most");
    assertThat(ask(call("c", "run_command", Map.of("command", "ls", "timeout", 1_000_000L))))
        .isEqualTo("runs ls for PT15M at most");
    assertThat(ask(call("c", "run_command", Map.of("command", "x".repeat(20_000)))))
        .contains("too long");
  }
}
