package dev.agentrunner.core.limit;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Models with their prices, as somebody looked them up.
 *
 * @param asOf when that was
 * @param sellers of several of one kind, the first is where a provider without an address is asked
 */
public record PriceList(LocalDate asOf, List<Seller> sellers, List<QuotaPlan> plans) {

  public PriceList {
    sellers = List.copyOf(sellers);
    plans = List.copyOf(plans);
  }

  /**
   * What is known of a model; empty for one that nobody has looked up.
   *
   * @param host where it is asked; empty for the kind's own address
   */
  public Optional<KnownModel> find(
      String kind, Optional<String> host, String model, LocalDate today) {
    return seller(kind, host).stream()
        .flatMap(seller -> seller.models().stream())
        .filter(known -> !known.from().isAfter(today) && known.name().matches(model))
        .max(
            Comparator.comparingInt((KnownModel known) -> known.name().exactness())
                .thenComparing(KnownModel::from));
  }

  /** A price holds where it is asked for; what others take for the same model is not known. */
  private Optional<Seller> seller(String kind, Optional<String> host) {
    List<Seller> ofKind = sellers.stream().filter(seller -> seller.kind().equals(kind)).toList();
    if (host.isEmpty()) {
      return ofKind.stream().findFirst();
    }
    return ofKind.stream()
        .filter(seller -> seller.host().equals(host))
        .findFirst()
        .or(() -> ofKind.stream().filter(seller -> seller.host().isEmpty()).findFirst());
  }
}
