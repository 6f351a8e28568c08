package dev.agentrunner.core.limit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When work of a known size can be done within quotas. */
public final class Forecast {

  private Forecast() {}

  /**
   * The earliest instant at which all of {@code requests} and {@code tokens} can have been spent,
   * if nobody else spends anything; empty if that is now.
   *
   * @param reserve a share of each quota that is kept for others, from 0 up to and without 1
   */
  public static Optional<Instant> of(
      List<QuotaWindow> windows, long requests, long tokens, double reserve) {
    return windows.stream()
        .flatMap(window -> of(window, requests, tokens, reserve).stream())
        .max(Instant::compareTo);
  }

  private static Optional<Instant> of(
      QuotaWindow window, long requests, long tokens, double reserve) {
    long need =
        switch (window.quota().measure()) {
          case REQUESTS -> requests;
          case TOKENS -> tokens;
        };
    long most = Math.max(1, (long) Math.floor(window.quota().max() * (1 - reserve)));
    long left = Math.max(0, most - window.used());
    if (need <= left) {
      return Optional.empty();
    }
    long more = Math.ceilDiv(need - left, most);
    Instant reset = window.resetsAt().orElse(window.now().plus(window.quota().span()));
    return Optional.of(reset.plus(window.quota().span().multipliedBy(more - 1)));
  }
}
