package dev.agentrunner;

import dev.agentrunner.adapter.yaml.ModelsFile;
import dev.agentrunner.core.limit.KnownModel;
import dev.agentrunner.core.limit.ModelPattern;
import dev.agentrunner.core.limit.ModelPrice;
import dev.agentrunner.core.limit.PriceList;
import dev.agentrunner.core.task.ProviderSettings;
import java.net.URI;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** What the models of a run cost: as the configuration has it, else as the shipped list does. */
record Prices(Map<String, ModelPrice> own, PriceList list, InstantSource clock) {

  static Prices shipped(Map<String, ModelPrice> own, InstantSource clock) {
    return new Prices(own, ModelsFile.shipped(), clock);
  }

  /** Empty if nobody knows. */
  Optional<ModelPrice> of(ProviderSettings provider, String model) {
    Optional<ModelPrice> price =
        own.keySet().stream()
            .map(ModelPattern::new)
            .filter(name -> name.matches(model))
            .max(Comparator.comparingInt(ModelPattern::exactness))
            .map(name -> own.get(name.text()))
            .or(() -> known(provider, model).flatMap(KnownModel::price));
    return "1h".equals(provider.options().get("cache"))
        ? price.map(ModelPrice::rememberedForAnHour)
        : price;
  }

  Optional<KnownModel> known(ProviderSettings provider, String model) {
    return list.find(
        provider.kind(),
        provider.baseUrl().map(address -> String.valueOf(URI.create(address).getHost())),
        model,
        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
  }
}
