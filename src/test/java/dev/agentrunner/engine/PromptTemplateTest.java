package dev.agentrunner.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.port.UsageException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptTemplateTest {

  private static String fill(String template, Map<String, String> values) {
    return new PromptTemplate(template).fill(values);
  }

  @Test
  void holes_are_filled_and_what_fills_them_is_not_read_again() {
    assertThat(fill("{{a}} and {{b}}", Map.of("a", "{{b}} $1 \\", "b", "B")))
        .isEqualTo("{{b}} $1 \\ and B");
  }

  @Test
  void a_section_of_nothing_is_left_out_with_its_lines() {
    String template = "x\n{{#a}}\nA: {{a}}\n{{/a}}\ny\n";

    assertThat(fill(template, Map.of("a", ""))).isEqualTo("x\ny\n");
    assertThat(fill(template, Map.of("a", "1"))).isEqualTo("x\nA: 1\ny\n");
  }

  @Test
  void sections_may_stand_within_others() {
    String template = "{{#a}}[{{#b}}{{b}}{{/b}}]{{/a}}";

    assertThat(fill(template, Map.of("a", "1", "b", "2"))).isEqualTo("[2]");
    assertThat(fill(template, Map.of("a", "1", "b", ""))).isEqualTo("[]");
  }

  @Test
  void a_value_that_looks_like_a_section_does_not_open_one() {
    assertThat(fill("{{#a}}{{a}}{{/a}}", Map.of("a", "{{#a}}{{/a}}"))).isEqualTo("{{#a}}{{/a}}");
  }

  @Test
  void an_unknown_name_is_refused_with_its_line_and_the_names_there_are() {
    assertThatThrownBy(() -> fill("one\n{{titel}}", Map.of("title", "x")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("titel")
        .hasMessageContaining("title");
  }

  @Test
  void metadata_that_a_task_does_not_have_is_empty() {
    assertThat(fill("[{{metadata.team}}]", Map.of())).isEqualTo("[]");
  }

  @Test
  void a_section_that_is_not_closed_is_refused() {
    assertThatThrownBy(() -> fill("{{#a}}x", Map.of("a", "1"))).isInstanceOf(UsageException.class);
  }
}
