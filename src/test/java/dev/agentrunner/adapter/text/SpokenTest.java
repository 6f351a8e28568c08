package dev.agentrunner.adapter.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ToolCall;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SpokenTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "READ src/app.py",
        "  READ src/app.py  ",
        "READ: src/app.py",
        "READ `src/app.py`",
        "READ \"src/app.py\"",
        "READ 'src/app.py'.",
        "READ ./src/app.py",
        "READ <src/app.py>",
        "READ file src/app.py",
        "**READ** src/app.py",
        "**READ src/app.py**",
        "`READ src/app.py`",
        "- READ src/app.py",
        "1. READ src/app.py",
        "> READ src/app.py",
        "### READ src/app.py",
        "READ src/app.py (to see the class)",
        "READ src/app.py # the entry point",
        "READ src/app.py - the entry point",
        "Sure! I'll look first.\n\n```\nREAD src/app.py\n```\nThen I'll change it.",
        "```bash\nREAD src/app.py\n```",
        "<think>\nREAD other.py\n</think>\nREAD src/app.py",
        "READ src/app.py\nREAD src/app.py",
        "READ src/app.py\r\n"
      })
  void a_file_is_asked_for_in_many_manners(String said) {
    assertThat(Spoken.in(said)).containsExactly(call("read_file", Map.of("path", "src/app.py")));
  }

  @ParameterizedTest
  @CsvSource({
    "READ a.py 10-20, 10, 11",
    "READ a.py lines 10-20, 10, 11",
    "READ a.py:10-20, 10, 11",
    "READ `a.py` 10 to 20, 10, 11",
    "READ a.py 10, 10, 0"
  })
  void some_lines_of_a_file_can_be_asked_for(String said, long from, long lines) {
    Map<String, Object> wanted =
        lines == 0
            ? Map.of("path", "a.py", "from_line", from)
            : Map.of("path", "a.py", "from_line", from, "lines", lines);
    assertThat(Spoken.in(said)).containsExactly(call("read_file", wanted));
  }

  @Test
  void several_files_may_stand_on_a_line() {
    assertThat(Spoken.in("READ a.py, `b.py`"))
        .extracting(ToolCall::arguments)
        .containsExactly(
            new ToolCall.Valid(Map.of("path", "a.py")), new ToolCall.Valid(Map.of("path", "b.py")));
  }

  @Test
  void a_folder_a_pattern_or_everything_can_be_listed() {
    assertThat(Spoken.in("LIST\nLIST src/\nLIST **/*.py\nLIST all files"))
        .extracting(ToolCall::arguments)
        .containsExactly(
            new ToolCall.Valid(Map.of()),
            new ToolCall.Valid(Map.of("path", "src/")),
            new ToolCall.Valid(Map.of("glob", "**/*.py")));
  }

  @Test
  void a_decision_that_is_needed_is_a_question_and_not_the_end() {
    assertThat(Spoken.in("I looked.\nDONE nearly\n\nNEEDS DECISION: Red or blue?"))
        .containsExactly(call("finish", Map.of("summary", "It asks.", "question", "Red or blue?")));
  }

  @Test
  void whoever_still_looks_does_not_ask_yet() {
    assertThat(Spoken.in("READ a.py\nNEEDS DECISION: Red or blue?"))
        .containsExactly(call("read_file", Map.of("path", "a.py")));
  }

  @ParameterizedTest
  @CsvSource({
    "FIND greet, greet",
    "SEARCH \"def greet\", def greet",
    "FIND `greet`, greet",
    "FIND greet(name), \\Qgreet(name)\\E"
  })
  void a_text_is_looked_for_as_it_stands(String said, String pattern) {
    assertThat(Spoken.in(said)).containsExactly(call("search_text", Map.of("pattern", pattern)));
  }

  @Test
  void a_text_is_looked_for_in_some_files() {
    assertThat(Spoken.in("FIND greet in *.py"))
        .containsExactly(call("search_text", Map.of("pattern", "greet", "glob", "*.py")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/app.py\n",
        "`src/app.py`\n",
        "**src/app.py**\n",
        "\"src/app.py\"\n",
        "### src/app.py\n",
        "File: src/app.py\n",
        "READ src/app.py\nsrc/app.py\n",
        "Here is the change:\n\nsrc/app.py\n```python\n",
        "```python\nsrc/app.py\n"
      })
  void a_block_is_an_edit_whatever_stands_around_it(String above) {
    String said =
        above
            + "<<<<<<< SEARCH\n  return 1\n=======\n  return 2\n>>>>>>> REPLACE\n```\nThat's all.";

    assertThat(Spoken.in(said))
        .filteredOn(call -> call.name().equals("edit_file"))
        .extracting(ToolCall::arguments)
        .containsExactly(
            new ToolCall.Valid(
                Map.of(
                    "path", "src/app.py", "old_text", "  return 1\n", "new_text", "  return 2\n")));
  }

  @Test
  void an_empty_search_writes_the_whole_file() {
    assertThat(Spoken.in("größe.txt\n<<<<<<< SEARCH\n=======\nGrüße 🦆\n>>>>>>> REPLACE\n"))
        .containsExactly(call("write_file", Map.of("path", "größe.txt", "content", "Grüße 🦆\n")));
  }

  @Test
  void a_broken_block_is_told_and_leaves_the_others_alone() {
    String said =
        """
        a.py
        <<<<<<< SEARCH
        one
        >>>>>>> REPLACE

        b.py
        <<<<<<< SEARCH
        two
        =======
        three
        >>>>>>> REPLACE
        """;

    List<ToolCall> calls = Spoken.in(said);

    assertThat(calls).hasSize(2);
    assertThat(calls.getFirst().arguments())
        .isInstanceOfSatisfying(
            ToolCall.Broken.class,
            broken -> assertThat(broken.why()).contains("line 2", "======="));
    assertThat(calls.getLast())
        .isEqualTo(
            new ToolCall(
                "text_2",
                "edit_file",
                new ToolCall.Valid(
                    Map.of("path", "b.py", "old_text", "two\n", "new_text", "three\n"))));
  }

  @Test
  void a_block_that_was_cut_off_is_broken() {
    assertThat(Spoken.in("a.py\n<<<<<<< SEARCH\none\n=======\ntw"))
        .singleElement()
        .extracting(ToolCall::arguments)
        .isInstanceOfSatisfying(
            ToolCall.Broken.class, broken -> assertThat(broken.why()).contains("cut off"));
  }

  @Test
  void requests_within_a_block_are_text() {
    assertThat(Spoken.in("a.md\n<<<<<<< SEARCH\nREAD x\n=======\nDONE x\n>>>>>>> REPLACE\n"))
        .extracting(ToolCall::name)
        .containsExactly("edit_file");
  }

  @ParameterizedTest
  @CsvSource({
    "DONE Renamed it., Renamed it.",
    "DONE: Renamed it., Renamed it.",
    "**DONE** Renamed it., Renamed it.",
    "DONE, Done.",
    "DONE., Done.",
    "`DONE`, Done."
  })
  void the_end_of_the_task_is_told_with_what_was_done(String said, String summary) {
    assertThat(Spoken.in(said)).containsExactly(call("finish", Map.of("summary", summary)));
  }

  @Test
  void the_end_counts_behind_edits_but_not_beside_questions() {
    String block = "a.py\n<<<<<<< SEARCH\none\n=======\ntwo\n>>>>>>> REPLACE\n";

    assertThat(Spoken.in("DONE\nChanged it.\n" + block))
        .extracting(ToolCall::name)
        .containsExactly("edit_file", "finish");
    assertThat(Spoken.in("READ a.py\nDONE"))
        .extracting(ToolCall::name)
        .containsExactly("read_file");
  }

  @Test
  void another_tool_is_called_by_its_name() {
    assertThat(Spoken.in("CALL run_command {\n  \"command\": \"make\"\n}\nok"))
        .containsExactly(call("run_command", Map.of("command", "make")));
    assertThat(Spoken.in("CALL run_command {\"command\""))
        .singleElement()
        .extracting(ToolCall::arguments)
        .isInstanceOf(ToolCall.Broken.class);
  }

  @Test
  void what_needs_a_path_and_has_none_is_told() {
    assertThat(Spoken.in("READ"))
        .extracting(ToolCall::arguments)
        .containsExactly(new ToolCall.Broken("", "READ needs the path of a file"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "I have read the file and I'm done.",
        "Read src/app.py first.",
        "The READ request shows a file.",
        "READY to go.",
        "LISTEN",
        "```python\nprint('READ me')\n```"
      })
  void prose_asks_for_nothing(String said) {
    assertThat(Spoken.in(said)).isEmpty();
  }

  private static ToolCall call(String name, Map<String, Object> arguments) {
    return new ToolCall("text_1", name, new ToolCall.Valid(arguments));
  }
}
