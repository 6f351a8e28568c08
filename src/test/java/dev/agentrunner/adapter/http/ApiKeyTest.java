package dev.agentrunner.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeyTest {

  @Test
  void the_usual_variable_is_read_where_nothing_is_configured() {
    assertThat(key(Optional.empty(), Map.of("USUAL", "k1")).read())
        .isEqualTo(new ApiKey.Present("k1"));
  }

  @Test
  void another_variable_can_be_named() {
    var other = Optional.<KeySource>of(new KeySource.Variable("OTHER"));
    ApiKey key = key(other, Map.of("USUAL", "k1", "OTHER", "k2"));

    assertThat(key.read()).isEqualTo(new ApiKey.Present("k2"));
    assertThat(key.origin()).isEqualTo("OTHER");
  }

  @Test
  void blanks_and_line_ends_around_a_key_do_not_count() {
    assertThat(key(Optional.empty(), Map.of("USUAL", " k1\n")).read())
        .isEqualTo(new ApiKey.Present("k1"));
  }

  @Test
  void a_missing_key_says_where_it_was_looked_for() {
    assertThat(key(Optional.empty(), Map.of()).read())
        .isInstanceOfSatisfying(
            ApiKey.Absent.class, absent -> assertThat(absent.why()).contains("USUAL"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret\nmore", "secret more", "sécret", "secret\u0000"})
  void a_key_that_cannot_be_sent_is_not_quoted(String written) {
    assertThat(key(Optional.empty(), Map.of("USUAL", written)).read())
        .isInstanceOfSatisfying(
            ApiKey.Absent.class,
            absent -> assertThat(absent.why()).contains("USUAL").doesNotContain("cret"));
  }

  @Test
  void a_key_shows_neither_in_its_text_form_nor_in_failures() {
    var present = new ApiKey.Present("sk-123");
    var failed = new Answer.Failed(new ModelFailure.Denied("bad key sk-123!"), Usage.NONE);

    assertThat(present.toString()).doesNotContain("sk-123");
    assertThat(present.hiddenIn(failed))
        .isEqualTo(new Answer.Failed(new ModelFailure.Denied("bad key ***!"), Usage.NONE));
  }

  private static ApiKey key(Optional<KeySource> configured, Map<String, String> environment) {
    return ApiKey.from(configured, "USUAL", name -> Optional.ofNullable(environment.get(name)));
  }
}
