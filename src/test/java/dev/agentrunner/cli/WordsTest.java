package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Cost;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordsTest {

  @ParameterizedTest
  @CsvSource({
    "0, true, $0.00",
    "0, false, cost unknown",
    "41, true, $0.000041",
    "4200, true, $0.0042",
    "410000, false, at least $0.41",
    "1250000, true, $1.25",
    "1999999999, true, $2000.00",
  })
  void money_reads_as_it_is_known(long micros, boolean complete, String words) {
    assertThat(Words.money(new Cost(micros, complete))).isEqualTo(words);
  }
}
