package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that others wrote is markup. */
final class MarkdownTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "![x](http://evil.example/?leak)",
        "[x](http://evil.example)",
        "<img src=x>",
        "<!-- hidden -->",
        "http://evil.example",
        "www.evil.example",
        "**bold** _em_ `code` | cell",
      })
  void text_in_a_line_cannot_link_or_show_or_break_out(String text) {
    assertThat(MarkdownText.inline(text))
        .doesNotContain("<", "://", "www.")
        .doesNotContainPattern("(?<!\\\\)[\\[\\]!`*_|]");
  }

  @Test
  void a_block_cannot_be_left() {
    assertThat(MarkdownText.block("a\n````\n# heading"))
        .isEqualTo("`````text\na\n````\n# heading\n`````\n");
  }

  @Test
  void line_breaks_and_control_characters_do_no_harm_in_a_line() {
    assertThat(MarkdownText.inline("a\n# b\u001B[31m\u202E"))
        .doesNotContain("\n", "\u001B", "\u202E");
  }
}
