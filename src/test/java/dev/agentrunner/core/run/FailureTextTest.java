package dev.agentrunner.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3 failed in 0.42s                              | 3 failed in 12.90s
          2026-11-21T10:15:30.123Z ERROR no such host    | 2026-11-22 08:01:02 ERROR no such host
          [10:15:30] FAILED                              | [9:01:02 pm] FAILED
          Tests run: 4, Time elapsed: 1.5 sec            | Tests run: 4, Time elapsed: 210 ms
          /tmp/pytest-7f/a/test_a.py:12: AssertionError  | /home/ada/src/test_a.py:12: AssertionError
          C:\\Users\\ada\\a.py failed                    | D:\\b\\a.py failed
          object at 0x7f3a10 differs                     | object at 0xdeadbeef differs
          container 4f5e6d7c8b9a exited                  | container 0a1b2c3d4e5f exited
          run 123e4567-e89b-12d3-a456-426614174000 ended | run 00000000-e89b-12d3-a456-426614174fff ended
          pid 4711 was killed                            | pid 12 was killed
          """)
  void what_differs_from_run_to_run_is_left_out(String one, String other) {
    assertThat(FailureText.of(one)).isEqualTo(FailureText.of(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FAILED test_a            | FAILED test_b
          /tmp/x/a.py: error       | /tmp/x/b.py: error
          expected red             | expected blue
          the facade was defaced   | the facade was effaced
          """)
  void what_tells_one_failure_from_another_stays(String one, String other) {
    assertThat(FailureText.of(one)).isNotEqualTo(FailureText.of(other));
  }

  @Test
  void colours_do_not_count() {
    assertThat(FailureText.of("\u001b[1;31mFAILED\u001b[0m test_a"))
        .isEqualTo(FailureText.of("FAILED test_a"));
  }

  @Test
  void of_long_output_the_end_counts() {
    String noise = "line of noise\n".repeat(10_000);

    assertThat(FailureText.of("first" + noise + "FAILED test_a"))
        .isEqualTo(FailureText.of("second" + noise + "FAILED test_a"))
        .isNotEqualTo(FailureText.of("first" + noise + "FAILED test_b"));
  }
}
