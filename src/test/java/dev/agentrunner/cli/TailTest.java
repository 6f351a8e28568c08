package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class TailTest {

  private final Tail tail = new Tail();

  @Test
  void it_ends_with_the_last_lines_blank_ones_left_out() {
    tail.add("one\ntwo\n\nthree\nfo");
    tail.add("ur");

    assertThat(tail.lines(3)).containsExactly("two", "three", "four");
    assertThat(tail.lines(9)).hasSize(4);
  }

  @Test
  void a_character_may_come_in_two_pieces() {
    byte[] bytes = "naïve 日本".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      tail.add(Arrays.copyOfRange(bytes, i, i + 1));
    }

    assertThat(tail.lines(1)).containsExactly("naïve 日本");
  }

  @Test
  void of_a_line_that_is_written_over_the_last_state_is_kept() {
    tail.add("10 %\r20 %\r30 %");

    assertThat(tail.lines(1)).containsExactly("30 %");
  }

  @Test
  void nothing_that_steers_a_terminal_is_left() {
    tail.add("\u001B[31mred\u001B[0m \u001B]0;title\u0007and \u001B[2Jbare \u0007bell");

    assertThat(tail.lines(1)).containsExactly("red and bare \uFFFDbell");
  }

  @Test
  void however_much_comes_little_is_kept() {
    for (int i = 0; i < 100_000; i++) {
      tail.add("line " + i + "\n");
    }

    assertThat(tail.lines(2)).containsExactly("line 99998", "line 99999");
    assertThat(tail.lines(1_000_000)).hasSizeLessThan(3000);
  }
}
