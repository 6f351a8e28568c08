package dev.agentrunner.adapter.files;

import dev.agentrunner.core.limit.Admission;
import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.Quota.Measure;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.limit.Spent;
import dev.agentrunner.core.limit.Told;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.QuotaBook;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
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

  private static final String NOT_MADE = "-";
  private static final String TOLD = "told";
  private static final int TOLD_WORDS = 7;
  private static final int CALL_WORDS = 4;
  private static final long GROWN_BYTES = 1 << 20;

  /** Of this process; the system's locks keep other processes out, not other threads. */
  private static final Object ONE_THREAD = new Object();

  private final Path folder;
  private final InstantSource clock;
  private final Map<String, Page> pages = new HashMap<>();
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
          Spent booked = page.calls.getOrDefault(booking, new Spent(clock.instant(), 0));
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
      if (plenty && !page(account).told.containsKey(reading.name())) {
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
    return within(account, Page::spent);
  }

  private interface Use<T> {
    T of(Page page) throws IOException;
  }

  private <T> T within(String account, Use<T> use) {
    synchronized (ONE_THREAD) {
      return alone(account, use);
    }
  }

  private Page page(String account) {
    return pages.computeIfAbsent(account, name -> new Page(folder.resolve(name + ".txt")));
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
        Page page = page(account);
        page.refresh(clock.instant().minus(KEPT));
        return use.of(page);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot keep count of what was spent in %s: %s"
              .formatted(folder.resolve(account + ".txt"), e.getMessage()),
          e);
    }
  }

  /** The file of one account, as far as it was read; others write to its end too. */
  private static final class Page {

    private final Path file;
    private final Map<String, Spent> calls = new LinkedHashMap<>();
    private final Map<String, Told> told = new LinkedHashMap<>();
    private Optional<Object> key = Optional.empty();
    private long read;
    private boolean torn;

    Page(Path file) {
      this.file = file;
    }

    /**
     * Takes in what was written since.
     *
     * @param oldest what was before does not count
     */
    void refresh(Instant oldest) throws IOException {
      BasicFileAttributes now;
      try {
        now = Files.readAttributes(file, BasicFileAttributes.class);
      } catch (NoSuchFileException e) {
        startOver();
        return;
      }
      Optional<Object> found = Optional.ofNullable(now.fileKey());
      if (!found.equals(key) || now.size() < read) {
        startOver();
        key = found;
      }
      if (now.size() > read) {
        takeTail(oldest);
      }
      forget(oldest);
      if (now.size() > GROWN_BYTES) {
        shrink(now.size());
      }
    }

    /** In the order they were booked, so that the first one that counts ends it. */
    private void forget(Instant oldest) {
      Iterator<Spent> each = calls.values().iterator();
      while (each.hasNext() && !each.next().at().isAfter(oldest)) {
        each.remove();
      }
    }

    private void startOver() {
      calls.clear();
      told.clear();
      key = Optional.empty();
      read = 0;
      torn = false;
    }

    /** Up to the last line that is whole; one that is not is read again when it is. */
    private void takeTail(Instant oldest) throws IOException {
      String tail;
      try (InputStream in = Files.newInputStream(file)) {
        in.skipNBytes(read);
        tail = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      }
      int whole = tail.lastIndexOf('\n') + 1;
      tail.substring(0, whole).lines().forEach(line -> take(line, oldest));
      read += whole;
      torn = whole < tail.length();
    }

    private void take(String line, Instant oldest) {
      String[] words = line.split(" ", -1);
      if (words.length == TOLD_WORDS && words[1].equals(TOLD)) {
        takeTold(words);
        return;
      }
      if (words.length != CALL_WORDS) {
        return;
      }
      if (words[2].equals(NOT_MADE)) {
        calls.remove(words[1]);
        return;
      }
      try {
        Spent spent = new Spent(Instant.parse(words[0]), Long.parseLong(words[2]), words[3]);
        if (spent.at().isAfter(oldest)) {
          calls.put(words[1], spent);
        }
      } catch (DateTimeException | IllegalArgumentException e) {
        // A line that a crash left half written.
      }
    }

    private void takeTold(String[] words) {
      try {
        Measure measure = Measure.valueOf(words[3]);
        told.put(
            words[2],
            new Told(
                new QuotaReading(
                    words[2],
                    measure,
                    Long.parseLong(words[4]),
                    Long.parseLong(words[5]),
                    Instant.parse(words[6])),
                Instant.parse(words[0])));
      } catch (DateTimeException | IllegalArgumentException e) {
        // A line that a crash left half written.
      }
    }

    List<Spent> spent() {
      return List.copyOf(calls.values());
    }

    List<QuotaReading> readings(Instant now) {
      return told.values().stream()
          .filter(one -> !one.isOver(now))
          .map(one -> one.now(spent()))
          .toList();
    }

    /** What the provider has nothing left of, or no more than is kept for the person. */
    Optional<Booking.Held> usedUp(Instant now, double reserve) {
      return readings(now).stream()
          .filter(reading -> reading.left() <= (long) (reading.limit() * reserve))
          .max(Comparator.comparing(QuotaReading::resetsAt))
          .map(reading ->
              new Booking.Held(
                  "the provider's own limit of " + reading.name(), reading.resetsAt()));
    }

    void note(Told now) throws IOException {
      QuotaReading reading = now.reading();
      told.put(reading.name(), now);
      append(
          "%s %s %s %s %d %d %s\n"
              .formatted(
                  now.at(),
                  TOLD,
                  reading.name(),
                  reading.measure(),
                  reading.limit(),
                  reading.left(),
                  reading.resetsAt()),
          false);
    }

    /**
     * @param durable whether it must be there after a power cut too
     */
    void add(String id, Spent spent, boolean durable) throws IOException {
      calls.put(id, spent);
      append(line(id, spent), durable);
    }

    void withdraw(String id, Instant now) throws IOException {
      calls.remove(id);
      append("%s %s %s -\n".formatted(now, id, NOT_MADE), false);
    }

    private void append(String text, boolean durable) throws IOException {
      byte[] line = ((torn ? "\n" : "") + text).getBytes(StandardCharsets.ISO_8859_1);
      torn = false;
      try (FileChannel out =
          PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        ByteBuffer bytes = ByteBuffer.wrap(line);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        if (durable) {
          out.force(false);
        }
        read = out.size();
      }
      if (key.isEmpty()) {
        key = Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
      }
    }

    private static String line(String id, Spent spent) {
      return "%s %s %d %s\n"
          .formatted(spent.at(), id, spent.tokens(), spent.model().replaceAll("\\s", "_"));
    }

    private void shrink(long length) throws IOException {
      StringBuilder text = new StringBuilder();
      calls.forEach((id, spent) -> text.append(line(id, spent)));
      if (text.length() < length / 2) {
        PrivateFiles.replace(
            file,
            text.toString().getBytes(StandardCharsets.ISO_8859_1),
            file.resolveSibling(file.getFileName() + ".new"));
        startOver();
        refresh(Instant.MIN);
      }
    }
  }
}
