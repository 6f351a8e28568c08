package dev.agentrunner.adapter.files;

import dev.agentrunner.core.limit.Quota.Measure;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.limit.Spent;
import dev.agentrunner.core.limit.Told;
import dev.agentrunner.json.Timestamps;
import dev.agentrunner.port.QuotaBook;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The file of one account, as far as it was read; others write to its end too. */
final class QuotaPage {

  private static final String NOT_MADE = "-";
  private static final String TOLD = "told";
  private static final int TOLD_WORDS = 7;
  private static final int CALL_WORDS = 4;
  private static final long GROWN_BYTES = 1 << 20;

  private final Path file;
  private final Map<String, Spent> calls = new LinkedHashMap<>();
  private final Map<String, Told> told = new LinkedHashMap<>();
  private Optional<Object> key = Optional.empty();
  private long read;
  private boolean torn;

  /** How long the file must be for another try to shrink it. */
  private long grownBytes = GROWN_BYTES;

  QuotaPage(Path file) {
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
    if (now.size() > grownBytes) {
      // Whether or not much of it goes: to find out at each call would take longer than the call.
      grownBytes = 2 * now.size();
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
    grownBytes = GROWN_BYTES;
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
      Spent spent = new Spent(Timestamps.parse(words[0]), Long.parseLong(words[2]), words[3]);
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

  Optional<Spent> call(String booking) {
    return Optional.ofNullable(calls.get(booking));
  }

  /** Whether the provider has said something of that quota that is written here. */
  boolean hasTold(String name) {
    return told.containsKey(name);
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
  Optional<QuotaBook.Booking.Held> usedUp(Instant now, double reserve) {
    return readings(now).stream()
        .filter(reading -> reading.left() <= (long) (reading.limit() * reserve))
        .max(Comparator.comparing(QuotaReading::resetsAt))
        .map(reading ->
            new QuotaBook.Booking.Held(
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
      grownBytes = Math.max(GROWN_BYTES, 2L * text.length());
      refresh(Instant.MIN);
    }
  }
}
