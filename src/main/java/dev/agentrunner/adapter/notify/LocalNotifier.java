package dev.agentrunner.adapter.notify;

import dev.agentrunner.core.report.Notice;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.task.Telling.Notification;
import dev.agentrunner.core.task.Telling.Occasion;
import dev.agentrunner.port.Notifier;
import dev.agentrunner.port.Programs;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells by all the ways that are configured. Each has a thread of its own, so that one that hangs
 * holds up neither the others nor the run, and its notices come in order.
 */
public final class LocalNotifier implements Notifier {

  /** How long one notice may take by one way. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What a stopped way may take to end what it began. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final List<Line> lines = new ArrayList<>();
  private final StopSignal stop = new StopSignal();
  private final Mask mask;
  private final Consumer<String> warnings;
  private final Duration patience;

  /** One way, and what it is used for. */
  private record Line(Set<Occasion> on, Way way, ExecutorService thread) {

    Line(Set<Occasion> on, Way way) {
      this(on, way, Executors.newSingleThreadExecutor(Thread.ofVirtual().factory()));
    }
  }

  /**
   * What ways run in and with.
   *
   * @param folder where commands run
   * @param commands environment that commands get, besides the notice
   * @param environment where addresses and secrets of webhooks are
   */
  public record Ground(
      Programs programs,
      String folder,
      Map<String, String> commands,
      Map<String, String> environment,
      InstantSource clock) {

    public Ground {
      commands = Map.copyOf(commands);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * @param warnings is told what could not be told, for people
   */
  public LocalNotifier(
      List<Notification> notifications, Ground ground, Mask mask, Consumer<String> warnings) {
    this(notifications, ground, mask, warnings, PATIENCE);
  }

  LocalNotifier(
      List<Notification> notifications,
      Ground ground,
      Mask mask,
      Consumer<String> warnings,
      Duration patience) {
    this.mask = mask;
    this.warnings = warnings;
    this.patience = patience;
    for (Notification one : notifications) {
      one.command()
          .map(command ->
              new CommandWay(
                  command, ground.programs(), ground.folder(), ground.commands(), patience))
          .ifPresent(way -> lines.add(new Line(one.on(), way)));
      one.webhook()
          .map(webhook -> new WebhookWay(webhook, ground.environment(), ground.clock(), patience))
          .ifPresent(way -> lines.add(new Line(one.on(), way)));
      if (one.desktop()) {
        lines.add(
            new Line(
                one.on(),
                new DesktopWay(
                    ground.programs(),
                    ground.folder(),
                    ground.commands(),
                    patience,
                    System.getProperty("os.name", ""))));
      }
    }
  }

  @Override
  public void tell(Notice notice) {
    Notice safe = masked(notice);
    lines.stream()
        .filter(line -> line.on().contains(notice.occasion()))
        .forEach(line -> line.thread().execute(() -> tell(safe, line.way())));
  }

  private void tell(Notice notice, Way way) {
    try {
      way.tell(notice, stop).ifPresent(this::warn);
    } catch (RuntimeException e) {
      warn("somebody was not told: " + e);
    }
  }

  private void warn(String what) {
    warnings.accept("Warning: notify: " + mask.text(what));
  }

  private Notice masked(Notice notice) {
    return new Notice(
        notice.occasion(),
        notice.run(),
        notice.seq(),
        notice.at(),
        notice.list(),
        notice.task(),
        mask.text(notice.title()),
        mask.text(notice.message()),
        notice.resumeAt());
  }

  @Override
  public void close() {
    lines.forEach(line -> line.thread().shutdown());
    long deadline = System.nanoTime() + patience.toNanos();
    boolean allTold = lines.stream().allMatch(line -> ended(line, deadline));
    if (!allTold) {
      // What waits is taken first, or it would begin when what is under way ends.
      int left = lines.stream().mapToInt(line -> line.thread().shutdownNow().size()).sum();
      stop.request();
      if (left > 0) {
        warn("%d more could not be told in time".formatted(left));
      }
      long end = System.nanoTime() + GRACE.toNanos();
      lines.forEach(line -> ended(line, end));
    }
  }

  private static boolean ended(Line line, long deadline) {
    try {
      return line.thread()
          .awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
