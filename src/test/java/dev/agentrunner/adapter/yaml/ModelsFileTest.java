package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.KnownModel;
import dev.agentrunner.core.limit.ModelPrice;
import dev.agentrunner.core.limit.PriceList;
import dev.agentrunner.core.limit.QuotaPlan;
import dev.agentrunner.core.limit.Seller;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelsFileTest {

  private static final PriceList LIST = ModelsFile.shipped();
  private static final LocalDate TODAY = LocalDate.parse("2026-11-21");
  private static final Usage MILLION_IN = new Usage(1_000_000, 0, 0, 0, 0, true);

  private static Optional<Cost> cost(String kind, String model, LocalDate day, Usage usage) {
    return LIST.find(kind, Optional.empty(), model, day)
        .flatMap(KnownModel::price)
        .map(price -> price.of(usage));
  }

  @ParameterizedTest
  @CsvSource({
    "claude, claude-sonnet-5-5, 2000000",
    "claude, claude-sonnet-5-5-20260928, 2000000",
    "claude, claude-opus-4-5-20251101, 5000000",
    "claude, claude-sonnet-4-6, 3000000",
    "claude, claude-haiku-5-5, 500000",
    "openai, gpt-6.1-sol, 4000000",
    "openai, gpt-5-mini-2025-08-07, 250000",
    "gemini, gemini-2.5-pro, 2500000",
    "gemini, models/gemini-2.5-flash, 300000",
    "ollama, qwen3-coder:30b, 0",
    "replay, whatever, 0",
  })
  void a_million_tokens_of_input_cost(String kind, String model, long micros) {
    assertThat(cost(kind, model, TODAY, MILLION_IN)).contains(Cost.of(micros));
  }

  @ParameterizedTest
  @CsvSource({
    "claude, claude-sonnet-9",
    "claude, claude-sonnet-5-5-turbo",
    "openai, gpt-5-mini-audio",
    "openai, gpt-5.6-sol",
    "gemini, gemini-3.8-flash",
    "ollama, gpt-oss:120b-cloud",
  })
  void what_nobody_has_looked_up_has_no_price(String kind, String model) {
    assertThat(cost(kind, model, TODAY, MILLION_IN)).isEmpty();
  }

  @Test
  void a_rise_that_was_announced_holds_from_its_day_on() {
    Usage usage = new Usage(1_000_000, 0, 0, 1_000_000, 0, true);

    assertThat(cost("gemini", "gemini-4-argon", LocalDate.parse("2026-11-30"), usage))
        .contains(Cost.of(12_000_000));
    assertThat(cost("gemini", "gemini-4-argon", LocalDate.parse("2026-12-01"), usage))
        .contains(Cost.of(24_000_000));
  }

  @Test
  void a_price_holds_for_its_seller_only() {
    assertThat(LIST.find("openai", Optional.of("api.openai.com"), "gpt-5", TODAY)).isPresent();
    assertThat(LIST.find("openai", Optional.of("models.example.com"), "gpt-5", TODAY)).isEmpty();
    assertThat(LIST.find("openai", Optional.of("api.deepseek.com"), "deepseek-v4-pro", TODAY))
        .isPresent();
    assertThat(LIST.find("ollama", Optional.of("gpu.example.com"), "llama4", TODAY))
        .flatMap(KnownModel::price)
        .contains(ModelPrice.FREE);
    assertThat(LIST.find("ollama", Optional.of("ollama.com"), "llama4", TODAY)).isEmpty();
  }

  @Test
  void the_room_of_a_model_is_known() {
    assertThat(LIST.find("claude", Optional.empty(), "claude-haiku-4-5", TODAY))
        .hasValueSatisfying(model -> {
          assertThat(model.contextTokens()).contains(200_000L);
          assertThat(model.outputTokensMax()).contains(64_000L);
        });
  }

  @Test
  void every_figure_of_the_file_is_read() {
    assertThat(LIST.asOf()).isEqualTo(TODAY);
    assertThat(LIST.sellers().stream().flatMap(seller -> seller.models().stream()))
        .filteredOn(model -> model.price().isEmpty())
        .extracting(model -> model.name().text())
        .containsExactly(
            "gpt-5.6-sol",
            "gemini-3.8-flash",
            "gemini-3.7-flash",
            "gemini-3.6-flash",
            "*-cloud",
            "*:cloud");
    assertThat(LIST.sellers())
        .extracting(Seller::kind)
        .contains("claude", "openai", "gemini", "ollama", "replay");
    assertThat(LIST.plans())
        .contains(
            new QuotaPlan(
                "claude-subscription",
                java.util.List.of(
                    new QuotaPlan.Window("five_hour", Duration.ofHours(5)),
                    new QuotaPlan.Window("seven_day", Duration.ofDays(7)))));
  }
}
