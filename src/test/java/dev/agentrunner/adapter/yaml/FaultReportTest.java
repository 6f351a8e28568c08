package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FaultReportTest {

  @Test
  void a_fault_is_shown_with_its_line_and_a_caret_under_it() {
    var source = new Source("tasks.yml", "a\n".repeat(13) + "    desciption: Create the layout\n");

    assertThat(report(new Origin.InFile(source, 14, 5, 10), "did you mean 'description'?"))
        .isEqualTo(
            """
            tasks.yml:14:5: wrong
              14 |     desciption: Create the layout
                 |     ^^^^^^^^^^ did you mean 'description'?\
            """);
  }

  @Test
  void wide_characters_tabs_and_combining_marks_keep_the_caret_in_place() {
    assertThat(excerpt("漢字: x", 5)).isEqualTo("   1 | 漢字: x\n     |       ^ cure");
    assertThat(excerpt("\ta", 2)).isEqualTo("   1 |     a\n     |     ^ cure");
    assertThat(excerpt("e\u0301: x", 4)).isEqualTo("   1 | e\u0301: x\n     |   ^ cure");
    assertThat(excerpt("😀: x", 4)).isEqualTo("   1 | 😀: x\n     |     ^ cure");
  }

  @Test
  void control_characters_and_invisible_ones_are_spelt_out() {
    assertThat(excerpt("a\u001b[2J\u202eb", 7))
        .isEqualTo("   1 | a\\x1B[2J\\u202Eb\n     |               ^ cure");
  }

  @Test
  void a_long_line_is_cut_around_the_caret() {
    String shown = excerpt("x".repeat(100_000) + "HERE" + "y".repeat(100_000), 100_001);

    assertThat(shown).hasSizeLessThan(300).contains("…x").contains("y…");
    String[] lines = shown.split("\n");
    assertThat(lines[0].indexOf("HERE")).isEqualTo(lines[1].indexOf('^'));
  }

  @Test
  void a_place_past_the_end_of_the_line_is_pointed_at_all_the_same() {
    assertThat(excerpt("ab", 5)).startsWith("   1 | ab\n     |");
  }

  @Test
  void more_than_fifty_faults_are_counted() {
    var source = new Source("tasks.yml", "x\n".repeat(62));
    List<Fault> faults =
        IntStream.rangeClosed(1, 62)
            .mapToObj(line -> new Fault(new Origin.InFile(source, line, 1, 1), "wrong", "cure"))
            .toList();

    assertThat(FaultReport.of(faults))
        .contains("tasks.yml:50:1")
        .doesNotContain("tasks.yml:51:1")
        .endsWith("and 12 more");
  }

  @Test
  void faults_are_told_in_the_order_of_the_file() {
    var source = new Source("tasks.yml", "x\n".repeat(5));
    var late = new Fault(new Origin.InFile(source, 5, 1, 1), "late", "cure");
    var early = new Fault(new Origin.InFile(source, 2, 3, 1), "early", "cure");

    assertThat(new Loaded.Bad<>(List.of(late, early), List.of()).faults())
        .containsExactly(early, late);
  }

  @Test
  void a_secret_on_a_shown_line_is_starred_out_without_moving_the_caret() {
    assertThat(excerpt("    api_key: hunter2hunter2", 5))
        .isEqualTo("   1 |     api_key: **************\n     |     ^ cure");
    assertThat(excerpt("    apikey: \"hunter2\"", 5)).doesNotContain("hunter2");
    assertThat(excerpt("    key_: sk-ant-api03-abcdef", 5)).doesNotContain("abcdef");
    assertThat(excerpt("    base_url: https://me:pw@host/x", 5)).contains("https://*****@host/x");
    assertThat(excerpt("    api_key: env:MY_KEY", 5)).contains("env:MY_KEY");
    assertThat(excerpt("    api_key_env: MY_KEY", 5)).contains("MY_KEY");
  }

  private static String excerpt(String line, int column) {
    String report = report(new Origin.InFile(new Source("f", line), 1, column, 1), "cure");
    return report.substring(report.indexOf('\n') + 1);
  }

  private static String report(Origin at, String cure) {
    return FaultReport.of(List.of(new Fault(at, "wrong", cure)));
  }
}
