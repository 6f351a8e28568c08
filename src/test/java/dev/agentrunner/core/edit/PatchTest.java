package dev.agentrunner.core.edit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PatchTest {

  private static final Tree FILE = Tree.holding("f.py", "a\nb\nc\n");

  private static String patch(String sections) {
    return "*** Begin Patch\n" + sections + "*** End Patch\n";
  }

  private static String update(String chunks) {
    return patch("*** Update File: f.py\n" + chunks);
  }

  private static String edited(String file, String chunks) {
    return Tree.holding("f.py", file).edited(update(chunks)).text("f.py");
  }

  private static String refusal(String file, String chunks) {
    return Tree.holding("f.py", file).refusal(update(chunks));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "Sure:\n```\n%s```\nDone.\n",
        "apply_patch <<'EOF'\n%sEOF\n",
        "  *** Begin Patch  \n\t*** Update File: f.py \n@@\n-b\n+x\n *** End Patch\n%s"
      })
  void a_patch_is_found_among_other_words(String reply) {
    String rest = reply.startsWith("  ***") ? "" : update("@@\n-b\n+x\n");

    assertThat(FILE.edited(reply.formatted(rest)).text("f.py")).isEqualTo("a\nx\nc\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*** Begin Patch\n*** Update File: f.py\n@@\n-b\n+x\n",
        "*** Begin Patch\n*** End Patch\n",
        "*** Begin Patch\n*** Update File: f.py\n*** End Patch\n",
        "*** Begin Patch\n*** Update File: f.py\n@@\n*** End Patch\n",
        "*** Begin Patch\n*** Update File: f.py\n@@\nb\n*** End Patch\n",
        "*** Begin Patch\n*** Update File: f.py\n@@\n-b\n*** Frobnicate: x\n*** End Patch\n",
        "*** Begin Patch\n*** Update File: f.py\n@@\n*** End of File\n*** End Patch\n",
        "*** Begin Patch\n*** Update File: f.py\n@@\n-b\n+x\n*** End of File\n-c\n*** End Patch\n",
        "*** Begin Patch\n*** Frobnicate File: f.py\n*** End Patch\n",
        "*** Begin Patch\n*** Add File: n.py\nx\n*** End Patch\n",
        "*** Begin Patch\n*** Add File: n.py\n+x\n\n+y\n*** End Patch\n",
        "*** Begin Patch\n*** Add File: /n.py\n+x\n*** End Patch\n",
        "*** Begin Patch\n*** Delete File: ../f.py\n*** End Patch\n"
      })
  void a_patch_that_is_not_clear_is_refused(String reply) {
    assertThat(FILE.refusal(reply)).containsAnyOf("of the reply", "no edit");
  }

  @Test
  void files_are_added_deleted_moved_and_changed_at_once() {
    Tree tree = Tree.holding("f.py", "a\n");
    tree.put("g.py", "b\n");
    tree.put("h.py", "c\n");

    Tree edited =
        tree.edited(
            patch(
                """
                *** Add File: d/n.py
                +x
                +

                *** Delete File: g.py
                *** Update File: h.py
                *** Move to: d/h.py
                @@
                -c
                +y

                *** Update File: f.py
                -a
                +z
                """));

    Tree expected = Tree.holding("d/n.py", "x\n\n");
    expected.put("d/h.py", "y\n");
    expected.put("f.py", "z\n");
    assertThat(edited).isEqualTo(expected);
  }

  @Test
  void a_file_moves_without_a_change() {
    Tree edited = FILE.edited(update("*** Move to: g.py\n"));

    assertThat(edited).isEqualTo(Tree.holding("g.py", "a\nb\nc\n"));
  }

  @Test
  void a_file_that_moved_is_found_under_its_new_name() {
    Tree edited =
        FILE.edited(
            patch(
                "*** Update File: f.py\n*** Move to: g.py\n*** Update File: g.py\n*** Move to: h.py\n-b\n+x\n"));

    assertThat(edited).isEqualTo(Tree.holding("h.py", "a\nx\nc\n"));
  }

  @Test
  void a_file_that_moves_takes_the_place_of_another() {
    Tree tree = Tree.holding("f.py", "a\n");
    tree.put("g.py", "old\n");

    assertThat(tree.edited(update("*** Move to: g.py\n@@\n-a\n+x\n")))
        .isEqualTo(Tree.holding("g.py", "x\n"));
    assertThat(tree.edited(update("*** Move to: f.py\n@@\n-a\n+x\n")).text("f.py"))
        .isEqualTo("x\n");
  }

  @Test
  void an_added_file_takes_the_place_of_another() {
    assertThat(FILE.edited(patch("*** Add File: f.py\n+x\n")).text("f.py")).isEqualTo("x\n");
  }

  @Test
  void files_that_are_not_there_are_refused() {
    assertThat(FILE.refusal(patch("*** Delete File: g.py\n"))).contains("no such file");
    assertThat(FILE.refusal(patch("*** Update File: g.py\n@@\n-a\n+b\n"))).contains("no such file");
    assertThat(FILE.refusal(patch("*** Delete File: f.py\n*** Update File: f.py\n@@\n-a\n+b\n")))
        .contains("no such file");
  }

  @Test
  void a_file_that_is_added_and_deleted_leaves_nothing_to_do() {
    assertThat(FILE.refusal(patch("*** Add File: n.py\n+x\n*** Delete File: n.py\n")))
        .contains("nothing would change");
  }

  @Test
  void chunks_come_in_the_order_of_the_file() {
    assertThat(edited("x\na\ny\na\n", "@@\n-x\n+X\n@@\n-y\n+Y\n@@\n-a\n+A\n"))
        .isEqualTo("X\na\nY\nA\n");
    assertThat(refusal("x\ny\n", "@@\n-y\n+Y\n@@\n-x\n+X\n")).contains("below line 2");
  }

  @Test
  void lines_in_several_places_are_refused() {
    assertThat(refusal("a\n0\na\n", "@@\n-a\n+b\n"))
        .contains("line 3 of the reply", "2 places (lines 1, 3)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@@ class B\n-x\n+y\n",
        "@@ class B\n@@ def f\n-x\n+y\n",
        "@@ class B\n@@   def f \n-x\n+y\n",
        "@@ -5,2 +5,2 @@ class B\n-x\n+y\n",
        "@@ class B\n   def f\n-x\n+y\n"
      })
  void an_anchor_says_from_where_on_to_look(String chunk) {
    String file = "class A\n  def f\nx\nclass B\n  def f\nx\n  def g\nx\n";

    assertThat(edited(file, chunk)).isEqualTo(file.replace("B\n  def f\nx", "B\n  def f\ny"));
  }

  @Test
  void an_anchor_that_is_not_clear_is_refused() {
    String file = "def f\nx\ndef f\nx\n";

    assertThat(refusal(file, "@@ def f\n-x\n+y\n")).contains("2 places");
    assertThat(refusal(file, "@@ def g\n-x\n+y\n")).contains("\"def g\"", "does not stand");
    assertThat(refusal("x\ndef f\n", "@@ def f\n-x\n+y\n")).contains("above the line after @@");
    assertThat(refusal("x\ny\ndef f\nz\n", "@@\n-y\n+Y\n@@ x\n-z\n+Z\n"))
        .contains("\"x\"", "below line 2");
  }

  @Test
  void the_end_of_the_file_is_a_place() {
    assertThat(edited("a\nb\na\n", "@@\n-a\n+x\n*** End of File\n")).isEqualTo("a\nb\nx\n");
    assertThat(refusal("a\nb\n", "@@\n-a\n+x\n*** End of File\n")).contains("not at its end");
  }

  @Test
  void lines_without_a_place_go_to_the_end() {
    assertThat(edited("a\nb\n", "@@\n+c\n+d\n")).isEqualTo("a\nb\nc\nd\n");
    assertThat(edited("a", "@@\n+c\n")).isEqualTo("a\nc\n");
    assertThat(edited("a\nb\n", "@@\n-a\n+x\n@@\n+c\n")).isEqualTo("x\nb\nc\n");
    assertThat(refusal("a\nb\n", "@@ a\n+c\n")).contains("does not say where");
  }

  @Test
  void an_updated_file_ends_with_a_newline() {
    assertThat(edited("a\nb", "@@\n-b\n+c\n")).isEqualTo("a\nc\n");
    assertThat(edited("a\r\nb", "@@\n-a\n+c\n")).isEqualTo("c\r\nb\r\n");
    assertThat(edited("a", "@@\n-a\n")).isEmpty();
  }

  @Test
  void lines_that_stay_keep_their_bytes() {
    assertThat(edited("a \nb\r\nc\n", "@@\n a\n b\n-c\n+x\n")).isEqualTo("a \nb\r\nx\n");
    assertThat(edited("\uFEFFa\nb\n", "@@\n-a\n+x\n")).isEqualTo("\uFEFFx\nb\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "say “hi” – it’s\u00A0me",
        "say \"hi\" - it's me",
        "say „hi‟ ― it‛s\u3000me",
        "say \"hi\" − it‘s me  "
      })
  void typography_may_differ(String line) {
    assertThat(edited("x\n" + line + "\n", "@@\n-say \"hi\" - it's me\n+bye\n"))
        .isEqualTo("x\nbye\n");
  }

  @Test
  void accents_may_be_written_in_two_ways() {
    assertThat(edited("cafe\u0301\n", "@@\n-caf\u00E9\n+tea\n")).isEqualTo("tea\n");
  }

  @Test
  void bytes_that_are_no_text_are_alike_only_if_the_same() {
    Tree tree = new Tree();
    tree.put("f.py", new byte[] {(byte) 0xE9, '\n'});

    assertThat(tree.refusal(update("@@\n-\uFFFD\n+x\n"))).contains("do not stand");
  }

  @Test
  void blank_lines_at_the_end_of_a_chunk_may_mean_nothing() {
    assertThat(edited("a\nb\n", "@@\n-a\n+x\n\n\n@@\n-b\n+y\n")).isEqualTo("x\ny\n");
    assertThat(edited("a\n\nb\n", "@@\n-a\n+x\n\n@@\n-b\n+y\n")).isEqualTo("x\n\ny\n");
    assertThat(refusal("b\n", "@@\n\n+x\n\n")).contains("do not stand");
  }

  @Test
  void leading_white_space_must_be_right() {
    assertThat(refusal("  a\n", "@@\n-a\n+b\n")).contains("    1 |   a");
  }

  @Test
  void blank_lines_may_part_sections() {
    Tree edited =
        FILE.edited(
            "*** Begin Patch\n\n*** Delete File: f.py\n\n*** Add File: n.py\n+x\n\n*** End Patch\n");

    assertThat(edited).isEqualTo(Tree.holding("n.py", "x\n"));
  }

  @Test
  void all_files_a_patch_speaks_of_are_known_beforehand() {
    assertThat(
            Tree.planned(
                    patch(
                        "*** Add File: a\n+x\n*** Delete File: b\n*** Update File: c\n*** Move to: d\n*** Update File: e\n-x\n"))
                .paths())
        .containsExactly("a", "b", "c", "d", "e");
    assertThat(Tree.planned("a.py\n```\n```\n").paths()).containsExactly("a.py");
  }

  @Test
  void a_refusal_names_the_file_by_the_name_it_is_to_have() {
    assertThat(FILE.refusal(update("*** Move to: g.py\n@@\n-x\n+y\n"))).contains("Edit 1, g.py:");
  }

  @Test
  void lines_of_the_reply_are_named_as_they_are_counted_there() {
    assertThat(FILE.refusal("Hi.\n" + update("@@\nx\n"))).contains("line 5 of the reply");
    assertThat(FILE.refusal("Hi.\n" + patch("*** Add File: /x\n"))).contains("line 3 of the reply");
    assertThat(FILE.refusal("Hi.\n" + update("*** Move to: /x\n"))).contains("line 4 of the reply");
    assertThat(FILE.refusal(update("@@\n-b\n+x\n*** End Patch\n") + "*** Begin Patch\n"))
        .contains("line 8 of the reply", "cut off");
  }
}
