package dev.agentrunner.port;

import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.limit.Spent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What was spent of each account, by every run of this user on this machine. Safe for use by many
 * threads and processes: of two that ask for the last of a quota, one gets it.
 */
public interface QuotaBook {

  /**
   * Books a call, unless a quota is against it.
   *
   * @param account whoever the provider counts: its kind, address and a digest of the key
   * @param need of the call
   * @throws EnvironmentException if the book cannot be read or written
   */
  Booking book(String account, List<Quota> quotas, Need need);

  /**
   * Puts what a booked call really cost in place of the estimate.
   *
   * @throws EnvironmentException as {@link #book}
   */
  void settle(String account, String booking, long tokens);

  /**
   * Takes a booking back: the call was not made.
   *
   * @throws EnvironmentException as {@link #book}
   */
  void cancel(String account, String booking);

  /**
   * How long to hold back a call that is booked, so that calls are spread over the minute.
   *
   * @param requests that the account may be asked in a minute
   */
  Duration pace(String account, long requests);

  /**
   * Notes what the provider itself says is left; calls are held when that is used up.
   *
   * @throws EnvironmentException as {@link #book}
   */
  void note(String account, QuotaReading reading);

  /** The last that the provider said of each of its quotas that has not been reset since. */
  List<QuotaReading> readings(String account);

  /** The calls of the account that can still count, in any order. */
  List<Spent> history(String account);

  /**
   * What a call is going to need.
   *
   * @param model that is asked
   * @param tokens as far as can be told before
   * @param reserve a share of each quota that it must leave, from 0 up to and without 1
   */
  record Need(String model, long tokens, double reserve) {}

  /** What came of asking. */
  sealed interface Booking {

    /**
     * The call may be made.
     *
     * @param id to settle it by
     */
    record Booked(String id) implements Booking {}

    /**
     * Not now.
     *
     * @param limit that is used up, in words
     */
    record Held(String limit, Instant until) implements Booking {}
  }
}
