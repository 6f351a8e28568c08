package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.core.limit.KnownModel;
import dev.agentrunner.core.limit.ModelPattern;
import dev.agentrunner.core.limit.ModelPrice;
import dev.agentrunner.core.limit.ModelPrice.LongPrompts;
import dev.agentrunner.core.limit.PriceList;
import dev.agentrunner.core.limit.QuotaPlan;
import dev.agentrunner.core.limit.Seller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The price list that ships with the program. */
public final class ModelsFile {

  private static final String RESOURCE = "/dev/agentrunner/models/models.yml";

  private ModelsFile() {}

  /** The list, read anew. */
  public static PriceList shipped() {
    try (InputStream in = ModelsFile.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("missing from the program: " + RESOURCE);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return read(new Source("models.yml", text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PriceList read(Source source) {
    Faults faults = new Faults();
    Optional<Mapping> tree = Document.read(source, faults);
    if (tree.isEmpty() || !faults.isEmpty()) {
      throw new IllegalStateException(source + " cannot be read: " + faults.refused());
    }
    Values root = new Values(tree.get());
    return new PriceList(
        LocalDate.parse(root.text("as_of").orElseThrow()), sellers(root), plans(root));
  }

  private static List<Seller> sellers(Values root) {
    List<Seller> sellers = new ArrayList<>();
    if (root.mapping().get("sellers").orElseThrow() instanceof Node.Sequence list) {
      for (Node item : list.items()) {
        Values seller = new Values((Mapping) item);
        sellers.add(
            new Seller(seller.text("kind").orElseThrow(), seller.text("host"), models(seller)));
      }
    }
    return sellers;
  }

  private static List<KnownModel> models(Values seller) {
    List<KnownModel> models = new ArrayList<>();
    seller
        .named("models")
        .forEach((name, node) -> {
          Values always = new Values((Mapping) node);
          models.add(model(name, LocalDate.MIN, always, always));
          always
              .named("from")
              .forEach((day, later) ->
                  models.add(
                      model(name, LocalDate.parse(day), new Values((Mapping) later), always)));
        });
    return models;
  }

  private static KnownModel model(String name, LocalDate from, Values prices, Values room) {
    return new KnownModel(
        new ModelPattern(name),
        from,
        price(prices),
        room.whole("context"),
        room.whole("output_max"));
  }

  private static Optional<ModelPrice> price(Values values) {
    if (values.text("free").filter("true"::equals).isPresent()) {
      return Optional.of(ModelPrice.FREE);
    }
    Values longPrompt = values.group("long_prompt");
    Optional<LongPrompts> longPrompts =
        RatesReader.rates(longPrompt)
            .map(rates -> new LongPrompts(longPrompt.whole("above").orElseThrow(), rates));
    return RatesReader.rates(values).map(rates -> new ModelPrice(rates, longPrompts));
  }

  private static List<QuotaPlan> plans(Values root) {
    List<QuotaPlan> plans = new ArrayList<>();
    root.named("plans")
        .forEach((name, node) -> {
          Values windows = new Values((Mapping) node);
          plans.add(
              new QuotaPlan(
                  name,
                  windows.mapping().entries().keySet().stream()
                      .map(window ->
                          new QuotaPlan.Window(window, windows.time(window).orElseThrow()))
                      .toList()));
        });
    return plans;
  }
}
