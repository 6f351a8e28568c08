package dev.agentrunner.core.edit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WholeFilesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f.py\n```python\nx = 1\n```\n",
        "Here it is.\n\n**f.py**\n\n```\nx = 1\n```\nDone.\n",
        "### `f.py`\n````python\nx = 1\n````\n",
        "```python f.py\nx = 1\n```\n",
        "```python:f.py\nx = 1\n```\n",
        "```f.py\nx = 1\n`````\n",
        "```\njust talk\n```\nf.py:\n```\nx = 1\n```\n",
        "```\ntalk\n```\n```f.py\nx = 1\n```\n",
        "f.py\r\n```\r\nx = 1\r\n```\r\n"
      })
  void a_file_is_replaced_by_what_its_fence_holds(String reply) {
    Tree tree = Tree.holding("f.py", "old\n");

    assertThat(tree.edited(reply)).isEqualTo(Tree.holding("f.py", "x = 1\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Run this:\n```\nx\n```\n",
        "Output\n```\nx\n```\n",
        "Look at f.py.\n```\nx\n```\n",
        "https://x.org/a.py\n```\nx\n```\n",
        "done.\n```\nx\n```\n",
        "f.py\n``\nx\n``\n",
        "f.py\n``` a`b\nx\n```\n",
        "```python\nx\n```\n",
        "\n```\nx\n```\n"
      })
  void a_fence_without_a_path_is_talk(String reply) {
    assertThat(new Tree().refusal(reply)).contains("no edit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Makefile", "src/lib", ".gitignore", "LICENSE", "a-b_c.test.tsx"})
  void names_need_no_ending_if_they_are_names_beyond_doubt(String path) {
    assertThat(new Tree().edited(path + "\n```\nx\n```\n").text(path)).isEqualTo("x\n");
  }

  @Test
  void several_files_are_written_at_once() {
    Tree edited = new Tree().edited("a.py\n```\nx\n```\nb.py\n```\n```\n");

    assertThat(edited.text("a.py")).isEqualTo("x\n");
    assertThat(edited.text("b.py")).isEmpty();
  }

  @Test
  void a_longer_fence_holds_fences() {
    assertThat(new Tree().edited("a.md\n````\n```python\nx\n```\n````\n").text("a.md"))
        .isEqualTo("```python\nx\n```\n");
  }

  @Test
  void a_fence_within_a_fence_is_refused() {
    assertThat(new Tree().refusal("a.md\n```\n```python\nx\n```\n```\n"))
        .contains("line 3 of the reply", "more backticks");
  }

  @Test
  void a_fence_that_is_cut_off_is_refused() {
    assertThat(new Tree().refusal("a.py\n```\nx\n")).contains("line 2 of the reply", "cut off");
  }

  @Test
  void a_file_given_twice_is_refused() {
    assertThat(new Tree().refusal("a.py\n```\nx\n```\n./a.py\n```\ny\n```\n")).contains("twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# ... rest of the code ...",
        "// ... existing code ...",
        "    ... (remaining lines unchanged)",
        "/* … rest stays as it is */"
      })
  void a_file_with_a_part_left_out_is_refused(String line) {
    String reply = "f.py\n```\nx\n" + line + "\n```\n";

    assertThat(Tree.holding("f.py", "old\n").refusal(reply)).contains("leaves something out");
    assertThat(Tree.holding("f.py", line + "\n").edited(reply).text("f.py"))
        .isEqualTo("x\n" + line + "\n");
  }

  @Test
  void a_file_keeps_its_line_endings_and_its_byte_order_mark() {
    assertThat(Tree.holding("f.py", "\uFEFFa\r\nb").edited("f.py\n```\nx\ny\n```\n").text("f.py"))
        .isEqualTo("\uFEFFx\r\ny\r\n");
    assertThat(Tree.holding("f.py", "\uFEFFa\n").edited("f.py\n```\n\uFEFFx\n```\n").text("f.py"))
        .isEqualTo("\uFEFFx\n");
  }

  @Test
  void other_forms_come_first() {
    assertThat(Tree.planned("f.py\n```\n--- a/f.py\n+++ b/f.py\n@@\n-a\n+b\n```\n").format())
        .isEqualTo(EditFormat.UNIFIED_DIFF);
    assertThat(Tree.planned("f.py\n```\nx\n```\n").format()).isEqualTo(EditFormat.WHOLE_FILES);
  }

  @Test
  void the_form_that_comes_first_counts() {
    String block = "p.txt\n<<<<<<< SEARCH\n=======\n%s>>>>>>> REPLACE\n";
    String patch = "*** Begin Patch\n*** Add File: p.txt\n+%s*** End Patch\n";

    assertThat(new Tree().edited(block.formatted(patch.formatted("x\n"))).text("p.txt"))
        .isEqualTo(patch.formatted("x\n"));
    assertThat(new Tree().edited(patch.formatted("<<<<<<< SEARCH\n")).text("p.txt"))
        .isEqualTo("<<<<<<< SEARCH\n");
    assertThat(
            new Tree()
                .edited(
                    "--- /dev/null\n+++ b/p.txt\n@@ -0,0 +1,1 @@\n+x\n" + block.formatted("y\n"))
                .text("p.txt"))
        .isEqualTo("x\n");
  }

  @Test
  void a_file_that_is_empty_takes_the_line_endings_of_the_reply() {
    assertThat(Tree.holding("f.py", "").edited("f.py\r\n```\r\nx\r\n```\r\n").text("f.py"))
        .isEqualTo("x\r\n");
  }

  @Test
  void lines_of_the_reply_are_named_as_they_are_counted_there() {
    assertThat(new Tree().refusal("Hi.\n/a.py\n```\n```\n")).contains("line 3 of the reply");
    assertThat(new Tree().refusal("a.py\n```\n```\na.py\n```\n```\n"))
        .contains("line 5 of the reply");
  }
}
