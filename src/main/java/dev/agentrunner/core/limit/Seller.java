package dev.agentrunner.core.limit;

import java.util.List;
import java.util.Optional;

/**
 * Who asks for the money.
 *
 * @param kind of the providers that are asked there
 * @param host where it is found; empty for anywhere
 */
public record Seller(String kind, Optional<String> host, List<KnownModel> models) {

  public Seller {
    models = List.copyOf(models);
  }
}
