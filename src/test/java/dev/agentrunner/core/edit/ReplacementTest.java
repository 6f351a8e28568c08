package dev.agentrunner.core.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReplacementTest {

  private static String once(String file, String from, String to) {
    return said(new Replacement(from, to, false).applyTo(file.getBytes(UTF_8)));
  }

  private static String everywhere(String file, String from, String to) {
    return said(new Replacement(from, to, true).applyTo(file.getBytes(UTF_8)));
  }

  private static String said(Replacement.Result result) {
    return switch (result) {
      case Replacement.Result.Changed(byte[] content, int places) ->
          places + ": " + new String(content, UTF_8);
      case Replacement.Result.Refused(String reason) -> "refused: " + reason;
    };
  }

  @Test
  void a_text_is_replaced_wherever_it_begins_and_ends() {
    assertThat(once("abc\ndef\n", "c\nd", "C\n\nD")).isEqualTo("1: abC\n\nDef\n");
  }

  @Test
  void a_text_in_several_places_is_refused_unless_all_are_meant() {
    assertThat(once("a a", "a", "b")).startsWith("refused").contains("2 places", "replace_all");
    assertThat(everywhere("a a", "a", "b")).isEqualTo("2: b b");
    assertThat(everywhere("aaa", "aa", "b")).isEqualTo("1: ba");
  }

  @Test
  void an_empty_text_or_an_equal_one_is_refused() {
    assertThat(once("a", "", "b")).contains("empty");
    assertThat(once("a", "a", "a")).contains("nothing would change");
  }

  @Test
  void the_line_endings_of_the_file_win() {
    assertThat(once("a\r\nb\r\n", "a\nb", "x\ny")).isEqualTo("1: x\r\ny\r\n");
    assertThat(once("a\r\nb\r\n", "a\r\nb", "x\ny")).isEqualTo("1: x\r\ny\r\n");
    assertThat(once("a\r\nb\r\n", "a", "x\ny")).isEqualTo("1: x\r\ny\r\nb\r\n");
    assertThat(once("a\nb\nc\r\n", "a\nb", "x\ny")).isEqualTo("1: x\ny\nc\r\n");
    assertThat(once("a\nb\n", "a", "x\ny")).isEqualTo("1: x\ny\nb\n");
  }

  @Test
  void whole_lines_that_go_leave_no_empty_line() {
    assertThat(once("a\nb\nc\n", "b", "")).isEqualTo("1: a\nc\n");
    assertThat(once("b\r\nc\r\n", "b", "")).isEqualTo("1: c\r\n");
    assertThat(once("ab\nc\n", "b", "")).isEqualTo("1: a\nc\n");
    assertThat(once("a\nb", "b", "")).isEqualTo("1: a\n");
    assertThat(once("a\n\nb\n", "a\n", "")).isEqualTo("1: \nb\n");
  }

  @Test
  void whole_lines_may_differ_in_white_space() {
    assertThat(once("  a\n    b\n", "a\n  b\n", "x\n  y\n")).isEqualTo("1:   x\n    y\n");
    assertThat(everywhere("  a\n  b\n    a\n    b\n", "a\nb", "x\ny"))
        .isEqualTo("2:   x\n  y\n    x\n    y\n");
    assertThat(everywhere(" a\n a\n a\n", "a \na ", "x\ny")).isEqualTo("1:  x\n y\n a\n");
  }

  @Test
  void what_is_not_there_is_refused_with_what_comes_near() {
    assertThat(once("one\n  two\n", "two\nthree", "x"))
        .startsWith("refused: the old_text lines do not stand")
        .contains("    2 |   two");
  }

  @Test
  void letters_beyond_ascii_are_whole() {
    assertThat(once("café – thé\n", "é – t", "è-T")).isEqualTo("1: cafè-Thé\n");
  }
}
