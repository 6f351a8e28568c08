package dev.agentrunner.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.EventLog.LostRunException;
import dev.agentrunner.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What holds for every event log. */
public abstract class EventLogContract {

  protected static final RunId RUN = Samples.RUN;
  protected static final RunId OTHER = new RunId("20261122-000000-0000");

  protected final Samples samples = new Samples(11);

  /** A log that has what was appended to the others of the same test. */
  protected abstract EventLog open();

  /** Events at positions 1 to {@code count}. */
  protected List<Recorded> history(int count) {
    return samples.history(count);
  }

  @Test
  void a_run_that_is_not_known_has_no_events() {
    assertThat(read(open(), RUN, 0)).isEmpty();
    assertThat(read(open(), RUN, 5)).isEmpty();
  }

  @Test
  void events_come_back_as_they_were_and_in_order() {
    List<Recorded> history = history(200);
    EventLog log = open();
    int from = 0;
    for (int size = 1; from < history.size(); size++) {
      int to = Math.min(history.size(), from + size);
      log.append(RUN, history.subList(from, to));
      assertThat(read(log, RUN, from)).isEqualTo(history.subList(from, to));
      from = to;
    }

    assertThat(read(log, RUN, 0)).isEqualTo(history);
    assertThat(read(open(), RUN, 0)).isEqualTo(history);
  }

  @Test
  void reading_begins_past_any_position() {
    List<Recorded> history = history(30);
    open().append(RUN, history);

    for (int after = 0; after <= 30; after++) {
      assertThat(read(open(), RUN, after)).isEqualTo(history.subList(after, 30));
    }
    assertThat(read(open(), RUN, 31)).isEmpty();
  }

  @Test
  void a_log_goes_on_where_an_earlier_one_left_off() {
    List<Recorded> history = history(30);

    for (Recorded recorded : history) {
      open().append(RUN, List.of(recorded));
    }

    assertThat(read(open(), RUN, 0)).isEqualTo(history);
  }

  @Test
  void runs_do_not_mix() {
    List<Recorded> one = history(5);
    List<Recorded> other = history(7);
    EventLog log = open();
    log.append(RUN, one.subList(0, 2));
    log.append(OTHER, other);
    log.append(RUN, one.subList(2, 5));

    assertThat(read(log, RUN, 0)).isEqualTo(one);
    assertThat(read(log, OTHER, 0)).isEqualTo(other);
  }

  @Test
  void texts_of_any_length_come_back() {
    List<Recorded> history = new ArrayList<>();
    for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 1_000_000}) {
      String text = "aé\n\"\\\u0000日👩‍🚀".repeat(length).substring(0, length);
      history.add(
          Samples.recorded(history.size() + 1, new RunEvent.TaskFailed(new TaskId("T1"), text)));
    }
    open().append(RUN, history);

    assertThat(read(open(), RUN, 0)).isEqualTo(history);
  }

  @Test
  void what_does_not_follow_is_refused_and_leaves_nothing_behind() {
    List<Recorded> history = history(10);
    EventLog log = open();
    refuses(log, history.subList(1, 2));
    log.append(RUN, history.subList(0, 3));

    refuses(log, history.subList(0, 1));
    refuses(log, history.subList(2, 5));
    refuses(log, history.subList(4, 6));
    refuses(open(), history.subList(4, 6));

    assertThat(read(log, RUN, 0)).isEqualTo(history.subList(0, 3));
    log.append(RUN, history.subList(3, 10));
    assertThat(read(log, RUN, 0)).isEqualTo(history);
  }

  @Test
  void a_writer_that_was_overtaken_has_lost_the_run() {
    List<Recorded> history = history(4);
    EventLog log = open();
    log.append(RUN, history.subList(0, 2));
    open().append(RUN, history.subList(2, 3));

    refuses(log, history.subList(2, 4));

    assertThat(read(open(), RUN, 0)).isEqualTo(history.subList(0, 3));
  }

  @Test
  void of_many_writers_at_once_one_gets_there_first() throws Exception {
    List<Recorded> history = history(40);
    EventLog log = open();
    var won = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            threads.submit(() -> {
              for (Recorded recorded : history) {
                appendIfFirst(log, recorded, won);
              }
            }));
      }
      for (Future<?> one : all) {
        succeeds(one);
      }
    }

    assertThat(won).hasValue(40);
    assertThat(read(open(), RUN, 0)).isEqualTo(history);
  }

  @Test
  void what_the_reader_throws_comes_through() {
    open().append(RUN, history(3));
    var mine = new IllegalStateException("mine");

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            open()
                .read(
                    RUN,
                    0,
                    recorded -> {
                      throw mine;
                    }))
        .isSameAs(mine);
  }

  private static void appendIfFirst(EventLog log, Recorded recorded, AtomicInteger won) {
    try {
      log.append(RUN, List.of(recorded));
      won.incrementAndGet();
    } catch (LostRunException e) {
      // Another thread was faster.
    }
  }

  private static void succeeds(Future<?> work) throws InterruptedException, ExecutionException {
    assertThat(work.get()).isNull();
  }

  protected static List<Recorded> read(EventLog log, RunId run, long after) {
    List<Recorded> events = new ArrayList<>();
    log.read(run, after, events::add);
    return events;
  }

  private static void refuses(EventLog log, List<Recorded> events) {
    assertThatExceptionOfType(LostRunException.class).isThrownBy(() -> log.append(RUN, events));
  }
}
