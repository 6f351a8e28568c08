package dev.agentrunner.core.limit;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A quota at an instant: what is used of it and how long to hold back.
 *
 * @param counted the calls that count now, the oldest first
 * @param now calls of later than this (another machine's clock, a clock set back) count too
 */
public record QuotaWindow(Quota quota, List<Spent> counted, Instant now) {

  public QuotaWindow {
    counted = List.copyOf(counted);
  }

  /**
   * @param history every call known, in any order
   */
  public static QuotaWindow of(Quota quota, List<Spent> history, Instant now) {
    List<Spent> inOrder =
        history.stream()
            .filter(spent -> quota.counts(spent.model()))
            .sorted(Comparator.comparing(Spent::at))
            .toList();
    Instant from =
        switch (quota.start()) {
          case ROLLING -> now.minus(quota.span());
          case ALIGNED -> quota.alignedStart(now).minusNanos(1);
          case FIRST_CALL -> firstCall(quota, inOrder, now).minusNanos(1);
        };
    return new QuotaWindow(
        quota, inOrder.stream().filter(spent -> spent.at().isAfter(from)).toList(), now);
  }

  /** The first call of the window that is open now; now, if none is. */
  private static Instant firstCall(Quota quota, List<Spent> inOrder, Instant now) {
    Instant first = now;
    Instant end = Instant.MIN;
    for (Spent spent : inOrder) {
      if (!spent.at().isBefore(end)) {
        first = spent.at();
        end = first.plus(quota.span());
      }
    }
    return end.isAfter(now) ? first : now;
  }

  public long used() {
    return counted.stream().mapToLong(spent -> spent.of(quota.measure())).sum();
  }

  /** What may still be spent; never negative. */
  public long left() {
    return Math.max(0, quota.max() - used());
  }

  /** When all of it is there again; empty while nothing is used. */
  public Optional<Instant> resetsAt() {
    return counted.isEmpty()
        ? Optional.empty()
        : Optional.of(
            switch (quota.start()) {
              case ROLLING -> counted.getLast().at().plus(quota.span());
              case ALIGNED -> quota.alignedStart(now).plus(quota.span());
              case FIRST_CALL -> counted.getFirst().at().plus(quota.span());
            });
  }

  /**
   * When {@code tokens} more can be spent in one call; empty if that is now. A call that is larger
   * than the whole quota can be made once nothing else counts.
   *
   * @param reserve a share of the quota, from 0 up to and without 1, that is kept for others
   */
  public Optional<Instant> waitFor(long tokens, double reserve) {
    long most = Math.max(1, (long) Math.floor(quota.max() * (1 - reserve)));
    long need = Math.min(most, new Spent(now, tokens).of(quota.measure()));
    long used = used();
    if (used + need <= most) {
      return Optional.empty();
    }
    if (quota.start() != Quota.Start.ROLLING) {
      return resetsAt();
    }
    for (Spent spent : counted) {
      used -= spent.of(quota.measure());
      if (used + need <= most) {
        return Optional.of(spent.at().plus(quota.span()));
      }
    }
    return resetsAt();
  }
}
