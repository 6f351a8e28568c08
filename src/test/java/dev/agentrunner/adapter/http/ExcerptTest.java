package dev.agentrunner.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExcerptTest {

  @Test
  void short_text_is_shown_as_it_is() {
    assertThat(Excerpt.of("all is well 🦆", 100)).isEqualTo("all is well 🦆");
  }

  @Test
  void white_space_becomes_one_blank() {
    assertThat(Excerpt.of("  a\r\n\t b  ", 100)).isEqualTo("a b");
  }

  @Test
  void what_a_terminal_could_act_on_is_replaced() {
    assertThat(Excerpt.of("a\u001b[31m\u0000\u202e\ud800b", 100))
        .isEqualTo("a\uFFFD[31m\uFFFD\uFFFD\uFFFDb");
  }

  @Test
  void long_text_is_cut_and_says_so() {
    assertThat(Excerpt.of("x".repeat(1000), 5)).isEqualTo("xxxxx… (1000 characters)");
  }
}
