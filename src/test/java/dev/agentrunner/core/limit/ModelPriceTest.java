package dev.agentrunner.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Usage;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ModelPriceTest {

  private static final TokenRates RATES =
      new TokenRates(
          new BigDecimal("3.00"), new BigDecimal("15.00"), rate("0.30"), rate("3.75"), rate("6"));

  private static Optional<BigDecimal> rate(String dollars) {
    return Optional.of(new BigDecimal(dollars));
  }

  private static Usage usage(long input, long read, long write, long output) {
    return new Usage(input, read, write, output, output / 2, true);
  }

  @Test
  void every_count_has_its_own_rate_and_thinking_is_part_of_the_output() {
    assertThat(new ModelPrice(RATES).of(usage(1_000_000, 1_000_000, 1_000_000, 1_000_000)))
        .isEqualTo(Cost.of(22_050_000));
  }

  @Test
  void a_long_prompt_that_was_cached_costs_what_the_cache_costs() {
    assertThat(new ModelPrice(RATES).of(usage(812, 20_480, 0, 431)))
        .isEqualTo(Cost.of(812 * 3 + 6_144 + 431 * 15));
  }

  @Test
  void fractions_of_a_millionth_are_rounded_up() {
    TokenRates cheap =
        new TokenRates(
            new BigDecimal("0.14"),
            new BigDecimal("0.28"),
            rate("0.0028"),
            rate("0"),
            Optional.empty());

    assertThat(new ModelPrice(cheap).of(usage(0, 1, 0, 0))).isEqualTo(Cost.of(1));
    assertThat(new ModelPrice(cheap).of(usage(0, 1_000_000, 0, 0))).isEqualTo(Cost.of(2_800));
    assertThat(new ModelPrice(cheap).of(usage(0, 0, 0, 0))).isEqualTo(Cost.NONE);
  }

  @Test
  void above_its_threshold_a_prompt_costs_more_all_of_it_cached_tokens_counted() {
    TokenRates dear =
        new TokenRates(
            BigDecimal.valueOf(6),
            BigDecimal.valueOf(30),
            rate("0.60"),
            rate("7.5"),
            Optional.empty());
    ModelPrice price =
        new ModelPrice(RATES, Optional.of(new ModelPrice.LongPrompts(200_000, dear)));

    assertThat(price.of(usage(1_000, 199_000, 0, 10))).isEqualTo(Cost.of(3_000 + 59_700 + 150));
    assertThat(price.of(usage(1_001, 199_000, 0, 10))).isEqualTo(Cost.of(6_006 + 119_400 + 300));
  }

  @Test
  void an_hour_in_the_cache_has_its_own_rate() {
    assertThat(new ModelPrice(RATES).rememberedForAnHour().of(usage(0, 0, 1_000, 0)))
        .isEqualTo(Cost.of(6_000));
  }

  @Test
  void what_has_no_rate_leaves_a_lower_bound() {
    TokenRates gap =
        new TokenRates(
            BigDecimal.ONE, BigDecimal.TEN, Optional.empty(), Optional.empty(), Optional.empty());

    assertThat(new ModelPrice(gap).of(usage(100, 0, 0, 10))).isEqualTo(Cost.of(200));
    assertThat(new ModelPrice(gap).of(usage(100, 5, 0, 10))).isEqualTo(new Cost(200, false));
  }

  @Test
  void counts_that_are_a_lower_bound_make_a_cost_that_is_one() {
    Usage counted = new Usage(100, 0, 0, 10, 0, false);

    assertThat(new ModelPrice(RATES).of(counted)).isEqualTo(new Cost(450, false));
    assertThat(ModelPrice.FREE.of(counted)).isEqualTo(Cost.NONE);
  }

  @Test
  void a_price_is_never_negative() {
    assertThatThrownBy(() ->
            new TokenRates(
                new BigDecimal("-1"),
                BigDecimal.ONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()))
        .hasMessageContaining("never negative");
  }
}
