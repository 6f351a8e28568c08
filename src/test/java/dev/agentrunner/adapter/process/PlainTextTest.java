package dev.agentrunner.adapter.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {

  private static String plain(String raw) {
    return PlainText.of(raw.getBytes(UTF_8));
  }

  @Test
  void ordinary_text_stays_as_it_is() {
    String text = "Grüße, 世界 👩‍💻\n\tnaïve\n\n";

    assertThat(plain(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[1;31mred\u001b[0m",
        "\u001b[38;2;255;0;0mred\u001b[m",
        "\u001b[?25lred\u001b[K",
        "\u001b[2 qred",
        "\u001b]0;title\u0007red",
        "\u001b]8;;https://example.org\u001b\\red\u001b]8;;\u001b\\",
        "\u001bPq#0;2;0\u001b\\red",
        "\u001b(Bred",
        "\u001b7red\u001b8",
        "\u001b=red",
      })
  void escape_sequences_are_taken_out(String raw) {
    assertThat(plain(raw)).isEqualTo("red");
  }

  @Test
  void a_sequence_without_an_end_hides_nothing() {
    assertThat(plain("\u001b]0;title\nred\u0007")).isEqualTo("␛]0;title\nred␇");
    assertThat(plain("\u001b[31\nred")).isEqualTo("␛[31\nred");
    assertThat(plain("red\u001b")).isEqualTo("red␛");
  }

  @Test
  void other_control_characters_are_made_visible() {
    assertThat(plain("a\0b\u0007c\u007fd\u0085e")).isEqualTo("a␀b␇c␡d\\u{85}e");
  }

  @Test
  void characters_that_turn_the_direction_of_writing_are_made_visible() {
    assertThat(plain("if (\u202e level\u2066)")).isEqualTo("if (\\u{202e} level\\u{2066})");
    assertThat(plain("a\u2028b\ufeff")).isEqualTo("a\\u{2028}b\\u{feff}");
  }

  @Test
  void a_progress_bar_is_reduced_to_its_last_state() {
    assertThat(plain("start\n 10 %\r 50 %\r100 %\ndone\n")).isEqualTo("start\n100 %\ndone\n");
    assertThat(plain(" 10 %\r\u001b[K100 %\r\n")).isEqualTo("100 %\n");
    assertThat(plain(" 10 %\r 20 %\r")).isEqualTo(" 20 %");
  }

  @Test
  void line_ends_of_windows_become_ours() {
    assertThat(plain("one\r\ntwo\r\r\n")).isEqualTo("one\ntwo\n");
  }

  @Test
  void a_backspace_takes_the_character_before_it_away() {
    assertThat(plain("\b-\b\\\b|\b👩\bN\bNA\bAM\bM")).isEqualTo("NAM");
  }

  @Test
  void bytes_that_are_no_text_become_replacement_characters() {
    byte[] bytes = "caf\u00e9 \u00ff\u00fe ok".getBytes(ISO_8859_1);

    assertThat(PlainText.of(bytes)).isEqualTo("caf\ufffd \ufffd\ufffd ok");
  }

  @Test
  void what_fits_is_no_excerpt() {
    String text = "ü".repeat(500);

    assertThat(excerpt(text, 0, "", 1000)).isEqualTo(text);
    assertThat(excerpt("one ", 0, "two", 1000)).isEqualTo("one two");
  }

  @Test
  void what_does_not_fit_is_cut_in_the_middle() {
    String text = "first\n" + "ü".repeat(5000) + "\nlast";

    String cut = excerpt(text, 0, "", 1000);

    assertThat(cut).startsWith("first\nüüü").endsWith("üüü\nlast").doesNotContain("\ufffd");
    assertThat(cut.getBytes(UTF_8)).hasSizeBetween(900, 1000);
    assertThat(cut).contains("\n[… " + (10_011 - keptBytes(cut)) + " bytes left out …]\n");
  }

  private static int keptBytes(String cut) {
    return cut.replaceFirst("\n\\[… \\d+ bytes left out …]\n", "").getBytes(UTF_8).length;
  }

  @Test
  void a_character_is_never_cut_in_two() {
    for (int bytesMax = 200; bytesMax < 220; bytesMax++) {
      assertThat(excerpt("a👩ü".repeat(300), 0, "", bytesMax)).doesNotContain("\ufffd");
    }
  }

  @Test
  void what_was_left_out_before_counts_too() {
    assertThat(excerpt("head\n", 70, "tail\n", 1000))
        .isEqualTo("head\n[… 70 bytes left out …]\ntail\n");
  }

  private static String excerpt(String head, long leftOut, String tail, int bytesMax) {
    return PlainText.excerpt(head.getBytes(UTF_8), leftOut, tail.getBytes(UTF_8), bytesMax);
  }
}
