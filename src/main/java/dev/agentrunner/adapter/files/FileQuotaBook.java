package dev.agentrunner.adapter.files;

import dev.agentrunner.core.limit.Admission;
import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.limit.Spent;
import dev.agentrunner.core.limit.Told;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.QuotaBook;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The book in files of the user's home, one for each account:
 *
 * <pre>
 * 2026-11-21T10:15:30.123Z 6a1f…-booking 5200 some-model
 * </pre>
 *
 * A line is a call: when, its booking, its tokens, its model. A later line of the same booking has
 * the last word; one with {@code -} for tokens says that the call was not made. What the provider
 * said of a quota of its own stands in lines like
 *
 * <pre>
 * 2026-11-21T10:15:31.456Z told input-tokens TOKENS 80000 1200 2026-11-21T10:16:00Z
 * </pre>
 *
 * <p>Whoever reads or writes holds the system's lock on a file beside it; a line that a crash left
 * half written is passed over. What is too old to count is dropped when the file has grown.
 */
public final class FileQuotaBook implements QuotaBook {

  /** The longest quota there is, a week, and a day for clocks that are not quite right. */
  private static final Duration KEPT = Duration.ofDays(8);

  /** Of this process; the system's locks keep other processes out, not other threads. */
  private static final Object ONE_THREAD = new Object();

  private final Path folder;
  private final InstantSource clock;
  private final Map<String, QuotaPage> pages = new HashMap<>();
  private final Map<String, EvenPace> paces = new ConcurrentHashMap<>();

  /**
   * @param folder that is made when the first call is booked
   */
  public FileQuotaBook(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  @Override
  public Booking book(String account, List<Quota> quotas, Need need) {
    return within(
        account,
        page -> {
          Instant now = clock.instant();
          Spent call = new Spent(now, need.tokens(), need.model());
          Optional<Booking.Held> told = page.usedUp(now, need.reserve());
          if (told.isPresent()) {
            return told.get();
          }
          return switch (Admission.of(quotas, page.spent(), call, need.reserve(), now)) {
            case Admission.Held(Quota quota, Instant until) ->
                new Booking.Held("your own limit of " + quota.shown(), until);
            case Admission.Granted() -> {
              String id = UUID.randomUUID().toString();
              page.add(id, call, true);
              yield new Booking.Booked(id);
            }
          };
        });
  }

  @Override
  public void settle(String account, String booking, long tokens) {
    within(
        account,
        page -> {
          Spent booked = page.call(booking).orElse(new Spent(clock.instant(), 0));
          page.add(booking, new Spent(booked.at(), tokens, booked.model()), false);
          return booking;
        });
  }

  @Override
  public void cancel(String account, String booking) {
    within(
        account,
        page -> {
          page.withdraw(booking, clock.instant());
          return booking;
        });
  }

  /** Most replies say that there is plenty: that is news only after something else. */
  @Override
  public void note(String account, QuotaReading reading) {
    boolean plenty = reading.left() > reading.limit() / 2;
    synchronized (ONE_THREAD) {
      if (plenty && !page(account).hasTold(reading.name())) {
        return;
      }
    }
    within(
        account,
        page -> {
          page.note(new Told(reading, clock.instant()));
          return reading;
        });
  }

  @Override
  public List<QuotaReading> readings(String account) {
    return within(account, page -> page.readings(clock.instant()));
  }

  @Override
  public Duration pace(String account, long requests) {
    return paces.computeIfAbsent(account, name -> new EvenPace(requests)).next();
  }

  @Override
  public List<Spent> history(String account) {
    return within(account, QuotaPage::spent);
  }

  private interface Use<T> {
    T of(QuotaPage page) throws IOException;
  }

  private <T> T within(String account, Use<T> use) {
    synchronized (ONE_THREAD) {
      return alone(account, use);
    }
  }

  private QuotaPage page(String account) {
    return pages.computeIfAbsent(account, name -> new QuotaPage(folder.resolve(name + ".txt")));
  }

  private <T> T alone(String account, Use<T> use) {
    try {
      PrivateFiles.createFolder(folder);
      try (FileChannel turn =
              PrivateFiles.open(
                  folder.resolve(account + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = turn.lock()) {
        if (!lock.isValid()) {
          throw new IOException("the lock was lost");
        }
        QuotaPage page = page(account);
        page.refresh(clock.instant().minus(KEPT));
        return use.of(page);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot keep count of what was spent in %s: %s; see to its permissions and to room on the disk"
              .formatted(folder.resolve(account + ".txt"), e.getMessage()),
          e);
    }
  }
}
