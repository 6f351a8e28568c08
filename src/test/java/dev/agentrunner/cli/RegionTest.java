package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

final class RegionTest {

  private final Glass glass = new Glass();
  private final Region region = new Region();

  private String paint(List<String> above, String... lines) {
    String change = region.paint(above, Stream.of(lines).map(AttributedString::new).toList(), 80);
    glass.write(change);
    return change;
  }

  @Test
  void what_is_printed_stays_above_and_the_region_below() {
    paint(List.of("first"), "a", "b");
    paint(List.of("second", "third"), "a", "c", "d");

    assertThat(glass.seen()).isEqualTo("first\nsecond\nthird\na\nc\nd");
  }

  @Test
  void nothing_is_sent_when_nothing_changed() {
    paint(List.of("first"), "a", "b");

    assertThat(paint(List.of(), "a", "b")).isEmpty();
  }

  @Test
  void only_lines_that_changed_are_sent() {
    paint(List.of(), "left alone", "0:01", "also left alone");
    String change = paint(List.of(), "left alone", "0:02", "also left alone");

    assertThat(change).contains("0:02").doesNotContain("alone");
    assertThat(glass.seen()).isEqualTo("left alone\n0:02\nalso left alone");
    paint(List.of("printed"), "x");
    assertThat(glass.seen()).isEqualTo("printed\nx");
  }

  @Test
  void a_region_that_is_taken_away_leaves_what_was_printed() {
    paint(List.of("first"), "a", "b");
    glass.write(region.clear(80));

    assertThat(glass.seen()).isEqualTo("first\n");
  }

  @Test
  void a_region_that_somebody_wrote_below_is_begun_anew() {
    paint(List.of(), "a", "b");
    glass.write("\r\n$ fg\r\n");
    region.leave();
    paint(List.of("printed"), "a", "c");

    assertThat(glass.seen()).isEqualTo("a\nb\n$ fg\n\nprinted\na\nc");
  }

  @Test
  void lines_that_a_narrower_terminal_broke_in_two_are_counted_twice() {
    paint(List.of(), "a line of 20 columns", "b");

    assertThat(region.paint(List.of(), List.of(new AttributedString("c")), 15))
        .startsWith("\r\u001B[2A\u001B[J");
  }
}
