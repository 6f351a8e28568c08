package dev.agentrunner.adapter.yaml;

import dev.agentrunner.core.limit.ModelPrice;
import dev.agentrunner.core.limit.TokenRates;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes prices of mappings; dollars are read as written, digit by digit. */
final class RatesReader {

  private RatesReader() {}

  /** What stands under {@code prices} in the configuration. */
  static Map<String, ModelPrice> own(Values root) {
    Map<String, ModelPrice> prices = new LinkedHashMap<>();
    root.named("prices")
        .forEach((model, node) -> {
          if (node instanceof Node.Mapping mapping) {
            rates(new Values(mapping)).ifPresent(rates -> prices.put(model, new ModelPrice(rates)));
          }
        });
    return prices;
  }

  /** Empty unless input and output have a price. */
  static Optional<TokenRates> rates(Values values) {
    Optional<BigDecimal> output = rate(values, "output");
    return rate(values, "input")
        .filter(_ -> output.isPresent())
        .map(input ->
            new TokenRates(
                input,
                output.orElseThrow(),
                rate(values, "cache_read"),
                rate(values, "cache_write"),
                rate(values, "cache_write_hour")));
  }

  private static Optional<BigDecimal> rate(Values values, String key) {
    return values.text(key).filter(TextKind::isPrice).map(BigDecimal::new);
  }
}
