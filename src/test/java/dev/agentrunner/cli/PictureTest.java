package dev.agentrunner.cli;

import static dev.agentrunner.core.limit.Quota.Measure.REQUESTS;
import static dev.agentrunner.core.limit.Quota.Measure.TOKENS;
import static dev.agentrunner.core.limit.Quota.Start.ROLLING;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.QuotaWindow;
import dev.agentrunner.core.limit.Spent;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.Steering.Course;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PictureTest {

  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static final Sight.Mode KEYS = new Sight.Steered(false);

  /** {@code done} of so many tasks are over, the next one is in its first attempt. */
  private static RunState state(int tasks, int done) {
    List<RunEvent> events = new ArrayList<>();
    List<Planned> planned =
        IntStream.rangeClosed(1, tasks)
            .mapToObj(
                i -> new Planned(new TaskId("T" + i), "Title of " + i, "digest", Optional.empty()))
            .toList();
    events.add(new RunEvent.RunStarted("tasks.yml", planned, "claude", "claude-test", "test"));
    for (int i = 1; i <= done; i++) {
      TaskId id = new TaskId("T" + i);
      events.add(new RunEvent.TaskStarted(id));
      events.add(new RunEvent.TaskCompleted(id, i % 2 == 0, "done"));
    }
    if (done < tasks) {
      TaskId id = new TaskId("T" + (done + 1));
      events.add(new RunEvent.TaskStarted(id));
      events.add(
          new RunEvent.AttemptStarted(id, 1, "claude", "claude-test", "do it", Optional.empty()));
    }
    RunState state = RunState.empty(new RunId("20261121-100000-test"));
    for (RunEvent event : events) {
      state = state.after(new Recorded(state.seq() + 1, START.plusSeconds(state.seq()), event));
    }
    return state;
  }

  private static Sight sight(RunState state, Course course, Sight.Mode mode) {
    Instant now = state.at().plusSeconds(42);
    Activity.Glimpse glimpse =
        new Activity.Glimpse(
            "post-hook tests", now.minusSeconds(35), now.minusSeconds(3), List.of("ok 1", "ok 2"));
    return new Sight(state, Budget.NONE.run(), glimpse, course, mode, now, ZoneOffset.UTC);
  }

  private static String drawn(Sight sight, int columns, int rows) {
    return new Picture(false)
        .lines(sight, columns, rows).stream()
            .map(AttributedString::toAnsi)
            .map(String::stripTrailing)
            .collect(joining("\n"));
  }

  @Test
  void at_80_columns() {
    assertThat(drawn(sight(state(9, 2), Course.STRAIGHT, KEYS), 80, 24))
        .isEqualTo(
            """
            -- tasks 2-6 of 9 --------------- status         time  tries   tokens      cost
              T2  Title of 2                  done           0:01
            > T3  Title of 3                  running        0:43      1        0     $0.00
              T4  Title of 4                  pending
              T5  Title of 5                  pending
              T6  Title of 6                  pending
            T3  post-hook tests  0:35
              | ok 1
              | ok 2



            6 pending, 1 running, 2 done.  0 tokens, $0.00.  48 s.
            p pause   s skip   q stop   d diff   ? help\
            """);
  }

  @Test
  void at_140_columns_titles_have_more_room() {
    String drawn = drawn(sight(state(3, 1), Course.STRAIGHT, KEYS), 140, 40);

    assertThat(drawn.lines().findFirst().orElseThrow())
        .hasSize(139)
        .startsWith("-- tasks 1-3 of 3");
    assertThat(drawn).contains("unverified");
  }

  @Test
  void without_colours_nothing_but_text_is_sent() {
    assertThat(drawn(sight(state(9, 2), Course.STRAIGHT, KEYS), 80, 24)).doesNotContain("\u001B");
  }

  @Test
  void with_colours_no_background_is_ever_set_and_the_text_is_the_same() {
    Sight sight = sight(state(9, 2), Course.STRAIGHT, KEYS);
    String coloured =
        new Picture(true)
            .lines(sight, 80, 24).stream().map(AttributedString::toAnsi).collect(joining("\n"));

    assertThat(coloured).contains("\u001B[36m").doesNotContainPattern("\u001B\\[[0-9;]*(4\\d|7)m");
    assertThat(AttributedString.stripAnsi(coloured).lines().map(String::stripTrailing).toList())
        .isEqualTo(drawn(sight, 80, 24).lines().toList());
  }

  @ParameterizedTest
  @CsvSource({"80,24", "140,40", "60,20", "59,10", "20,8", "10,4", "5,3", "1,2", "1,1", "300,100"})
  void it_fits_into_any_terminal_with_all_that_can_be_seen(int columns, int rows) {
    Sight.Mode asked = new Sight.Asked("[y]es, [n]o? ", "n, 日本語".repeat(20));
    for (Sight.Mode mode : List.of(KEYS, new Sight.Steered(true), new Sight.Watched(), asked)) {
      List<AttributedString> lines =
          new Picture(true).lines(sight(state(9, 2), Course.STRAIGHT, mode), columns, rows);

      assertThat(lines).hasSizeBetween(1, Math.max(1, rows - 1));
      assertThat(lines)
          .allSatisfy(line -> assertThat(line.columnLength()).isLessThan(Math.max(2, columns)));
    }
  }

  @Test
  void the_windows_nearest_to_their_end_stand_at_the_foot() {
    RunState state = state(2, 1);
    Sight sight = sight(state, Course.STRAIGHT, KEYS);
    Duration hour = Duration.ofHours(1);
    List<Spent> history = List.of(new Spent(sight.now(), 62_000), new Spent(sight.now(), 0));
    List<QuotaWindow> windows =
        List.of(
            QuotaWindow.of(new Quota(TOKENS, 100_000, hour, ROLLING), history, sight.now()),
            QuotaWindow.of(new Quota(REQUESTS, 1_000, hour, ROLLING), history, sight.now()));
    var limits = new AccountLimits("claude", windows, 0, List.of(), List.of(), history);

    Sight limited =
        new Sight(
            state,
            sight.budget(),
            List.of(limits),
            sight.glimpse(),
            sight.beside(),
            sight.course(),
            sight.mode(),
            sight.now(),
            sight.zone());

    assertThat(drawn(limited, 80, 24))
        .contains("limits: claude 62.0k of 100000 tokens per hour, 2 of 1000 requests per hour");
  }

  @Test
  void its_height_is_the_same_whatever_happens() {
    RunState state = state(9, 2);
    Sight busy = sight(state, Course.STRAIGHT, KEYS);
    Sight idle =
        new Sight(
            state,
            Budget.NONE.run(),
            Activity.Glimpse.NOTHING,
            Course.STRAIGHT,
            KEYS,
            busy.now(),
            ZoneOffset.UTC);
    Sight help = sight(state, Course.STRAIGHT, new Sight.Steered(true));

    assertThat(List.of(idle, help, sight(state(9, 9), Course.STRAIGHT, KEYS)))
        .allSatisfy(other ->
            assertThat(new Picture(false).lines(other, 80, 24))
                .hasSameSizeAs(new Picture(false).lines(busy, 80, 24)));
  }

  @Test
  void of_ten_thousand_tasks_those_around_the_one_under_way_are_shown() {
    String drawn = drawn(sight(state(10_000, 5_000), Course.STRAIGHT, KEYS), 80, 24);

    assertThat(drawn)
        .contains(
            "-- tasks 5000-5004 of 10000 -", "> T5001", "4999 pending, 1 running, 5000 done.");
  }

  @Test
  void silence_is_told_of() {
    RunState state = state(2, 0);
    Instant now = state.at().plusSeconds(90);
    Activity.Glimpse silent =
        new Activity.Glimpse(
            "claude-test, turn 3", now.minusSeconds(90), now.minusSeconds(75), List.of());

    assertThat(
            drawn(
                new Sight(
                    state, Budget.NONE.run(), silent, Course.STRAIGHT, KEYS, now, ZoneOffset.UTC),
                80,
                24))
        .contains("T1  claude-test, turn 3  1:30  nothing heard for 1:15");
  }

  @Test
  void each_of_several_tasks_under_way_has_a_line() {
    RunState state = state(3, 0);
    TaskId second = new TaskId("T2");
    state =
        state.after(
            new Recorded(
                state.seq() + 1, START.plusSeconds(9), new RunEvent.TaskStarted(second, true)));
    Sight one =
        sight(state, new Course(false, true, false, Optional.empty(), Optional.empty()), KEYS);
    Activity.Glimpse beside =
        new Activity.Glimpse("merges", one.now().minusSeconds(4), one.now(), List.of());

    String drawn =
        drawn(
            new Sight(
                state,
                one.budget(),
                List.of(),
                one.glimpse(),
                Map.of(second, beside),
                one.course(),
                KEYS,
                one.now(),
                one.zone()),
            80,
            24);

    assertThat(drawn)
        .contains("> T1", "> T2", "\nT1  post-hook tests  0:35\nT2  merges  0:04\n")
        .contains("pausing after the tasks under way");
  }

  @Test
  void a_wait_counts_down_and_names_the_key_that_ends_it() {
    RunState state = state(2, 0);
    Instant due = state.at().plusSeconds(42 + 125);
    Course waiting = new Course(false, false, false, Optional.empty(), Optional.of(due));

    assertThat(drawn(sight(state, waiting, KEYS), 80, 24))
        .contains("T1  waits, and tries again in 2:05", "r retry now   p pause");
  }

  @Test
  void what_was_wished_for_is_shown_until_it_comes() {
    RunState state = state(2, 0);
    TaskId t1 = new TaskId("T1");

    assertThat(
            drawn(
                sight(
                    state, new Course(false, true, false, Optional.of(t1), Optional.empty()), KEYS),
                80,
                24))
        .contains("skipping T1   pausing after T1   p do not");
    assertThat(
            drawn(
                sight(
                    state,
                    new Course(true, false, false, Optional.empty(), Optional.empty()),
                    KEYS),
                80,
                24))
        .contains("stopping: everything is kept   q at once");
    assertThat(
            drawn(
                sight(
                    state(2, 1),
                    new Course(false, true, true, Optional.empty(), Optional.empty()),
                    KEYS),
                80,
                24))
        .contains("p go on   q stop");
  }

  @Test
  void a_provider_that_is_out_of_reach_is_named() {
    RunState before = state(2, 0);
    RunState state =
        before.after(
            new Recorded(
                before.seq() + 1,
                before.at(),
                new RunEvent.LimitReached(
                    new TaskId("T1"), "claude", "used up", Instant.parse("2026-11-21T12:30:00Z"))));

    assertThat(drawn(sight(state, Course.STRAIGHT, KEYS), 80, 24))
        .contains("claude is out of reach until 12:30");
  }

  @Test
  void what_may_be_spent_stands_at_the_foot() {
    RunState state = state(2, 0);
    Budget.Caps caps =
        new Budget.Caps(
            Optional.of(20_000_000L), Optional.of(5_000_000L), Optional.empty(), Optional.of(40));
    Sight sight = sight(state, Course.STRAIGHT, KEYS);
    Sight bounded =
        new Sight(state, caps, sight.glimpse(), sight.course(), KEYS, sight.now(), sight.zone());

    assertThat(drawn(bounded, 80, 24))
        .contains("budget: ", "of $20.00, ", " of 5000.0k tokens, ", "of 40 calls");
    assertThat(drawn(sight, 80, 24)).doesNotContain("budget");
  }

  @Test
  void wide_characters_take_two_columns_and_nothing_in_a_title_steers() {
    RunState state = RunState.empty(new RunId("20261121-100000-test"));
    String title = "日本語の説明 \u001B[2J\ntwo lines ".repeat(4);
    state =
        state.after(
            new Recorded(
                1,
                START,
                new RunEvent.RunStarted(
                    "tasks.yml",
                    List.of(new Planned(new TaskId("T1"), title, "", Optional.empty())),
                    "claude",
                    "",
                    "test")));

    assertThat(new Picture(false).lines(sight(state, Course.STRAIGHT, KEYS), 80, 24))
        .allSatisfy(line -> assertThat(line.columnLength()).isLessThan(80))
        .allSatisfy(line -> assertThat(line.toString()).doesNotContain("\u001B", "\n"));
  }
}
