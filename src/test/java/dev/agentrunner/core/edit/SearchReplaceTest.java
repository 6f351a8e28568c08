package dev.agentrunner.core.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SearchReplaceTest {

  private static String block(String search, String replace) {
    return "f.py\n```python\n" + bare(search, replace) + "```\n";
  }

  private static String bare(String search, String replace) {
    return "<<<<<<< SEARCH\n" + search + "=======\n" + replace + ">>>>>>> REPLACE\n";
  }

  private static String edited(String file, String search, String replace) {
    return Tree.holding("f.py", file).edited(block(search, replace)).text("f.py");
  }

  private static String refusal(String file, String search, String replace) {
    return Tree.holding("f.py", file).refusal(block(search, replace));
  }

  // Reading

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f.py\n%s",
        "`f.py`\n%s",
        "**f.py**\n%s",
        "**f.py:**\n%s",
        "`f.py`:\n%s",
        "### f.py\n%s",
        "### `f.py`\n```\n%s```\n",
        "./f.py\n%s",
        "f.py\n```python\n%s```\n",
        "```python\nf.py\n%s```\n",
        "```f.py\n%s```\n",
        "```python:f.py\n%s```\n",
        "```python f.py\n%s```\n",
        "f.py\n\n```python\n%s```\n",
        "f.py\n\n%s",
        "f.py\n```\n```python\n%s```\n",
        "f.py\n````\n%s````\n",
        "f.py\n<source>\n%s</source>\n",
        "Sure.\n\n```bash\nrm -rf x\n```\n\nf.py\n```\n%s```\nDone.",
        "g.md\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE\nThen in the other file\nf.py\n%s"
      })
  void a_path_is_found_where_models_put_it(String reply) {
    Tree tree = Tree.holding("f.py", "a\nb\n");

    assertThat(tree.edited(reply.formatted(bare("b\n", "c\n"))).text("f.py")).isEqualTo("a\nc\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Here it is:\n", "...\n", "```\n", "This changes it, as you said.\n"})
  void a_block_without_a_path_is_for_the_file_of_the_block_before(String above) {
    Tree tree = Tree.holding("f.py", "a\nb\n");

    assertThat(tree.edited(block("a\n", "1\n") + "\n" + above + bare("b\n", "2\n")).text("f.py"))
        .isEqualTo("1\n2\n");
  }

  @Test
  void a_first_block_without_a_path_is_refused() {
    assertThat(new Tree().refusal("Here:\n\n" + bare("a\n", "b\n")))
        .contains("line 3 of the reply", "no path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../x", "a/../../x", "C:\\x", "src/", "a/..", "."})
  void a_path_that_is_none_within_the_folder_is_refused(String path) {
    assertThat(new Tree().refusal(path + "\n" + bare("", "x\n"))).contains("relative");
  }

  @Test
  void paths_are_told_apart_by_what_they_mean() {
    Tree tree = Tree.holding("a/b.py", "x\n");

    assertThat(tree.edited("./a/.//b.py\n" + bare("x\n", "y\n")).text("a/b.py")).isEqualTo("y\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f.py\n<<<<<<< SEARCH\nb\n=======\nc\n",
        "f.py\n<<<<<<< SEARCH\nb\n",
        "f.py\n<<<<<<< SEARCH\nb\n>>>>>>> REPLACE\n",
        "f.py\n<<<<<<< SEARCH\nb\n======= \nc\n>>>>>>> REPLACE\n",
        "f.py\n<<<<<<< SEARCH\nb\n=======\nc\n=======\nd\n>>>>>>> REPLACE\n",
        "f.py\n<<<<<<< SEARCH\nb\n=======\nc\n<<<<<<< SEARCH\nd\n=======\n>>>>>>> REPLACE\n",
        "f.py\n<<<<<<< SEARCH\nb\n=======\nc\n>>>>>>> REPLACE\n>>>>>>> REPLACE\n",
        "f.py\n<<<<<<< SEARCH\nb\n=======\nc\n>>>>>>> REPLACE\n----- SEARCH\na\n=======\n",
        "f.py\n<<<<<<< SEARCH>>\nb\n=======\nc\n>>>>>>> REPLACE\n<<<<<<< SEARCH\na\n=======\n",
        "f.py\n<<<<<<< SEARCH\nb\n=======\n:start_line:3\nc\n>>>>>>> REPLACE\n"
      })
  void a_block_whose_parts_are_not_clear_is_refused(String reply) {
    assertThat(Tree.holding("f.py", "a\nb\n").refusal(reply)).contains("of the reply");
  }

  @Test
  void markers_may_be_a_little_longer_or_shorter() {
    Tree tree = Tree.holding("f.py", "b\n");

    assertThat(
            tree.edited("f.py\n<<<<<< SEARCH>\nb\n========\nc\n>>>>>>>>> REPLACE\n").text("f.py"))
        .isEqualTo("c\n");
  }

  @Test
  void a_divider_may_stand_for_the_end_of_a_block() {
    Tree tree = Tree.holding("f.py", "b\n");

    assertThat(tree.edited("f.py\n<<<<<<< SEARCH\nb\n=======\nc\n=======\n").text("f.py"))
        .isEqualTo("c\n");
  }

  @Test
  void an_underlined_heading_is_no_divider() {
    assertThat(edited("Title\n=====\ntext\n", "Title\n=====\n", "Name\n=====\n"))
        .isEqualTo("Name\n=====\ntext\n");
  }

  @Test
  void line_numbers_above_search_lines_are_left_out() {
    assertThat(edited("a\nb\n", ":start_line:2\n:end_line:2\n-------\nb\n", "c\n"))
        .isEqualTo("a\nc\n");
  }

  @Test
  void the_same_block_twice_counts_once() {
    Tree tree = Tree.holding("f.py", "a\n");

    assertThat(tree.edited(block("a\n", "a\nb\n") + block("a\n", "a\nb\n")).text("f.py"))
        .isEqualTo("a\nb\n");
  }

  @Test
  void a_block_within_a_shell_script_that_models_show_is_passed_over() {
    String shown = "```bash\ncat <<EOF\n\nx\n" + bare("b\n", "no\n") + "EOF\n```\n";

    assertThat(Tree.holding("f.py", "b\n").edited(shown + block("b\n", "c\n")).text("f.py"))
        .isEqualTo("c\n");
  }

  // Finding the place

  @Test
  void lines_take_the_place_of_the_lines_that_are_there() {
    assertThat(edited("a\nb\nc\n", "b\n", "x\ny\n")).isEqualTo("a\nx\ny\nc\n");
  }

  @Test
  void lines_go_where_nothing_shall_stand() {
    assertThat(edited("a\nb\nc\n", "b\n", "")).isEqualTo("a\nc\n");
  }

  @Test
  void blocks_are_applied_one_after_the_other() {
    Tree tree = Tree.holding("f.py", "a\nb\n");

    assertThat(tree.edited(block("b\n", "c\n") + block("a\nc\n", "d\n")).text("f.py"))
        .isEqualTo("d\n");
  }

  @Test
  void what_stands_in_two_places_is_refused_with_both() {
    assertThat(refusal("x\na\ny\na\n", "a\n", "b\n"))
        .contains("Edit 1, f.py", "2 places (lines 2, 4)", "more lines around");
  }

  @Test
  void an_exact_place_counts_before_one_that_is_only_alike() {
    assertThat(edited("  a\na\n", "a\n", "b\n")).isEqualTo("  a\nb\n");
  }

  @Test
  void white_space_at_line_ends_may_differ() {
    assertThat(edited("a  \nb\t\nc\n", "a\nb \n", "x\ny\n")).isEqualTo("x\ny\nc\n");
    assertThat(edited("a \nb\n", "a\nb\n", "x\n")).isEqualTo("x\n");
  }

  @Test
  void blank_lines_around_may_be_missing_in_the_file() {
    assertThat(edited("a\nb\nc\n", "\na\nb\n\n", "x\ny\n")).isEqualTo("x\ny\nc\n");
  }

  @Test
  void blank_lines_that_both_sides_have_around_them_stay_out() {
    assertThat(edited("a\nb\nc\n", "\na\nb\n\n", "\nx\ny\n\n")).isEqualTo("x\ny\nc\n");
  }

  @Test
  void lines_indented_too_little_take_the_indent_of_the_file() {
    assertThat(
            edited(
                "class A:\n    def f():\n        pass\n\n    x = 1\n",
                "def f():\n    pass\n\nx = 1\n",
                "def g():\n    return 1\n\nx = 2\n"))
        .isEqualTo("class A:\n    def g():\n        return 1\n\n    x = 2\n");
  }

  @Test
  void lines_indented_too_much_lose_what_is_too_much() {
    assertThat(edited("\tf()\n\t\tg()\n", "\t\t\tf()\n\t\t\t\tg()\n", "\t\t\tf()\n\t\t\t\th()\n"))
        .isEqualTo("\tf()\n\t\th()\n");
  }

  @Test
  void lines_indented_unevenly_are_refused() {
    assertThat(refusal("  a\n    b\n", "a\nb\n", "c\nd\n")).contains("    1 |   a");
  }

  @Test
  void lines_of_another_depth_than_those_they_replace_are_not_indented_by_guess() {
    assertThat(refusal("    a\n    b\n", "a\nb\n", "  c\n  d\n")).contains("do not stand");
    assertThat(refusal("x\n    a\n    b\n", "  a\n  b\n", "c\n")).contains("do not stand");
  }

  @Test
  void a_line_keeps_the_white_space_around_it() {
    assertThat(edited("  a b  \nc\n", "a b\n", "x y\n")).isEqualTo("  x y  \nc\n");
  }

  @Test
  void a_line_may_be_part_of_one_if_there_is_just_one() {
    assertThat(edited("key = old value # note\n", "old value\n", "new value\n"))
        .isEqualTo("key = new value # note\n");
    assertThat(refusal("x = 1\ny = 1\n", "= 1\n", "= 2\n")).contains("2 places");
  }

  @ParameterizedTest
  @ValueSource(strings = {"line", "ine1", "1_", "é"})
  void a_part_of_a_word_is_no_match(String part) {
    assertThat(refusal("line1_é1\n", part + "\n", "x\n")).contains("do not stand");
  }

  @Test
  void several_lines_are_not_put_into_the_middle_of_one() {
    assertThat(refusal("a = b\n", "b\n", "c\nd\n")).contains("do not stand");
  }

  // Files

  @Test
  void nothing_to_search_for_makes_a_new_file() {
    assertThat(new Tree().edited(block("", "x\ny\n")).text("f.py")).isEqualTo("x\ny\n");
    assertThat(edited("", "", "x\n")).isEqualTo("x\n");
    assertThat(new Tree().edited(block("\n", "x\n")).text("f.py")).isEqualTo("x\n");
  }

  @Test
  void nothing_to_search_for_in_a_file_that_is_there_is_refused() {
    assertThat(refusal("a\n", "", "x\n")).contains("SEARCH is empty");
  }

  @Test
  void something_to_search_for_in_a_file_that_is_not_there_is_refused() {
    assertThat(new Tree().refusal(block("a\n", "x\n"))).contains("no such file");
  }

  @Test
  void a_change_that_changes_nothing_is_refused() {
    assertThat(refusal("a\n", "a\n", "a\n")).contains("nothing would change");
  }

  @Test
  void one_edit_that_does_not_apply_keeps_the_others_from_it() {
    Tree tree = Tree.holding("f.py", "a\n");
    tree.put("g.py", "b\n");

    assertThat(
            tree.refusal(
                block("a\n", "x\n")
                    + "g.py\n"
                    + bare("c\n", "d\n")
                    + "h.py\n"
                    + bare("c\n", "d\n")))
        .contains("2 of 3 edits", "Edit 2, g.py", "Edit 3, h.py");
  }

  @Test
  void what_is_there_already_is_said_to_be() {
    assertThat(refusal("new line\n", "old line\n", "new line\n")).contains("done already");
    assertThat(refusal("other line\n", "old line\n", "")).doesNotContain("done already");
  }

  @Test
  void a_file_keeps_its_line_endings() {
    assertThat(edited("a\r\nb\r\nc\r\n", "b\n", "x\ny\n")).isEqualTo("a\r\nx\r\ny\r\nc\r\n");
    assertThat(edited("a\nb\n", "b\r\n", "x\r\n")).isEqualTo("a\nx\n");
  }

  @Test
  void lines_that_do_not_change_keep_their_own_endings() {
    assertThat(edited("a\r\nb\nc\nd\n", "b\nc\nd\n", "b\nx\nd\n")).isEqualTo("a\r\nb\nx\r\nd\n");
    assertThat(edited("a\r\na\n", "a\na\n", "a\n")).isEqualTo("a\r\n");
  }

  @Test
  void a_file_without_a_newline_at_its_end_stays_without() {
    assertThat(edited("a\nb", "b\n", "c\n")).isEqualTo("a\nc");
    assertThat(edited("a\nb", "b\n", "b\nc\n")).isEqualTo("a\nb\nc");
    assertThat(edited("a\nb", "a\nb\n", "x\n")).isEqualTo("x");
    assertThat(edited("a \nb", "a\n", "x\ny\n")).isEqualTo("x\ny\nb");
  }

  @Test
  void a_byte_order_mark_stays() {
    assertThat(edited("\uFEFFa\nb\n", "a\n", "x\n")).isEqualTo("\uFEFFx\nb\n");
    assertThat(edited("\uFEFFa\nb\n", "\uFEFFa\n", "\uFEFFx\n")).isEqualTo("\uFEFFx\nb\n");
  }

  @Test
  void dollars_and_backslashes_are_what_they_are() {
    assertThat(edited("a $1\n", "a $1\n", "\\1 $0 $& \\\\n ${x}\n"))
        .isEqualTo("\\1 $0 $& \\\\n ${x}\n");
  }

  @Test
  void bytes_that_are_no_text_come_out_as_they_went_in() {
    byte[] file = "\u00E9\u00FF\nb\n\u0000\n".getBytes(StandardCharsets.ISO_8859_1);
    Tree tree = new Tree();
    tree.put("f.py", file);

    assertThat(tree.edited(block("b\n", "ü\n")).read("f.py").orElseThrow())
        .isEqualTo("\u00E9\u00FF\n\u00C3\u00BC\n\u0000\n".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void a_reply_may_be_given_in_a_known_form() {
    assertThat(
            EditPlan.read(block("a\n", "b\n"), Optional.of(EditFormat.PATCH))
                instanceof EditPlan.Reading.Unreadable)
        .isTrue();
    assertThat(Tree.planned(block("a\n", "b\n")).format()).isEqualTo(EditFormat.SEARCH_REPLACE);
    assertThat(Tree.planned(block("a\n", "b\n")).paths()).containsExactly("f.py");
  }

  @Test
  void talk_alone_is_no_edit() {
    assertThat(new Tree().refusal("I would change f.py, but how?\n```\nx\n```\n"))
        .contains("no edit");
    assertThat(new Tree().refusal("")).contains("no edit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "```sh\nf.py\n%s```\n",
        "f.py\n```bash\n%s```\n",
        "```bash\nls\n```\n```bash\nls\nf.py\n```\nf.py\n```zsh\n%s```\n",
        "f.py\n```src/x\n%s```\n"
      })
  void a_block_within_a_fence_for_shells_is_a_block(String reply) {
    assertThat(Tree.holding("f.py", "b\n").edited(reply.formatted(bare("b\n", "c\n"))).text("f.py"))
        .isEqualTo("c\n");
  }

  @Test
  void a_shell_script_that_is_cut_off_is_no_edit() {
    assertThat(new Tree().refusal("```bash\nls\n")).contains("no edit");
    assertThat(
            Tree.holding("f.py", "b\n").edited(block("b\n", "c\n") + "```bash\nls\n").text("f.py"))
        .isEqualTo("c\n");
    assertThat(Tree.holding("f.py", "b\n").edited(block("b\n", "c\n") + "```bash\n").text("f.py"))
        .isEqualTo("c\n");
  }

  @Test
  void a_path_may_hold_spaces_and_a_sentence_is_no_path() {
    Tree tree = Tree.holding("my file.txt", "a\n");

    assertThat(tree.edited("my file.txt\n" + bare("a\n", "b\n")).text("my file.txt"))
        .isEqualTo("b\n");
    assertThat(tree.refusal("Please look into my file.txt\n" + bare("a\n", "b\n")))
        .contains("no path");
  }

  @Test
  void a_block_is_named_by_its_line() {
    assertThat(new Tree().refusal("\n\nf.py\n<<<<<<< SEARCH\na\n")).contains("line 4");
    assertThat(new Tree().refusal("/x\n<<<<<<< SEARCH\n=======\n>>>>>>> REPLACE\n"))
        .contains("line 2");
    assertThat(new Tree().refusal(block("a\n", "b\n") + "\n>>>>>>> REPLACE\n")).contains("line 10");
  }

  @Test
  void search_lines_that_only_look_like_line_numbers_are_searched_for() {
    assertThat(edited(":start_line:1\na\n", ":start_line:1\na\n", "b\n")).isEqualTo("b\n");
    assertThat(edited("-------\na\n", "-------\na\n", "b\n")).isEqualTo("b\n");
  }

  @Test
  void one_line_may_become_several_wherever_it_is_indented() {
    assertThat(edited("  a \n", "a\n", "x\ny\n")).isEqualTo("  x\n  y\n");
  }
}
