package dev.agentrunner.testing;

import dev.agentrunner.core.limit.Admission;
import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.limit.Spent;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.QuotaBook;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A book for one account that ends with the test. */
public final class MemoryQuotaBook implements QuotaBook {

  private final SettableClock clock;
  private final Map<String, Spent> calls = new LinkedHashMap<>();
  private int booked;

  public MemoryQuotaBook(SettableClock clock) {
    this.clock = clock;
  }

  @Override
  public Booking book(String account, List<Quota> quotas, Need need) {
    Spent call = new Spent(clock.instant(), need.tokens(), need.model());
    return switch (Admission.of(quotas, spent(), call, need.reserve(), clock.instant())) {
      case Admission.Held(Quota quota, var until) ->
          new Booking.Held("your own limit of " + quota.shown(), until);
      case Admission.Granted() -> {
        String id = "b" + ++booked;
        calls.put(id, call);
        yield new Booking.Booked(id);
      }
    };
  }

  /** Whether nothing can be written any more. */
  public boolean broken;

  @Override
  public void settle(String account, String booking, long tokens) {
    if (broken) {
      throw new EnvironmentException("no space left");
    }
    calls.computeIfPresent(booking, (id, spent) -> new Spent(spent.at(), tokens, spent.model()));
  }

  @Override
  public void cancel(String account, String booking) {
    calls.remove(booking);
  }

  @Override
  public void note(String account, QuotaReading reading) {}

  @Override
  public List<QuotaReading> readings(String account) {
    return List.of();
  }

  @Override
  public Duration pace(String account, long requests) {
    return Duration.ZERO;
  }

  @Override
  public List<Spent> history(String account) {
    return spent();
  }

  public List<Spent> spent() {
    return List.copyOf(calls.values());
  }
}
