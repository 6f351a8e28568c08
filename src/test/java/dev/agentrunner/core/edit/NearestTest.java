package dev.agentrunner.core.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NearestTest {

  private static String nearest(List<String> file, String... wanted) {
    return new Nearest(file).to(List.of(wanted));
  }

  @Test
  void lines_with_most_in_common_are_shown_with_their_numbers() {
    assertThat(nearest(List.of("a", "x", "a", "  b", "d", "e"), "a", "b", "c"))
        .isEqualTo("Nearest, the file says:\n    3 | a\n    4 |   b\n    5 | d");
  }

  @Test
  void of_equally_near_lines_the_first_are_shown() {
    assertThat(nearest(List.of("x", "a", "y", "a"), "a")).endsWith("\n    2 | a");
  }

  @Test
  void lines_that_begin_before_the_file_are_shown_from_its_start() {
    assertThat(nearest(List.of("b", "c"), "a", "b")).endsWith(":\n    1 | b\n    2 | c");
  }

  @Test
  void where_no_line_is_the_same_the_letters_count() {
    assertThat(nearest(List.of("foo", "return totl", "bar"), "", "return total"))
        .isEqualTo("Nearest, the file says:\n    1 | foo\n    2 | return totl");
    assertThat(nearest(List.of("foo", "return totl", "return total_"), "return total"))
        .endsWith(":\n    3 | return total_");
  }

  @Test
  void where_nothing_is_alike_nothing_is_shown() {
    assertThat(nearest(List.of("foo"), "return")).isEqualTo("No line of the file is like them.");
    assertThat(nearest(List.of("abcd"), "abxy")).isEqualTo("No line of the file is like them.");
    assertThat(nearest(List.of("", "a"), "", " ")).isEqualTo("No line of the file is like them.");
    assertThat(nearest(List.of(), "a")).isEqualTo("The file is empty.");
  }

  @Test
  void long_lines_and_many_lines_are_cut() {
    List<String> file = IntStream.range(0, 30).mapToObj(i -> i + "x".repeat(300)).toList();

    assertThat(new Nearest(file).to(file).lines())
        .hasSize(13)
        .last()
        .isEqualTo("   12 | 11" + "x".repeat(198) + "…");
  }

  @Test
  void places_are_named_by_their_lines_up_to_a_few() {
    assertThat(Nearest.places(List.of(0, 4))).isEqualTo("lines 1, 5");
    assertThat(Nearest.places(IntStream.range(0, 8).boxed().toList())).endsWith("7, 8");
    assertThat(Nearest.places(IntStream.range(0, 9).boxed().toList())).endsWith("7, 8, …");
  }

  @Test
  void a_huge_file_of_equal_lines_is_searched_in_time_that_grows_with_its_size_only() {
    List<String> file = new ArrayList<>(Collections.nCopies(200_000, "same"));
    List<String> wanted = new ArrayList<>(Collections.nCopies(50_000, "same"));
    wanted.add("other");

    // Comparing place by place would take 10^10 steps.
    assertThat(new LineSearch(file, String::strip).find(wanted)).isEmpty();
    assertThat(new Nearest(file).to(wanted)).contains("    1 | same");
    wanted.removeLast();
    assertThat(new LineSearch(file, String::strip).find(wanted)).hasSize(150_001);
  }

  @Test
  void runs_that_overlap_themselves_are_all_found() {
    LineSearch search = new LineSearch(List.of("a", "b", "a", "b", "a", "a", "b"), line -> line);

    assertThat(search.find(List.of("a", "b", "a"))).containsExactly(0, 2);
    assertThat(search.find(List.of("a", "a", "b"))).containsExactly(4);
    assertThat(search.find(List.of("b", "b"))).isEmpty();
    assertThat(search.find(List.of())).isEmpty();
    assertThat(new LineSearch(List.of("a"), line -> line).find(List.of("a", "b"))).isEmpty();
  }

  @Test
  void long_lines_that_are_nearly_alike_are_compared_quickly() {
    StringBuilder file = new StringBuilder();
    StringBuilder search = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      file.append("x".repeat(2_000)).append(i).append('\n');
      search.append("x".repeat(2_000)).append(i + 1).append(" \n");
    }

    assertThat(
            Tree.holding("f", file.toString())
                .refusal("f\n<<<<<<< SEARCH\n" + search + "=======\n>>>>>>> REPLACE\n"))
        .contains("do not stand");
  }
}
