package dev.agentrunner.adapter.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DiffTextTest {

  @TempDir private Path folder;

  @Test
  void a_change_is_shown_with_three_lines_around_it() {
    assertThat(diff("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"))
        .isEqualTo(
            """
            diff --git a/a.txt b/a.txt
            --- a/a.txt
            +++ b/a.txt
            @@ -2,7 +2,7 @@
             2
             3
             4
            -5
            +five
             6
             7
             8
            """);
  }

  @Test
  void changes_close_together_share_a_hunk_and_others_do_not() {
    String before = lines(1, 40);
    String after = before.replace("l5\n", "").replace("l12\n", "new\n").replace("l30\n", "x\n");

    assertThat(diff("a", before, after).lines().filter(l -> l.startsWith("@@")))
        .containsExactly("@@ -2,14 +2,13 @@", "@@ -27,7 +26,7 @@");
  }

  @Test
  void a_new_file_comes_from_nothing_and_a_removed_one_goes_to_it() {
    assertThat(DiffText.of("d/a", Optional.empty(), Optional.of(bytes("x\n"))))
        .isEqualTo(
            """
            diff --git a/d/a b/d/a
            new file mode 100644
            --- /dev/null
            +++ b/d/a
            @@ -0,0 +1 @@
            +x
            """);
    assertThat(DiffText.of("d/a", Optional.of(bytes("x\n")), Optional.empty()))
        .isEqualTo(
            """
            diff --git a/d/a b/d/a
            deleted file mode 100644
            --- a/d/a
            +++ /dev/null
            @@ -1 +0,0 @@
            -x
            """);
  }

  @Test
  void a_missing_line_end_is_told() {
    assertThat(diff("a", "x\n", "x"))
        .endsWith("@@ -1 +1 @@\n-x\n+x\n\\ No newline at end of file\n");
  }

  @Test
  void nothing_is_said_of_what_is_the_same() {
    assertThat(diff("a", "x\n", "x\n")).isEmpty();
    assertThat(DiffText.of("a", Optional.empty(), Optional.empty())).isEmpty();
  }

  @Test
  void what_is_no_text_is_not_shown() {
    assertThat(diff("a", "x\0", "y\0"))
        .isEqualTo("diff --git a/a b/a\nBinary files a/a and b/a differ\n");
  }

  @Test
  void what_is_not_utf_8_is_shown_as_latin_1() {
    byte[] before = "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(DiffText.of("a", Optional.of(before), Optional.of(bytes("cafe\n"))))
        .endsWith("-caf\u00e9\n+cafe\n");
  }

  @Test
  void a_diff_that_is_too_long_says_what_it_leaves_out() {
    String line = "x".repeat(400_000) + "\n";
    String before = line + lines(1, 20) + line + lines(1, 20) + line;
    String after = "a\n" + lines(1, 20) + "b\n" + lines(1, 20) + "c\n";

    String diff = diff("a", before, after);
    assertThat(diff)
        .hasSizeLessThan(1_000_100)
        .endsWith("... too long to show; hunks left out: 1\n");
  }

  @Test
  void a_large_file_rewritten_from_end_to_end_is_one_change() {
    String diff = diff("a", lines(0, 30_000), lines(100_000, 130_000));

    assertThat(diff.lines().filter(l -> l.startsWith("@@")))
        .containsExactly("@@ -1,30000 +1,30000 @@");
  }

  // What git makes of it

  static Stream<Arguments> states() {
    return Stream.of(
        states("one\n", "two\n"),
        states("one", "two"),
        states("one\n", "one"),
        states("one", "one\n"),
        states("", "x"),
        states("x\n", ""),
        states("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
        states("a\r\nb\n", "a\nb\r\n"),
        states("\uFEFFa\n", "\uFEFFb\n"),
        states("\u00e9\u20ac\ud83d\ude00\n", "e\n"),
        states("a\u2028b\u0085c\fd\n", "a\u2028b\u0085c\fe\n"),
        states("--- x\n+++ y\n@@ -1 +1 @@\n", "-- x\n++ y\n@@ -1 +1 @@ \n"),
        states(" \n\t\n", "\n \n"),
        states(lines(1, 100), lines(5, 60) + "x\n" + lines(61, 110)),
        Arguments.of(Optional.empty(), Optional.of("x\ny\n")),
        Arguments.of(Optional.empty(), Optional.of("x")),
        Arguments.of(Optional.empty(), Optional.of("")),
        Arguments.of(Optional.of("x\n"), Optional.empty()),
        Arguments.of(Optional.of(""), Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("states")
  void git_makes_the_one_state_of_the_other(Optional<String> before, Optional<String> after)
      throws Exception {
    assertThat(applied("dir/a file.txt", before, after)).isEqualTo(after);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "\u00e9\u20ac",
        "tab\there",
        "line\nfeed",
        "quo\"te",
        "back\\slash",
        "-x",
        "a/b c/d"
      })
  void git_knows_the_file_by_whatever_name(String name) throws Exception {
    Optional<String> before = Optional.of("one\n");
    Optional<String> after = Optional.of("two\n");

    assertThat(applied(name, before, after)).isEqualTo(after);
    assertThat(applied(name + "2", Optional.empty(), after)).isEqualTo(after);
    assertThat(applied(name + "3", before, Optional.empty())).isEmpty();
  }

  @Test
  void git_makes_any_state_of_any_other() throws Exception {
    Random lot = new Random(20261107);
    for (int i = 0; i < 60; i++) {
      String before = drawn(lot);
      String after = drawn(lot);

      assertThat(applied("f" + i, Optional.of(before), Optional.of(after))).contains(after);
    }
  }

  /** Few kinds of lines, so that much is alike; at times without an end. */
  private static String drawn(Random lot) {
    String text =
        lot.ints(lot.nextInt(60), 0, 6).mapToObj(i -> "l" + i + "\n").collect(Collectors.joining());
    return lot.nextBoolean() ? text : text + "end";
  }

  /** What {@code git apply} makes of {@code before} with the diff. */
  private Optional<String> applied(String name, Optional<String> before, Optional<String> after)
      throws IOException, InterruptedException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    if (before.isPresent()) {
      Files.writeString(file, before.get());
    }
    String diff =
        DiffText.of(name, before.map(DiffTextTest::bytes), after.map(DiffTextTest::bytes));
    if (diff.isEmpty()) {
      return before;
    }
    Path patch = Files.writeString(folder.resolve("diff.patch"), diff);
    Process git =
        new ProcessBuilder("git", "apply", "--whitespace=nowarn", patch.toString())
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(git.waitFor()).as(diff).isZero();
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  private static Arguments states(String before, String after) {
    return Arguments.of(Optional.of(before), Optional.of(after));
  }

  private static String diff(String path, String before, String after) {
    return DiffText.of(path, Optional.of(bytes(before)), Optional.of(bytes(after)));
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "l" + i + "\n").collect(Collectors.joining());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
