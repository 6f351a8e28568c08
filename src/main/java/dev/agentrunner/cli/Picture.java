package dev.agentrunner.cli;

import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.core.limit.QuotaWindow;
import dev.agentrunner.core.run.Closed;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStates;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.Steering.Course;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Draws a run for a terminal of a given size: the tasks around the one under way, what is being
 * done, what it took so far, and the keys. Its height depends on the size and the number of tasks
 * alone, so that nothing jumps:
 *
 * <pre>
 * -- tasks 2-5 of 9 ------------------- status     time  tries   tokens     cost
 *   parse    Read the format            done       2:10      1    12.3k    $0.04
 * > print    Print it again             running    0:41      2    31.0k    $0.11
 *   count    Count the lines            pending
 * print  post-hook tests  0:12
 *   | 14 passed, 2 to go
 * 1 done, 1 running, 7 pending.  43.3k tokens, $0.15.  2 min 51 s.
 * p pause  s skip  q stop  d diff  ? help
 * </pre>
 */
final class Picture {

  private static final int ROWS_MAX = 16;
  private static final int TASKS_MAX = 6;
  private static final int TAIL_MAX = 5;
  private static final int WIDE = 60;
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  private static final List<String> HELP =
      List.of(
          "p  pause after the tasks under way; again: go on",
          "s  skip the task under way, the first if there are several, and go on",
          "r  while it waits: try again now",
          "d  show what that task has changed so far",
          "q  stop, and keep everything for agent-runner resume; again: at once",
          "?  show or hide this");

  private final boolean ink;

  /**
   * @param ink whether there are colours; never one for the background, which may be light or dark
   */
  Picture(boolean ink) {
    this.ink = ink;
  }

  /** Lines that are narrower than {@code columns}, and fewer than {@code rows}. */
  List<AttributedString> lines(Sight sight, int columns, int rows) {
    int width = Math.max(1, columns - 1);
    int height = Math.clamp(Math.min(rows - 1L, Math.max(4, rows * 3L / 5)), 1, ROWS_MAX);
    List<AttributedString> foot = foot(sight);
    List<AttributedString> lines = body(sight, width, height - foot.size());
    if (sight.mode() instanceof Sight.Steered(boolean help) && help) {
      lines = help(lines.size());
    }
    lines.addAll(foot.subList(Math.max(0, foot.size() - height), foot.size()));
    return lines.stream().map(line -> cut(line, width)).toList();
  }

  private static List<AttributedString> help(int rows) {
    List<AttributedString> lines = new ArrayList<>();
    HELP.stream().limit(rows).map(AttributedString::new).forEach(lines::add);
    while (lines.size() < rows) {
      lines.add(AttributedString.EMPTY);
    }
    return lines;
  }

  private List<AttributedString> body(Sight sight, int width, int rows) {
    List<AttributedString> lines = new ArrayList<>();
    if (rows < 1) {
      return lines;
    }
    int table = Math.min(Math.min(TASKS_MAX, sight.state().tasks().size()), rows / 2 - 1);
    if (table > 0) {
      table(sight, table, width, lines);
    }
    lines.add(doing(sight));
    sight.beside().entrySet().stream()
        .limit(Math.max(0, rows - lines.size()))
        .forEach(one -> lines.add(doing(one.getKey(), one.getValue(), sight.now())));
    lines.addAll(tail(sight, Math.min(TAIL_MAX, rows - lines.size()), width));
    return lines;
  }

  private void table(Sight sight, int rows, int width, List<AttributedString> lines) {
    TaskStates tasks = sight.state().tasks();
    int from = Math.clamp(tasks.firstOpen() - rows / 3L, 0, tasks.size() - rows);
    List<TaskState> shown = tasks.subList(from, from + rows);
    int id = shown.stream().mapToInt(task -> task.id().value().length()).max().orElse(0);
    String which = "-- tasks %d-%d of %d ".formatted(from + 1, from + rows, tasks.size());
    String heading =
        width < WIDE
            ? figures("status", "time")
            : figures("status", "time", "tries", "tokens", "cost");
    int rule = Math.max(0, width - which.length() - heading.length() - 1);
    lines.add(styled(which + "-".repeat(rule) + " " + heading, faint()));
    for (TaskState task : shown) {
      lines.add(row(task, Math.min(16, id), width, sight.now()));
    }
  }

