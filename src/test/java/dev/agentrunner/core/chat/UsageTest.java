package dev.agentrunner.core.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {

  private static final Usage SOME = new Usage(10, 20, 30, 5, 2, true);

  @Test
  void what_nobody_has_priced_leaves_the_sum_incomplete_and_never_counts_as_free() {
    Usage priced = SOME.costing(Cost.of(1_250_000));

    assertThat(priced.plus(SOME).cost()).isEqualTo(new Cost(1_250_000, false));
    assertThat(priced.plus(priced).cost()).isEqualTo(Cost.of(2_500_000));
  }

  @Test
  void nothing_costs_nothing_and_adds_nothing() {
    Usage priced = SOME.costing(Cost.of(7));

    assertThat(Usage.NONE.plus(priced)).isEqualTo(priced);
  }
}
