package dev.agentrunner.adapter.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.report.Notice;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Telling.Notification;
import dev.agentrunner.core.task.Telling.Occasion;
import dev.agentrunner.port.Programs;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class LocalNotifierTest {

  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();

  private LocalNotifier notifier(Programs programs, Duration patience) {
    return new LocalNotifier(
        List.of(
            new Notification(
                EnumSet.of(Occasion.END, Occasion.NEED),
                Optional.of(new Command.Program(List.of("tell"))),
                false,
                Optional.empty())),
        new LocalNotifier.Ground(programs, "/", Map.of(), Map.of(), new SettableClock()),
        Mask.OF_SHAPES,
        warnings::add,
        patience);
  }

  private static Notice notice(Occasion occasion, long seq, String message) {
    return new Notice(
        occasion,
        new RunId("20261121-101500-7f3a"),
        seq,
        Instant.EPOCH,
        "tasks.yml",
        Optional.empty(),
        "title",
        message,
        Optional.empty());
  }

  private Programs.End tell(Programs.Talk talk, Programs.Listener listener, StopSignal stop) {
    told.add(talk.environment().get("AGENT_RUNNER_MESSAGE"));
    return new Programs.Exited(0);
  }

  @Test
  void what_is_wanted_is_told_in_order_and_without_secrets() {
    try (LocalNotifier notifier = notifier(this::tell, Duration.ofSeconds(30))) {
      notifier.tell(notice(Occasion.NEED, 1, "first"));
      notifier.tell(notice(Occasion.LIMIT, 2, "not wanted"));
      notifier.tell(notice(Occasion.END, 3, "ghp_plantedInAFile0123456789abcdefghij01"));
    }

    assertThat(told).containsExactly("first", "[masked github token]");
    assertThat(warnings).isEmpty();
  }

  @Test
  void what_hangs_is_given_up_and_what_waited_behind_it_is_counted() {
    Programs hangs =
        (talk, listener, stop) -> {
          CompletableFuture<Boolean> stopped = new CompletableFuture<>();
          try (StopSignal.Registration _ = stop.onRequest(() -> stopped.complete(true))) {
            stopped.join();
          }
          return new Programs.Interrupted();
        };
    try (LocalNotifier notifier = notifier(hangs, Duration.ofMillis(50))) {
      notifier.tell(notice(Occasion.END, 1, "hangs"));
      notifier.tell(notice(Occasion.END, 2, "waits"));
    }

    assertThat(warnings)
        .containsExactlyInAnyOrder(
            "Warning: notify: the command of notify was not done when the program ended",
            "Warning: notify: 1 more could not be told in time");
  }

  @Test
  void a_way_that_breaks_is_a_warning() {
    Programs broken =
        (talk, listener, stop) -> {
          throw new IllegalStateException("broken");
        };
    try (LocalNotifier notifier = notifier(broken, Duration.ofSeconds(30))) {
      notifier.tell(notice(Occasion.END, 1, "x"));
    }

    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst()).contains("somebody was not told", "broken");
  }
}