  private AttributedString row(TaskState task, int idWidth, int width, Instant now) {
    boolean begun = task.work().started().isPresent();
    String time = begun ? clock(Words.took(task, now)) : "";
    boolean tried = task.attempts() > 0;
    String rest =
        width < WIDE
            ? figures(word(task), time)
            : figures(
                word(task),
                time,
                tried ? String.valueOf(task.attempts()) : "",
                tried ? Words.tokens(task.usage().totalTokens()) : "",
                tried ? Words.moneyInShort(task.usage().cost()) : "");
    boolean current = task.status() == TaskStatus.RUNNING;
    int room = Math.max(0, width - rest.length() - 1);
    AttributedStringBuilder row = new AttributedStringBuilder();
    String title = Screen.harmless(task.planned().title()).replaceAll("[\n\t]", " ");
    String name = "%-" + idWidth + "s  %s";
    row.styled(
        current && ink ? AttributedStyle.BOLD : AttributedStyle.DEFAULT,
        padded((current ? "> " : "  ") + name.formatted(task.id(), title), room));
    row.append(" ");
    int status = Math.min(10, rest.length());
    row.styled(of(task.status()), rest.substring(0, status));
    return row.append(rest.substring(status)).toAttributedString();
  }

  private static String figures(String status, String time) {
    return "%-10s %8s".formatted(status, time);
  }

  private static String figures(
      String status, String time, String tries, String tokens, String cost) {
    return "%-10s %8s %6s %8s %9s".formatted(status, time, tries, tokens, cost);
  }

  private static String word(TaskState task) {
    return task.status() == TaskStatus.COMPLETED && !task.verified()
        ? "unverified"
        : Words.status(task);
  }

  private AttributedString doing(Sight sight) {
    Optional<TaskState> task = sight.state().tasks().current();
    AttributedStringBuilder line = new AttributedStringBuilder();
    task.ifPresent(at -> line.styled(bold(), at.id().value()).append("  "));
    Activity.Glimpse glimpse = sight.glimpse();
    if (sight.course().standing()) {
      return line.styled(colour(AttributedStyle.YELLOW), "paused").toAttributedString();
    }
    Optional<Instant> back = sight.state().pause().flatMap(RunPaused::resumeAt);
    if (back.isPresent()) {
      Duration left = Duration.between(sight.now(), back.get());
      return line.styled(colour(AttributedStyle.YELLOW), "held by a quota")
          .append(", which is back in ")
          .append(clock(left.isNegative() ? Duration.ZERO : left))
          .toAttributedString();
    }
    if (sight.course().due().isPresent()) {
      Duration left = Duration.between(sight.now(), sight.course().due().get());
      return line.append("waits, and tries again in ")
          .append(clock(left.isNegative() ? Duration.ZERO : left))
          .toAttributedString();
    }
    if (glimpse.what().isEmpty()) {
      return line.append(task.isPresent() ? "..." : "").toAttributedString();
    }
    show(glimpse, sight.now(), line);
    return line.toAttributedString();
  }

  /** One of several tasks. */
  private AttributedString doing(TaskId task, Activity.Glimpse glimpse, Instant now) {
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.styled(bold(), task.value()).append("  ");
    if (glimpse.what().isEmpty()) {
      line.append("...");
    } else {
      show(glimpse, now, line);
    }
    return line.toAttributedString();
  }

  private void show(Activity.Glimpse glimpse, Instant now, AttributedStringBuilder line) {
    line.append(Screen.harmless(glimpse.what()).replace('\n', ' ')).append("  ");
    line.append(clock(Duration.between(glimpse.since(), now)));
    Duration silence = Duration.between(glimpse.heard(), now);
    if (silence.compareTo(SILENCE) >= 0) {
      line.append("  ");
      line.styled(colour(AttributedStyle.YELLOW), "nothing heard for " + clock(silence));
    }
  }

  private List<AttributedString> tail(Sight sight, int rows, int width) {
    List<AttributedString> lines = new ArrayList<>();
    for (String line : sight.glimpse().tail()) {
      lines.addAll(wrapped(line, width));
    }
    while (lines.size() < rows) {
      lines.add(AttributedString.EMPTY);
    }
    return lines.subList(lines.size() - rows, lines.size());
  }

  private List<AttributedString> wrapped(String line, int width) {
    int room = Math.max(1, width - 4);
    return new AttributedString(line)
        .columnSplitLength(room).stream().map(piece -> styled("  | " + piece, faint())).toList();
  }

