package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.Steering;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.testing.SettableClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LiveViewTest {

  private static final TaskId T1 = new TaskId("T1");

  private final Glass glass = new Glass();
  private final SettableClock clock = new SettableClock();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final StopSignal stop = new StopSignal();
  private final Steering steering = new Steering(stop);
  private final AtomicInteger stops = new AtomicInteger();
  private LiveView view;
  private RunState state = RunState.empty(new RunId("20261121-100000-test"));

  @BeforeEach
  void begin() {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    Screen screen = new Screen(out, out, false, true);
    view = new LiveView(screen, new Summary(screen, clock, ZoneOffset.UTC), clock, () -> glass);
    view.helm(new View.Helm(steering, stops::incrementAndGet, task -> "+changed by " + task.id()));
    view.open();
    record(
        new RunEvent.RunStarted(
            "tasks.yml", List.of(new Planned(T1, "Title", "", Optional.empty())), "p", "m", "v"));
    record(new RunEvent.TaskStarted(T1));
    record(new RunEvent.AttemptStarted(T1, 1, "p", "m-1", "do it", Optional.empty()));
    record(new RunEvent.ModelAsked(T1, 1, 1));
  }

  private void record(RunEvent event) {
    Recorded recorded = new Recorded(state.seq() + 1, clock.instant(), event);
    state = state.after(recorded);
    view.recorded(recorded, state);
  }

  @AfterEach
  void release() {
    view.release();
  }

  @Test
  void what_happens_now_is_below_and_what_happened_above() throws Exception {
    view.modelText(new CallId("T1", 1, 1), "I look at it.\nThen I ");
    view.modelText(new CallId("T1", 1, 1), "mend it.");

    String seen = glass.await(now -> now.contains("mend it."));

    assertThat(seen)
        .containsSubsequence(
            "run      20261121-100000-test",
            "[1/1] T1  Title",
            "-- tasks 1-1 of 1",
            "T1  m-1, turn 1, writes",
            "  | I look at it.",
            "  | Then I mend it.",
            "? help");
  }

  @Test
  void what_is_left_behind_is_the_log_alone() throws Exception {
    glass.await(now -> now.contains("? help"));
    record(new RunEvent.TaskCompleted(T1, true, "done"));
    view.release();

    assertThat(glass.seen())
        .isEqualTo(
            """
            run      20261121-100000-test

            [1/1] T1  Title
              done     verified  1 attempt, 0 tokens, $0.00, 0.0 s
            """);
    assertThat(glass.isClosed()).isTrue();
  }

  @Test
  void nothing_is_written_while_nothing_changes() throws Exception {
    glass.await(now -> now.contains("? help"));
    int before = glass.writes();
    glass.type("?");
    glass.await(now -> now.contains("show or hide this"));

    assertThat(glass.writes()).isEqualTo(before + 1);
  }

  @Test
  void keys_steer() throws Exception {
    glass.type("p");
    glass.await(now -> now.contains("pausing after T1"));
    glass.type("d");
    glass.await(now -> now.contains("T1 so far:\n+changed by T1"));
    glass.type("q");
    while (stops.get() == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void a_pasted_text_is_no_keys() throws Exception {
    glass.type("please stop quickly");
    glass.type("\u001B[A");
    glass.type("?");
    glass.await(now -> now.contains("? help"));

    assertThat(stops).hasValue(0);
    assertThat(steering.course().pausing()).isFalse();
  }

  @Test
  void a_question_takes_a_line_and_keys_mean_nothing_then() throws Exception {
    Thread.ofVirtual()
        .start(() -> {
          try {
            glass.await(now -> now.contains("Retry? _"));
            glass.type("qs\u007F\u007Fno, d");
            glass.await(now -> now.contains("Retry? no, d_"));
            glass.type("ont\r");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    assertThat(view.ask("Retry? ", stop)).contains("no, dont");
    glass.await(now -> now.contains("Retry? no, dont\n"));
    assertThat(stops).hasValue(0);
  }

  @Test
  void a_stop_ends_a_question() throws Exception {
    Thread.ofVirtual()
        .start(() -> {
          try {
            glass.await(now -> now.contains("Retry? _"));
            stop.request();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    assertThat(view.ask("Retry? ", stop)).isEmpty();
  }
}
