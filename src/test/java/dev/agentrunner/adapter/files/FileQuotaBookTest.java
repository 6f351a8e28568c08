package dev.agentrunner.adapter.files;

import static dev.agentrunner.core.limit.Quota.Measure.TOKENS;
import static dev.agentrunner.core.limit.Quota.Start.ROLLING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.limit.Spent;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.QuotaBook.Booking;
import dev.agentrunner.port.QuotaBook.Need;
import dev.agentrunner.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileQuotaBookTest {

  private static final Quota HOUR = new Quota(TOKENS, 100, Duration.ofHours(1), ROLLING);
  private static final List<Quota> QUOTAS = List.of(HOUR);

  @TempDir Path home;

  private final SettableClock clock = new SettableClock();

  private FileQuotaBook book() {
    return new FileQuotaBook(home.resolve("ledger"), clock);
  }

  private String booked(long tokens) {
    return ((Booking.Booked) book().book("claude", QUOTAS, new Need("m", tokens, 0))).id();
  }

  @Test
  void what_one_run_spends_another_cannot() {
    Instant first = clock.instant();
    booked(70);

    assertThat(book().book("claude", QUOTAS, new Need("m", 40, 0)))
        .isEqualTo(
            new Booking.Held(
                "your own limit of 100 tokens per hour", first.plus(Duration.ofHours(1))));
    assertThat(book().book("openai", QUOTAS, new Need("m", 40, 0)))
        .isInstanceOf(Booking.Booked.class);
  }

  @Test
  void what_the_provider_says_is_used_up_is_not_asked_for() {
    Instant reset = clock.instant().plusSeconds(40);
    booked(10);
    book().note("claude", new QuotaReading("input-tokens", TOKENS, 1000, 0, reset));

    assertThat(book().book("claude", List.of(), new Need("m", 1, 0)))
        .isEqualTo(new Booking.Held("the provider's own limit of input-tokens", reset));
    clock.advance(Duration.ofSeconds(40));
    assertThat(book().book("claude", List.of(), new Need("m", 1, 0)))
        .isInstanceOf(Booking.Booked.class);
  }

  @Test
  void what_was_spent_since_the_provider_spoke_is_taken_off() {
    Instant reset = clock.instant().plusSeconds(40);
    book().note("claude", new QuotaReading("tokens", TOKENS, 1000, 300, reset));
    clock.advance(Duration.ofSeconds(1));
    booked(90);

    assertThat(book().readings("claude"))
        .containsExactly(new QuotaReading("tokens", TOKENS, 1000, 210, reset));
    assertThat(book().book("claude", List.of(), new Need("m", 1, 0.25)))
        .as("a quarter is kept")
        .isInstanceOf(Booking.Held.class);
  }

  @Test
  void one_book_sees_what_another_wrote_behind_its_back() {
    FileQuotaBook ours = book();
    ours.book("claude", QUOTAS, new Need("m", 10, 0));
    String theirs = booked(20);
    book().settle("claude", theirs, 5);

    assertThat(ours.history("claude"))
        .containsExactly(new Spent(clock.instant(), 10, "m"), new Spent(clock.instant(), 5, "m"));
    assertThat(ours.book("claude", QUOTAS, new Need("m", 86, 0))).isInstanceOf(Booking.Held.class);
  }

  @Test
  void the_truth_takes_the_place_of_the_estimate() {
    String booking = booked(100);

    book().settle("claude", booking, 10);

    assertThat(book().history("claude")).containsExactly(new Spent(clock.instant(), 10, "m"));
    booked(90);
  }

  @Test
  void a_call_that_is_settled_late_counts_when_it_was_made() {
    Instant made = clock.instant();
    String booking = booked(1);
    clock.advance(Duration.ofMinutes(50));

    book().settle("claude", booking, 100);
    clock.advance(Duration.ofMinutes(10));

    assertThat(book().history("claude")).containsExactly(new Spent(made, 100, "m"));
    booked(100);
  }

  @Test
  void of_many_that_ask_at_once_no_more_get_it_than_there_is() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Booking>> asking =
          IntStream.range(0, 40)
              .<Callable<Booking>>mapToObj(
                  i -> () -> book().book("claude", QUOTAS, new Need("m", 10, 0)))
              .toList();
      long got = 0;
      for (var answer : threads.invokeAll(asking)) {
        got += answer.get() instanceof Booking.Booked ? 1 : 0;
      }
      assertThat(got).isEqualTo(10);
    }
  }

  @Test
  void a_line_half_written_is_passed_over_and_spoils_no_other() throws IOException {
    booked(10);
    Files.writeString(file(), "2026-11-21T10:0", StandardOpenOption.APPEND);

    booked(20);

    assertThat(book().history("claude")).extracting(Spent::tokens).containsExactly(10L, 20L);
  }

  @Test
  void what_is_too_old_to_count_is_dropped_when_the_file_has_grown() throws IOException {
    booked(10);
    String line = Files.readString(file());
    Files.writeString(file(), line.repeat(20_000));
    clock.advance(Duration.ofDays(9));

    booked(20);

    assertThat(Files.size(file())).isLessThan(200);
    assertThat(book().history("claude")).extracting(Spent::tokens).containsExactly(20L);
  }

  @Test
  void a_book_that_cannot_be_kept_is_said_where() throws IOException {
    Files.writeString(home.resolve("ledger"), "in the way");

    assertThatThrownBy(() -> book().history("claude"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("claude.txt");
  }

  private Path file() {
    return home.resolve("ledger/claude.txt");
  }
}