  private List<AttributedString> foot(Sight sight) {
    List<AttributedString> foot = new ArrayList<>();
    RunState state = sight.state();
    state.closed().stream().map(one -> closed(one, sight)).forEach(foot::add);
    foot.add(
        new AttributedString(
            "%s.  %s.  %s."
                .formatted(
                    Words.tally(state),
                    Words.spent(state.usage()),
                    Words.seconds(
                        state
                            .started()
                            .map(start -> Duration.between(start.at(), sight.now()))
                            .orElse(Duration.ZERO)))));
    if (!sight.budget().isUnbounded()) {
      foot.add(
          new AttributedString(
              "budget: " + Words.budget(sight.budget(), state.spending(sight.now()))));
    }
    sight.limits().stream().flatMap(Picture::windows).map(AttributedString::new).forEach(foot::add);
    foot.add(
        switch (sight.mode()) {
          case Sight.Asked(String question, String typed) ->
              new AttributedString(Screen.harmless(question + typed) + "_");
          case Sight.Watched() -> styled("q leave; the run goes on", faint());
          case Sight.Steered _ -> keys(sight);
        });
    return foot;
  }

  /** The two windows of a provider that are nearest to their end, in a line. */
  private static Stream<String> windows(AccountLimits account) {
    String line =
        account.windows().stream()
            .filter(window -> window.used() > 0)
            .sorted(Comparator.comparingDouble(Picture::share).reversed())
            .limit(2)
            .map(
                window -> "%s of %s".formatted(Words.tokens(window.used()), window.quota().shown()))
            .collect(Collectors.joining(", "));
    return line.isEmpty()
        ? Stream.empty()
        : Stream.of("limits: %s %s".formatted(Screen.harmless(account.provider()), line));
  }

  private static double share(QuotaWindow window) {
    return (double) window.used() / window.quota().max();
  }

  private AttributedString closed(Closed provider, Sight sight) {
    String until =
        provider
            .until()
            .map(at -> "until " + TIME.format(at.atZone(sight.zone())))
            .orElse("for this run");
    return styled(
        "%s is out of reach %s".formatted(provider.provider(), until),
        colour(AttributedStyle.YELLOW));
  }

  private AttributedString keys(Sight sight) {
    Course course = sight.course();
    if (course.stopping()) {
      return styled("stopping: everything is kept   q at once", colour(AttributedStyle.YELLOW));
    }
    if (course.standing()) {
      return styled("p go on   q stop   ? help", faint());
    }
    String task =
        sight.state().tasks().current().map(at -> at.id().value()).orElse("the task under way");
    AttributedStringBuilder line = new AttributedStringBuilder();
    if (course.skipping().isPresent()) {
      line.styled(colour(AttributedStyle.YELLOW), "skipping " + task).append("   ");
    }
    if (course.pausing()) {
      String after = sight.beside().isEmpty() ? task : "the tasks under way";
      line.styled(colour(AttributedStyle.YELLOW), "pausing after " + after).append("   ");
    }
    String pause = course.pausing() ? "p do not" : "p pause";
    String retry = course.due().isPresent() ? "r retry now   " : "";
    line.styled(faint(), retry + pause + "   s skip   q stop   d diff   ? help");
    return line.toAttributedString();
  }

  /** Such as {@code 1:02:03}; without fractions, which would never stand still. */
  private static String clock(Duration took) {
    long seconds = Math.max(0, took.toSeconds());
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static String padded(String text, int width) {
    AttributedString whole = new AttributedString(text);
    int length = whole.columnLength();
    if (length > width) {
      int room = Math.max(0, width - 3);
      String cut = whole.columnSubSequence(0, room).toString();
      return cut
          + "...".substring(0, Math.min(3, width))
          + " ".repeat(Math.max(0, room - new AttributedString(cut).columnLength()));
    }
    return text + " ".repeat(width - length);
  }

  private static AttributedString cut(AttributedString line, int width) {
    return line.columnLength() <= width ? line : line.columnSubSequence(0, width);
  }

  private AttributedString styled(String text, AttributedStyle style) {
    return new AttributedString(text, style);
  }

  private AttributedStyle of(TaskStatus status) {
    return switch (status) {
      case COMPLETED -> colour(AttributedStyle.GREEN);
      case FAILED -> colour(AttributedStyle.RED);
      case SKIPPED, BLOCKED -> colour(AttributedStyle.YELLOW);
      case RUNNING -> colour(AttributedStyle.CYAN);
      case PENDING -> AttributedStyle.DEFAULT;
    };
  }

  private AttributedStyle colour(int colour) {
    return ink ? AttributedStyle.DEFAULT.foreground(colour) : AttributedStyle.DEFAULT;
  }

  private AttributedStyle faint() {
    return ink ? AttributedStyle.DEFAULT.faint() : AttributedStyle.DEFAULT;
  }

  private AttributedStyle bold() {
    return ink ? AttributedStyle.BOLD : AttributedStyle.DEFAULT;
  }
}
