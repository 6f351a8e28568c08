package dev.agentrunner.core.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnifiedDiffTest {

  private static final String NAMES = "--- a/f.txt\n+++ b/f.txt\n";
  private static final String INDEX =
      "diff --git a/f.txt b/f.txt\nindex 1234567..89abcde 100644\n" + NAMES;

  private static Tree file(String content) {
    return Tree.holding("f.txt", content);
  }

  // Reading

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "```diff\n%s```\n",
        "Here:\n\n```\n%s```\nDone.\n",
        "```patch\n\nIndex: f.txt\n=====\n%s```\n",
        "Index: f.txt\n=====\n%s",
        "commit 123\nAuthor: x\n\n    Message\n---\n f.txt | 2 +-\n\ndiff --git a/f.txt b/f.txt\n%s-- \n2.39.5\n",
        "```python\nprint(1)\n```\n```diff\n%s```\n"
      })
  void a_diff_is_found_among_other_words(String reply) {
    String diff = NAMES + "@@ -1,2 +1,2 @@\n a\n-b\n+c\n";

    assertThat(file("a\nb\n").edited(reply.formatted(diff)).text("f.txt")).isEqualTo("a\nc\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--- a/f.txt\n+++ b/f.txt\n",
        "--- f.txt\n+++ f.txt\n",
        "--- f.txt.orig\n+++ f.txt\n",
        "--- f.txt\t2026-01-01 00:00:00\n+++ f.txt\t2026-01-02 00:00:00\n",
        "--- \"a/f.txt\"\n+++ \"b/f\\056txt\"\n",
        "diff --git c/f.txt w/f.txt\n--- c/f.txt\n+++ w/f.txt\n",
        "diff --git f.txt f.txt\n--- f.txt\n+++ f.txt\n"
      })
  void the_names_of_a_file_come_in_many_forms(String names) {
    assertThat(file("a\n").edited(names + "@@ -1 +1 @@\n-a\n+b\n").text("f.txt")).isEqualTo("b\n");
  }

  @Test
  void names_of_git_are_read_with_their_escapes() {
    Tree tree = Tree.holding("中 \"x\\.md", "a\n");
    String name = "\\344\\270\\255 \\\"x\\\\.md\"\n";

    assertThat(
            tree.edited("--- \"a/" + name + "+++ \"b/" + name + "@@ -1 +1 @@\n-a\n+b\n")
                .text("中 \"x\\.md"))
        .isEqualTo("b\n");
  }

  @Test
  void names_with_control_characters_are_refused() {
    for (String escape : List.of("a", "b", "t", "n", "v", "f", "r", "000")) {
      String name = "/x\\" + escape + "\"\n";

      assertThat(new Tree().refusal("--- \"a" + name + "+++ \"b" + name + "@@ -1 +1 @@\n-a\n+b\n"))
          .contains("control character");
    }
  }

  @Test
  void a_name_that_is_no_text_is_given_with_its_odd_bytes() {
    assertThat(
            Tree.planned(
                    "diff --git \"a/\\377\\376 x\" \"b/\\377\\376 x\"\nold mode 100644\nnew mode 100755\n")
                .paths())
        .containsExactly("\\xFF\\xFE\\x20x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--- \"a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "--- \"a/\\9\"\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "--- \"a/\\09\"\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "--- \"a/\\q\"\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "--- \"a/\\\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "--- \"a/\\1\"\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n",
        "--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n",
        "--- a/f.txt\n+++ b/f.txt\n",
        "--- a/f.txt\n+++ b/f.txt\n@@ -1 +1 @@\n",
        "--- a/f.txt\n+++ b/f.txt\n@@ -1 +1 @@\n a\n",
        "--- a/f.txt\n+++ b/f.txt\n@@ -1 +1 @@\n-a\nb\n+c\n",
        "--- a/f.txt\n+++ b/f.txt\n@@ -1 +1 @@\n\\ No newline at end of file\n-a\n+b\n",
        "--- a/f.txt\n+++ b/f.txt\n@@@ -1 -1 +1 @@@\n--a\n++b\n",
        "diff --git a/f.txt b/f.txt\nindex 123..456\nGIT binary patch\nliteral 3\n",
        "diff --git a/f.txt b/f.txt\nindex 1234567..89abcde\nBinary files a/f.txt and b/f.txt differ\n",
        "diff --git a/f.txt b/f.txt\nold mode 100644\nnew mode 160000\n",
        "diff --git a/f.txt b/g.txt\nnew file mode 100644\n",
        "diff --git a/f.txt b/f.txt\n",
        "diff --git a/f.txt b/f.txt\nx\n@@ -1 +1 @@\n-a\n+b\n"
      })
  void a_diff_that_is_not_clear_is_refused(String diff) {
    assertThat(file("a\n").refusal(diff)).contains("of the reply");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@@ -1,9 +1,9 @@\n a\n-b\n+x\n c\n",
        "@@ -1 +1 @@\n a\n-b\n+x\n c\n",
        "@@ -1,3 +1,2 @@\n a\n-b\n+x\n c\n",
        "@@ -2,3 +1,3 @@ def f():\n a\n-b\n+x\n c\n\n",
        "@@ ... @@\n a\n-b\n+x\n c\n",
        "@@ @@\n a\n-b\n+x\n c\n",
        "@@\n a\n-b\n+x\n c\n\nThat is all.\n  Is it?\n",
        "@@ def f():\n a\n-b\n+x\n c\n",
        "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n@@ -3 +3 @@\n c\n",
        "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c"
      })
  void numbers_that_are_wrong_or_missing_do_no_harm(String hunk) {
    assertThat(file("a\nb\nc\n").edited(NAMES + hunk).text("f.txt")).isEqualTo("a\nx\nc\n");
  }

  @Test
  void right_numbers_tell_lines_from_headers() {
    String diff = NAMES + "@@ -1,3 +1,3 @@\n a\n--- x\n+++ y\n c\n";

    assertThat(file("a\n-- x\nc\n").edited(diff).text("f.txt")).isEqualTo("a\n++ y\nc\n");
  }

  @Test
  void blank_lines_may_have_lost_their_space() {
    String diff = NAMES + "@@ -1,4 +1,4 @@\n a\n\n-b\n+x\n\n";

    assertThat(file("a\n\nb\n\n").edited(diff).text("f.txt")).isEqualTo("a\n\nx\n\n");
  }

  @Test
  void several_files_are_changed_at_once() {
    Tree tree = file("a\n");
    tree.put("g.txt", "b\n");

    Tree edited =
        tree.edited(
            "```diff\n"
                + NAMES
                + "@@ -1 +1 @@\n-a\n+x\n--- a/g.txt\n+++ b/g.txt\n@@ -1 +1 @@\n-b\n+y\n```\n");

    assertThat(edited.text("f.txt") + edited.text("g.txt")).isEqualTo("x\ny\n");
  }

  // Finding the place

  @Test
  void a_hunk_belongs_where_its_lines_stand_whatever_its_numbers() {
    assertThat(
            file("0\n0\n0\na\nb\n").edited(NAMES + "@@ -1,2 +1,2 @@\n a\n-b\n+c\n").text("f.txt"))
        .isEqualTo("0\n0\n0\na\nc\n");
  }

  @Test
  void of_several_places_the_one_at_its_line_number_counts() {
    assertThat(file("a\nb\na\nb\n").edited(NAMES + "@@ -3,2 +3,2 @@\n a\n-b\n+c\n").text("f.txt"))
        .isEqualTo("a\nb\na\nc\n");
  }

  @Test
  void of_several_places_none_at_its_line_number_none_counts() {
    assertThat(file("a\nb\na\nb\n").refusal(NAMES + "@@ -2,2 +2,2 @@\n a\n-b\n+c\n"))
        .contains("hunk at line 3 of the reply", "2 places (lines 1, 3)");
    assertThat(file("a\nb\na\nb\n").refusal(NAMES + "@@\n a\n-b\n+c\n")).contains("2 places");
  }

  @Test
  void a_hunk_is_taken_to_have_moved_as_far_as_its_neighbour() {
    String diff = "@@ -1 +1 @@\n-x\n+X\n@@ -3 +3 @@\n-b\n+B\n";

    assertThat(file("0\n0\nx\nb\nb\n").edited(NAMES + diff).text("f.txt"))
        .isEqualTo("0\n0\nX\nb\nB\n");
    assertThat(
            file("b\n0\nb\n0\nx\n")
                .edited(NAMES + "@@ -1 +1 @@\n-b\n+B\n@@ -3 +3 @@\n-x\n+X\n")
                .text("f.txt"))
        .isEqualTo("b\n0\nB\n0\nX\n");
  }

  @Test
  void hunks_that_are_alike_are_taken_in_order() {
    String hunk = " a\n-b\n+c\n";

    assertThat(
            file("0\na\nb\na\nb\n")
                .edited(NAMES + "@@ -1,2 +1,2 @@\n" + hunk + "@@ -5,2 +5,2 @@\n" + hunk)
                .text("f.txt"))
        .isEqualTo("0\na\nc\na\nc\n");
  }

  @Test
  void hunks_without_numbers_may_come_in_any_order() {
    assertThat(file("a\nb\n").edited(NAMES + "@@\n-b\n+B\n@@\n-a\n+A\n").text("f.txt"))
        .isEqualTo("A\nB\n");
    assertThat(
            file("a\nb\n")
                .edited(NAMES + "@@ -2 +2 @@\n-b\n+B\n@@ -1 +1 @@\n-a\n+A\n")
                .text("f.txt"))
        .isEqualTo("A\nB\n");
  }

  @Test
  void hunks_that_change_the_same_line_are_refused() {
    assertThat(file("a\nb\n").refusal(NAMES + "@@\n-b\n+x\n@@\n a\n-b\n+y\n"))
        .contains("same lines");
  }

  @Test
  void a_hunk_that_fits_nowhere_is_refused_with_what_is_there() {
    assertThat(file("one\ntwo\nthree\n").refusal(NAMES + "@@ -1,2 +1,2 @@\n one\n-zwei\n+2\n"))
        .contains("hunk at line 3 of the reply", "    1 | one\n    2 | two");
  }

  @Test
  void up_to_two_lines_of_context_may_be_wrong_at_either_edge() {
    String hunk = "@@ -1,7 +1,7 @@\n w\n w\n c\n-d\n+D\n e\n w\n w\n";

    assertThat(file("a\nb\nc\nd\ne\nf\ng\n").edited(NAMES + hunk).text("f.txt"))
        .isEqualTo("a\nb\nc\nD\ne\nf\ng\n");
    assertThat(file("a\nb\nx\nd\ne\nf\ng\n").refusal(NAMES + hunk)).contains("do not stand");
  }

  @Test
  void the_shorter_side_of_a_hunk_keeps_its_context_longer() {
    assertThat(
            file("a\nb\nc\nd\n")
                .edited(NAMES + "@@ -1,5 +1,5 @@\n w\n w\n b\n-c\n+C\n d\n")
                .text("f.txt"))
        .isEqualTo("a\nb\nC\nd\n");
    assertThat(file("a\nb\nc\nx\n").refusal(NAMES + "@@ -1,5 +1,5 @@\n w\n w\n b\n-c\n+C\n d\n"))
        .contains("do not stand");
  }

  @Test
  void a_place_is_not_guessed_from_next_to_nothing() {
    assertThat(file("a\nb\n").refusal(NAMES + "@@ -1,5 +1,6 @@\n w\n w\n a\n+n\n w\n w\n"))
        .contains("do not stand");
    assertThat(file("a\n\nb\n").refusal(NAMES + "@@ -1,3 +1,2 @@\n w\n-\n w\n"))
        .contains("do not stand");
  }

  @Test
  void a_hunk_that_only_adds_must_show_a_line_of_the_file() {
    assertThat(file("a\n").refusal(NAMES + "@@ -1,0 +2 @@\n+b\n")).contains("only adds lines");
    assertThat(file("").edited(NAMES + "@@ -0,0 +1 @@\n+b\n").text("f.txt")).isEqualTo("b\n");
  }

  @Test
  void white_space_and_line_endings_of_a_model_may_differ() {
    assertThat(file("a \r\nb\r\n").edited(NAMES + "@@\n a\n-b\n+c\n").text("f.txt"))
        .isEqualTo("a \r\nc\r\n");
    assertThat(file("a\nb").edited(NAMES + "@@\n a\n-b\n+c\n").text("f.txt")).isEqualTo("a\nc");
    assertThat(file("a\nb").edited(NAMES + "@@\n a\n-b\n").text("f.txt")).isEqualTo("a");
    assertThat(file("\uFEFFa\nb\n").edited(NAMES + "@@\n-a\n+c\n b\n").text("f.txt"))
        .isEqualTo("\uFEFFc\nb\n");
    assertThat(file("\uFEFFa\nb\n").edited(NAMES + "@@\n \uFEFFa\n-b \n+c\n").text("f.txt"))
        .isEqualTo("\uFEFFa\nc\n");
  }

  @Test
  void a_program_writes_what_it_means_to_the_byte() {
    assertThat(file("a\r\n").refusal(INDEX + "@@ -1 +1 @@\n-a\n+b\n")).contains("do not stand");
    assertThat(file("a \n").refusal(INDEX + "@@ -1 +1 @@\n-a\n+b\n")).contains("do not stand");
    assertThat(file("a").refusal(INDEX + "@@ -1 +1 @@\n-a\n+b\n")).contains("do not stand");
    assertThat(file("\uFEFFa\n").refusal(INDEX + "@@ -1 +1 @@\n-a\n+b\n")).contains("do not stand");
    assertThat(file("x\nb\n").refusal(INDEX + "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"))
        .contains("do not stand");
    assertThat(file("\uFEFFa\n").edited(INDEX + "@@ -1 +1 @@\n-\uFEFFa\n+a\n").text("f.txt"))
        .isEqualTo("a\n");
    assertThat(file("a\r\nb\n").edited(INDEX + "@@ -1,2 +1,2 @@\n-a\r\n+a\n b\n").text("f.txt"))
        .isEqualTo("a\nb\n");
  }

  @Test
  void a_program_counts_well_enough_to_go_by_the_nearest_place() {
    String hunk = "@@ -4,3 +4,3 @@\n a\n-b\n+c\n a\n";

    assertThat(file("a\nb\na\n0\na\nb\na\n").edited(INDEX + hunk).text("f.txt"))
        .isEqualTo("a\nb\na\n0\na\nc\na\n");
    assertThat(file("0\na\nb\na\n0\na\nb\na\n").refusal(INDEX + hunk)).contains("2 places");
  }

  @Test
  void what_a_program_says_of_the_edges_of_a_file_must_be_so() {
    assertThat(file("0\na\nb\n").refusal(INDEX + "@@ -1,2 +1,3 @@\n+x\n a\n b\n"))
        .contains("do not stand");
    assertThat(file("a\nb\n0\n").refusal(INDEX + "@@ -1,2 +1,3 @@\n a\n b\n+x\n"))
        .contains("do not stand");
    assertThat(file("a\nb\n").edited(INDEX + "@@ -1,2 +1,3 @@\n+x\n a\n b\n").text("f.txt"))
        .isEqualTo("x\na\nb\n");
    assertThat(file("0\na\nb\n").edited(INDEX + "@@ -1,2 +1,3 @@\n a\n b\n+x\n").text("f.txt"))
        .isEqualTo("0\na\nb\nx\n");
    assertThat(file("0\na\nb\n").edited(NAMES + "@@ -1,2 +1,3 @@\n+x\n a\n b\n").text("f.txt"))
        .isEqualTo("0\nx\na\nb\n");
    assertThat(file("a\nb\n0\n").edited(NAMES + "@@ -1,2 +1,3 @@\n a\n b\n+x\n").text("f.txt"))
        .isEqualTo("a\nb\nx\n0\n");
  }

  @Test
  void a_reply_with_carriage_returns_throughout_is_for_a_file_without() {
    String diff = (NAMES + "@@ -1,2 +1,2 @@\n a\n-b\n+c\n").replace("\n", "\r\n");

    assertThat(file("a\nb\n").edited(diff).text("f.txt")).isEqualTo("a\nc\n");
  }

  // The end of the file

  @Test
  void a_newline_at_the_end_comes_and_goes_as_the_diff_says() {
    String none = "\\ No newline at end of file\n";

    assertThat(file("a").edited(INDEX + "@@ -1 +1 @@\n-a\n" + none + "+a\n").text("f.txt"))
        .isEqualTo("a\n");
    assertThat(file("a\n").edited(INDEX + "@@ -1 +1 @@\n-a\n+a\n" + none).text("f.txt"))
        .isEqualTo("a");
    assertThat(file("a\nb").edited(INDEX + "@@ -1,2 +1,2 @@\n-a\n+c\n b\n" + none).text("f.txt"))
        .isEqualTo("c\nb");
    assertThat(
            file("a\r").edited(INDEX + "@@ -1 +1 @@\n-a\r\n" + none + "+b\n" + none).text("f.txt"))
        .isEqualTo("b");
  }

  @Test
  void a_line_without_a_newline_in_the_middle_of_a_file_is_refused() {
    assertThat(
            file("a\nb\n").refusal(NAMES + "@@ -1 +1 @@\n-a\n+c\n\\ No newline at end of file\n"))
        .contains("no newline");
  }

  // Files that come and go

  @Test
  void a_new_file_is_made() {
    String diff = "--- /dev/null\n+++ b/d/n.txt\n@@ -0,0 +1,2 @@\n+a\n+b\n";

    assertThat(new Tree().edited(diff).text("d/n.txt")).isEqualTo("a\nb\n");
    assertThat(Tree.holding("d/n.txt", "x\n").refusal(diff)).contains("there already");
  }

  @Test
  void a_new_file_without_the_words_for_it_is_made_if_there_is_none() {
    assertThat(new Tree().edited(NAMES + "@@ -0,0 +1 @@\n+a\n").text("f.txt")).isEqualTo("a\n");
    assertThat(new Tree().refusal(INDEX + "@@ -0,0 +1 @@\n+a\n")).contains("no such file");
    assertThat(new Tree().refusal(NAMES + "@@ -1 +1 @@\n-a\n+b\n")).contains("no such file");
  }

  @Test
  void a_new_file_has_nothing_to_take_away() {
    assertThat(new Tree().refusal("--- /dev/null\n+++ b/n.txt\n@@ -1 +1 @@\n-a\n+b\n"))
        .contains("nothing but + lines");
    assertThat(new Tree().refusal("--- /dev/null\n+++ b/n.txt\n@@\n+a\n@@\n+b\n"))
        .contains("one hunk");
  }

  @Test
  void an_empty_file_is_made_with_its_mode() {
    Tree tree =
        new Tree().edited("diff --git a/run b/run\nnew file mode 100755\nindex 0000000..e69de29\n");

    assertThat(tree.text("run")).isEmpty();
    assertThat(tree.mode("run")).isEqualTo(FileMode.EXECUTABLE);
  }

  @Test
  void a_file_goes_with_all_its_lines_or_not_at_all() {
    String diff = "--- a/f.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n";

    assertThat(file("a\n").edited(diff)).isEqualTo(new Tree());
    assertThat(file("a\nb\n").refusal(diff)).contains("1 would be left, from \"b\"");
    assertThat(new Tree().refusal(diff)).contains("no such file");
    assertThat(
            file("")
                .edited(
                    "diff --git a/f.txt b/f.txt\ndeleted file mode 100644\nindex e69de29..0000000\n"))
        .isEqualTo(new Tree());
  }

  @Test
  void a_file_gets_another_name_and_keeps_its_mode() {
    Tree tree = file("a\nb\n");
    tree.mark("f.txt", FileMode.EXECUTABLE);

    Tree edited =
        tree.edited(
            "diff --git a/f.txt b/d/g.txt\nsimilarity index 50%\nrename from f.txt\nrename to d/g.txt\n--- a/f.txt\n+++ b/d/g.txt\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");

    assertThat(edited.text("d/g.txt")).isEqualTo("a\nc\n");
    assertThat(edited.mode("d/g.txt")).isEqualTo(FileMode.EXECUTABLE);
    assertThat(edited.read("f.txt")).isEmpty();
  }

  private static String rename(String from, String to) {
    return "diff --git a/%s b/%s\nsimilarity index 100%%\nrename from %s\nrename to %s\n"
        .formatted(from, to, from, to);
  }

  @Test
  void a_name_that_is_in_use_is_not_given_away() {
    Tree tree = file("a\n");
    tree.put("g.txt", "b\n");

    assertThat(tree.refusal(rename("f.txt", "g.txt"))).contains("already");
    assertThat(tree.refusal(rename("h.txt", "i.txt"))).contains("no such file");
  }

  @Test
  void two_files_swap_their_names() {
    Tree tree = file("a\n");
    tree.put("g.txt", "b\n");

    Tree edited = tree.edited(rename("f.txt", "g.txt") + rename("g.txt", "f.txt"));

    assertThat(edited.text("f.txt") + edited.text("g.txt")).isEqualTo("b\na\n");
  }

  @Test
  void a_new_file_takes_the_name_of_one_that_moves_on() {
    Tree edited =
        file("a\n")
            .edited("--- /dev/null\n+++ b/f.txt\n@@ -0,0 +1 @@\n+n\n" + rename("f.txt", "g.txt"));

    assertThat(edited.text("f.txt") + edited.text("g.txt")).isEqualTo("n\na\n");
  }

  @Test
  void a_file_is_replaced_by_another_of_its_name() {
    String create = "--- /dev/null\n+++ b/f.txt\n@@ -0,0 +1 @@\n+n\n";
    String delete = "--- a/f.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n";

    assertThat(file("a\n").edited(delete + create).text("f.txt")).isEqualTo("n\n");
    assertThat(file("a\n").edited(create + delete).text("f.txt")).isEqualTo("n\n");
  }

  @Test
  void a_file_makes_room_for_a_folder_of_its_name() {
    Tree tree = file("a\n");

    EditResult result =
        Tree.planned(
                "--- /dev/null\n+++ b/f.txt/g\n@@ -0,0 +1 @@\n+n\n--- a/f.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n")
            .applyTo(tree);

    assertThat(((EditResult.Changed) result).changes())
        .extracting(Change::path)
        .containsExactly("f.txt", "f.txt/g");
    assertThat(tree.edited(rename("f.txt", "f.txt/g")).text("f.txt/g")).isEqualTo("a\n");
  }

  @Test
  void a_file_is_copied() {
    Tree edited =
        file("a\n")
            .edited(
                "diff --git a/f.txt b/g.txt\nsimilarity index 100%\ncopy from f.txt\ncopy to g.txt\n");

    assertThat(edited.text("f.txt") + edited.text("g.txt")).isEqualTo("a\na\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "diff --git a/f.txt b/f.txt\nold mode 100644\nnew mode 100755\n",
        "diff --git \"a/f.txt\" \"b/f.txt\"\nold mode 100644\nnew mode 100755\n",
        "diff --git f.txt f.txt\nold mode 100644\nnew mode 100755\n"
      })
  void a_mode_changes_alone(String diff) {
    Tree edited = file("a\n").edited(diff);

    assertThat(edited.mode("f.txt")).isEqualTo(FileMode.EXECUTABLE);
    assertThat(edited.text("f.txt")).isEqualTo("a\n");
  }

  @Test
  void a_link_is_told_from_a_file() {
    EditResult result =
        Tree.planned(
                "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n\\ No newline at end of file\n")
            .applyTo(path -> Optional.empty());

    assertThat(((EditResult.Changed) result).changes())
        .singleElement()
        .isInstanceOfSatisfying(
            Change.Written.class,
            link -> {
              assertThat(link.mode()).contains(FileMode.LINK);
              assertThat(link.after()).isEqualTo("/etc".getBytes(StandardCharsets.UTF_8));
            });
  }

  @Test
  void names_that_differ_without_a_word_about_it_are_refused() {
    assertThat(file("a\n").refusal("--- a/f.txt\n+++ b/g.txt\n@@ -1 +1 @@\n-a\n+b\n"))
        .contains("rename from f.txt");
  }

  @Test
  void one_file_may_be_changed_by_several_diffs() {
    String first = NAMES + "@@ -1 +1 @@\n-a\n+b\n";
    String second = NAMES + "@@ -1 +1 @@\n-b\n+c\n";

    assertThat(file("a\n").edited(first + second).text("f.txt")).isEqualTo("c\n");
    assertThat(Tree.planned(first + second).paths()).containsExactly("f.txt");
    assertThat(Tree.planned(rename("a", "b")).paths()).containsExactly("a", "b");
  }

  @Test
  void the_nearest_neighbour_that_is_sure_of_its_place_tells_the_shift() {
    String hunks = "@@ -1 +1 @@\n-x\n+X\n@@ -2 +2 @@\n-b\n+B\n@@ -3 +3 @@\n-b\n+C\n";

    assertThat(file("0\nx\nb\nb\nb\n").edited(NAMES + hunks).text("f.txt"))
        .isEqualTo("0\nX\nB\nC\nb\n");
  }

  @Test
  void the_order_of_hunks_without_numbers_says_nothing() {
    assertThat(file("a\n0\na\n").refusal(NAMES + "@@\n-a\n+x\n@@\n-0\n+1\n")).contains("2 places");
  }

  @Test
  void a_line_that_goes_is_enough_to_go_by_and_one_that_stays_is_not() {
    assertThat(file("a\nb\nc\n").edited(NAMES + "@@ -1,3 +1,2 @@\n w\n-b\n w\n").text("f.txt"))
        .isEqualTo("a\nc\n");
    assertThat(file("a\n\nb\n").refusal(NAMES + "@@ -1,6 +1,7 @@\n w\n w\n a\n+n\n \n w\n w\n"))
        .contains("do not stand");
    assertThat(
            file("a\nb\n")
                .edited(NAMES + "@@ -1,6 +1,7 @@\n w\n w\n a\n+n\n b\n w\n w\n")
                .text("f.txt"))
        .isEqualTo("a\nn\nb\n");
  }

  @Test
  void carriage_returns_of_the_reply_are_not_those_of_a_program() {
    String diff = (INDEX + "@@ -1,2 +1,2 @@\n a\n-b\n+c\n").replace("\n", "\r\n");

    assertThat(file("a\nb\n").edited(diff).text("f.txt")).isEqualTo("a\nc\n");
  }

  @Test
  void a_missing_newline_is_read_where_numbers_are_wrong_too() {
    String none = "\\ No newline at end of file\n";

    assertThat(file("a").edited(NAMES + "@@ -1,7 +1,7 @@\n-a\n" + none + "+b\n").text("f.txt"))
        .isEqualTo("b\n");
  }

  @Test
  void words_after_a_diff_are_no_part_of_it_and_lines_with_signs_are() {
    assertThat(file("a\n").edited(NAMES + "@@\n-a\n+b\n\nDone.\n").text("f.txt")).isEqualTo("b\n");
    assertThat(file("a\n").refusal(NAMES + "@@\n-a\n+b\n\nx\n+c\n")).contains("line 7");
    assertThat(file("a\n").refusal(NAMES + "@@\n-a\n+b\nDone.\n")).contains("line 6");
  }

  @Test
  void a_moved_file_makes_room_for_a_folder_of_its_name() {
    Tree tree = file("a\n");
    tree.put("g.txt", "b\n");

    EditResult result =
        Tree.planned(rename("g.txt", "f.txt/g") + "--- a/f.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n")
            .applyTo(tree);

    assertThat(((EditResult.Changed) result).changes())
        .extracting(Change::path)
        .containsExactly("f.txt", "f.txt/g");
  }

  @Test
  void lines_of_the_reply_are_named_as_they_are_counted_there() {
    assertThat(file("a\n").refusal("Hi.\n```diff\n" + NAMES + "@@\n-x\n+y\n```\n"))
        .contains("hunk at line 5");
    assertThat(file("a\n").refusal("Hi.\n```diff\n" + NAMES + "@@@\n```\n"))
        .contains("line 5 of the reply");
    assertThat(file("a\n").refusal("Hi.\n```diff\n" + NAMES + "```\n"))
        .contains("line 3 of the reply");
  }
}
