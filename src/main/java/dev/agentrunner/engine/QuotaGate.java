package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.limit.TokenEstimate;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.task.RateLimits;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.QuotaBook.Booking;
import dev.agentrunner.port.QuotaBook.Need;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heeds the limits that the user set: a call is booked before it is made, by an estimate, and
 * settled by the truth. A short wait is waited out here; a long one is the run's to decide on.
 */
final class QuotaGate {

  private static final Logger LOG = LoggerFactory.getLogger(QuotaGate.class);

  /** Up to here it is pacing, not a pause. */
  private static final Duration SHORT = Duration.ofMinutes(2);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Surroundings around;
  private final Settings settings;
  private final StopSignal stop;

  QuotaGate(Surroundings around, Settings settings, StopSignal stop) {
    this.around = around;
    this.settings = settings;
    this.stop = stop;
  }

  /** What came of it. */
  sealed interface Entry {}

  /** The call may be made; it is to be settled. */
  record Open(Optional<Ticket> ticket) implements Entry {}

  /** Not before the quota is back. */
  record Shut(ModelFailure.Window window) implements Entry {}

  /** Somebody wants the run to stop; nothing was booked. */
  record Stopped() implements Entry {}

  /** A call that was booked. */
  record Ticket(String account, String booking) {}

  Entry enter(Step.AskModel step) {
    Optional<String> account = around.models().account(step.provider());
    if (account.isEmpty()) {
      return new Open(Optional.empty());
    }
    RateLimits limits = settings.allowance().of(step.provider());
    Need need =
        new Need(step.request().model(), TokenEstimate.of(step.request()), limits.reserve());
    while (!stop.requested()) {
      Optional<Booking> booking = book(account.get(), limits, need);
      if (booking.isEmpty()) {
        return new Open(Optional.empty());
      }
      switch (booking.get()) {
        case Booking.Booked(String id) -> {
          LOG.debug("{}: booked {} tokens as {}", account.get(), need.tokens(), id);
          return paced(new Ticket(account.get(), id), limits);
        }
        case Booking.Held(String limit, Instant until) -> {
          LOG.debug("{}: held by {} until {}", account.get(), limit, until);
          if (until.isAfter(around.clock().instant().plus(SHORT))) {
            return new Shut(
                new ModelFailure.Window(
                    "%s: %s is used up".formatted(step.provider(), limit), Optional.of(until)));
          }
          around.pauses().until(until, stop);
        }
      }
    }
    return new Stopped();
  }

  /** Empty where no count can be kept and nobody wants one. */
  private Optional<Booking> book(String account, RateLimits limits, Need need) {
    try {
      return Optional.of(around.quotas().book(account, limits.quotas(), need));
    } catch (EnvironmentException e) {
      if (limits.quotas().isEmpty()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Entry paced(Ticket ticket, RateLimits limits) {
    limits.quotas().stream()
        .filter(quota -> quota.measure() == Quota.Measure.REQUESTS && quota.span().equals(MINUTE))
        .mapToLong(Quota::max)
        .min()
        .ifPresent(most -> {
          Duration wait = around.quotas().pace(ticket.account(), most);
          if (wait.isPositive()) {
            around.pauses().until(around.clock().instant().plus(wait), stop);
          }
        });
    if (stop.requested()) {
      around.quotas().cancel(ticket.account(), ticket.booking());
      return new Stopped();
    }
    return new Open(Optional.of(ticket));
  }

  void quotaRead(Optional<Ticket> ticket, QuotaReading reading) {
    ticket.ifPresent(booked -> leniently(() -> around.quotas().note(booked.account(), reading)));
  }

  void settle(Optional<Ticket> ticket, Usage usage) {
    ticket.ifPresent(booked -> {
      LOG.debug(
          "{}: settled {} at {} tokens", booked.account(), booked.booking(), usage.totalTokens());
      leniently(
          () -> around.quotas().settle(booked.account(), booked.booking(), usage.totalTokens()));
    });
  }

  /** A reply that is paid for is not lost over its count; the estimate stands then. */
  private static void leniently(Runnable write) {
    try {
      write.run();
    } catch (EnvironmentException e) {
      // The next booking meets the same trouble, and says so.
    }
  }
}
