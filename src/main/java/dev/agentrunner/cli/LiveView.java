package dev.agentrunner.cli;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.Steering.Course;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.StopSignal;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What is going on, on the lowest lines of the terminal, and above it, scrolling away, what {@link
 * PlainView} would have printed. Keys steer the run.
 */
final class LiveView implements View, Dialogue {

  private static final int DIFF_LINES_MAX = 200;

  private final Screen screen;
  private final Summary summary;
  private final InstantSource clock;
  private final Supplier<Tty> terminal;
  private final Activity activity;
  private final PlainView log;
  private final Screen above;
  private final AnswerLine answer = new AnswerLine();
  private final AtomicReference<Optional<RunState>> state = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<Helm>> helm = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<LiveScreen>> live =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<Instant>> held = new AtomicReference<>(Optional.empty());
  private volatile Runnable leave = () -> {};
  private volatile boolean help;
  private volatile LimitsGlance limits = new LimitsGlance(List::of);
  private volatile Budget.Caps budget = Budget.NONE.run();

  /**
   * @param terminal taken when there is something to show, and not before
   */
  LiveView(Screen screen, Summary summary, InstantSource clock, Supplier<Tty> terminal) {
    this.screen = screen;
    this.summary = summary;
    this.clock = clock;
    this.terminal = terminal;
    this.activity = new Activity(clock);
    var lines = new WholeLines(screen.err().charset(), this::print);
    this.above =
        new Screen(
            screen.out(),
            new PrintStream(lines, true, screen.err().charset()),
            screen.ink(),
            screen.attended());
    this.log = new PlainView(above, summary);
  }

  private void print(String line) {
    live.get().ifPresentOrElse(shown -> shown.print(line), () -> screen.err().println(line));
  }

  @Override
  public void helm(Helm given) {
    helm.set(Optional.of(given));
  }

  /** What was recorded before anybody looked on. */
  void caughtUp(Recorded recorded, RunState now) {
    activity.recorded(recorded, now);
  }

  /** The end of what the hook under way has printed so far. */
  void printed(TaskId task, String end) {
    activity.printed(task, end);
  }

  /** Where to look how the user's own quotas stand. */
  void limits(Supplier<List<AccountLimits>> source) {
    limits = new LimitsGlance(source);
  }

  /** Looks on from here, at a run of another process that has come to {@code now}. */
  void join(RunState now, Runnable whenLeft) {
    leave = whenLeft;
    state.set(Optional.of(now));
    open();
  }

  @Override
  public Optional<Dialogue> dialogue() {
    return Optional.of(this);
  }

  @Override
  public void opening(Opening opening) {
    budget = opening.prepared().settings().allowance().budget().run();
    limits(opening.limits());
    log.opening(opening);
    open();
  }

  /** Before the run begins: what cannot be drawn on must not come to light in the middle of it. */
  void open() {
    Tty tty = terminal.get();
    live.set(
        Optional.of(
            new LiveScreen(tty, new Picture(screen.ink()), () -> state.get().map(this::sight))));
    Keys.readTo(tty, this::typed);
  }

  private Sight sight(RunState now) {
    Optional<Helm> given = helm.get();
    Sight.Mode keys = given.isPresent() ? new Sight.Steered(help) : new Sight.Watched();
    return new Sight(
        now,
        budget,
        limits.now(),
        now.tasks()
            .current()
            .map(TaskState::id)
            .map(activity::glimpse)
            .orElseGet(activity::glimpse),
        beside(now),
        given.map(one -> one.steering().course()).orElse(Course.STRAIGHT),
        answer.open().<Sight.Mode>map(asked -> asked).orElse(keys),
        clock.instant(),
        ZoneId.systemDefault());
  }

  /** What is done for all tasks under way but the first. */
  private Map<TaskId, Activity.Glimpse> beside(RunState now) {
    Map<TaskId, Activity.Glimpse> beside = new LinkedHashMap<>();
    now.tasks().underway().stream()
        .skip(1)
        .forEach(task -> beside.put(task.id(), activity.glimpse(task.id())));
    return beside;
  }

  @Override
  public void recorded(Recorded recorded, RunState now) {
    activity.recorded(recorded, now);
    state.set(Optional.of(now));
    log.recorded(recorded, now);
  }

  @Override
  public void modelText(CallId call, String delta) {
    activity.modelText(call, delta);
  }

  @Override
  public void modelThinking(CallId call, String delta) {
    activity.modelThinking(call, delta);
  }

  @Override
  public void modelCalls(CallId call, String tool) {
    activity.modelCalls(call, tool);
  }

  @Override
  public void hookOutput(TaskId task, HookId hook, byte[] chunk) {
    activity.hookOutput(task, hook, chunk);
  }

  @Override
  public void say(String text) {
    text.lines().forEach(this::print);
  }

  @Override
  public Optional<String> ask(String question, StopSignal stop) {
    Optional<String> line = answer.ask(question, stop);
    print(question + Screen.harmless(line.orElse("")));
    return line;
  }

  @Override
  public <T> T lend(Supplier<T> action) {
    return live.get().map(shown -> shown.lend(action)).orElseGet(action);
  }

  /** The countdown is part of the picture; the log says it once. */
  @Override
  public void waiting(Instant due, Instant now) {
    if (!held.getAndSet(Optional.of(due)).equals(Optional.of(due))) {
      print("%-9s%s".formatted("waiting", summary.until(due, now)));
    }
  }

  /** All of it at once: more than one character is a paste, unless one key was hit repeatedly. */
  private void typed(String keys) {
    if (answer.open().isPresent()) {
      answer.type(keys);
    } else if (keys.chars().distinct().count() == 1) {
      keys.chars().forEach(key -> pressed((char) key));
    }
  }

  private void pressed(char key) {
    helm.get()
        .ifPresentOrElse(
            given -> steer(given, key),
            () -> {
              if (key == 'q') {
                leave.run();
              }
            });
  }

  private void steer(Helm given, char key) {
    switch (key) {
      case 'p' -> given.steering().pause();
      case 'r' -> given.steering().hurry();
      // To end what is under way takes time, and the next key may be to end it at once.
      case 's' -> Thread.ofVirtual().start(given.steering()::skip);
      case 'q' -> Thread.ofVirtual().start(given.stop());
      case 'd' -> Thread.ofVirtual().start(() -> showChanges(given));
      case '?', 'h' -> help = !help;
      default -> {
        // No other key means anything.
      }
    }
  }

  private void showChanges(Helm given) {
    Optional<TaskState> task = state.get().flatMap(now -> now.tasks().current());
    if (task.isEmpty()) {
      print("No task is under way.");
      return;
    }
    String name = task.get().id().value();
    try {
      List<String> lines = ColouredDiff.lines(given.changes().apply(task.get()), above);
      print(
          screen.bold(lines.isEmpty() ? name + " has changed nothing so far." : name + " so far:"));
      lines.stream().limit(DIFF_LINES_MAX).forEach(this::print);
      if (lines.size() > DIFF_LINES_MAX) {
        print(
            "... %d more lines; all of them: agent-runner diff %s"
                .formatted(lines.size() - DIFF_LINES_MAX, name));
      }
    } catch (EnvironmentException e) {
      print(Screen.harmless("The changes cannot be shown: " + e.getMessage()));
    }
  }

  @Override
  public void release() {
    live.getAndSet(Optional.empty()).ifPresent(LiveScreen::close);
  }

  @Override
  public void closing(Ending ending) {
    release();
    summary.print(ending);
  }
}
