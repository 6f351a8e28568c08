package dev.agentrunner.cli;

import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Consent.Word;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.People;
import dev.agentrunner.port.StopSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** Asks on the terminal, if there is one. */
final class TerminalPeople implements People {

  private static final String NO_MORE = "\u0004";

  private final Screen screen;
  private final InputStream keyboard;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Function<TaskId, String> diffs;
  private boolean reading;

  TerminalPeople(Screen screen, InputStream keyboard) {
    this(screen, keyboard, _ -> "");
  }

  /**
   * @param diffs what a task has changed so far, as a unified diff
   */
  TerminalPeople(Screen screen, InputStream keyboard, Function<TaskId, String> diffs) {
    this.screen = screen;
    this.keyboard = keyboard;
    this.diffs = diffs;
  }

  @Override
  public Optional<Decision> decide(Escalation escalation, StopSignal stop) {
    if (!screen.attended()) {
      return Optional.empty();
    }
    screen
        .err()
        .printf("%n%s %s%n", screen.yellow("Decide:"), Screen.harmless(escalation.summary()));
    String question =
        switch (escalation.cause()) {
          case PRE_HOOK -> "[r]un it again, [s]kip the task, [p]ark it, [a]bort the run? ";
          case QUESTION -> "[s]kip the task, [f]ail it, [p]ark it, [a]bort the run? ";
          case PUSH_IN_DOUBT ->
              "[r]etry the push, [s]kip it and go on, [f]ail the task, [p]ark it, [a]bort the run? ";
          case POST_HOOK, ATTEMPTS_USED_UP, NO_PROGRESS ->
              "[r]etry once more, [s]kip the task, [f]ail it, [p]ark it, [d]iff, [a]bort the run? ";
        };
    try (var _ = stop.onRequest(() -> lines.add(NO_MORE))) {
      read();
      while (true) {
        screen.err().print(question);
        screen.err().flush();
        String line = lines.take();
        if (line.equals(NO_MORE)) {
          return Optional.empty();
        }
        if (line.strip().equalsIgnoreCase("d") || line.strip().equalsIgnoreCase("diff")) {
          showDiff(escalation.task());
          continue;
        }
        Optional<Decision> decision = decision(line.strip().toLowerCase(Locale.ROOT), escalation);
        if (decision.isPresent()) {
          return decision;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private void showDiff(TaskId task) {
    List<String> changes = ColouredDiff.lines(diffs.apply(task), screen);
    changes.forEach(screen.err()::println);
    if (changes.isEmpty()) {
      screen.err().println("It changed no file.");
    }
  }

  @Override
  public Optional<String> tell(Escalation question, StopSignal stop) {
    if (!screen.attended()) {
      return Optional.empty();
    }
    screen
        .err()
        .printf("%n%s %s%n", screen.yellow("The agent asks:"), Screen.harmless(question.summary()));
    try (var _ = stop.onRequest(() -> lines.add(NO_MORE))) {
      read();
      screen.err().print("Answer (nothing to decide later): ");
      screen.err().flush();
      String line = lines.take();
      return line.equals(NO_MORE) || line.isBlank() ? Optional.empty() : Optional.of(line.strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public Optional<Consent> approve(ApprovalRequested request, StopSignal stop) {
    if (!screen.attended()) {
      return Optional.empty();
    }
    screen
        .err()
        .printf(
            "%n%s %s%n%s%n",
            screen.yellow("Approve?"),
            Screen.harmless(request.why()),
            Screen.harmless(request.shown()));
    boolean always = !request.rules().isEmpty();
    if (always) {
      screen
          .err()
          .printf(
              "Always, for this run, would allow: %s%n",
              Screen.harmless(String.join(", ", request.rules())));
    }
    String question =
        "[y]es, [n]o (and why)%s? ".formatted(always ? ", [a]lways for this run" : "");
    try (var _ = stop.onRequest(() -> lines.add(NO_MORE))) {
      read();
      while (true) {
        screen.err().print(question);
        screen.err().flush();
        String line = lines.take();
        if (line.equals(NO_MORE)) {
          return Optional.empty();
        }
        Optional<Consent> consent = consent(line.strip(), always);
        if (consent.isPresent()) {
          return consent;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Whole words only: whoever types something else is asked again. */
  private static Optional<Consent> consent(String line, boolean always) {
    String[] words = line.split("[\\s,:]+", 2);
    String reason = words.length > 1 ? words[1].strip() : "";
    Optional<Consent> consent =
        switch (words[0].toLowerCase(Locale.ROOT)) {
          case "y", "yes" -> Optional.of(new Consent(Word.YES, reason));
          case "a", "always" -> Optional.of(new Consent(Word.ALWAYS, reason));
          case "n", "no" -> Optional.of(new Consent(Word.NO, reason));
          default -> Optional.empty();
        };
    // A yes with an if or a but is none.
    return consent
        .filter(said -> said.word() == Word.NO || reason.isEmpty())
        .filter(said -> said.word() != Word.ALWAYS || always);
  }

  private static Optional<Decision> decision(String word, Escalation escalation) {
    return switch (word) {
      case "r", "run", "retry" -> Optional.of(Decision.RETRY);
      case "s", "skip" -> Optional.of(Decision.SKIP);
      case "p", "park" -> Optional.of(Decision.PARK);
      case "a", "abort" -> Optional.of(Decision.ABORT);
      case "f", "fail" ->
          escalation.cause() == Escalation.Cause.PRE_HOOK
              ? Optional.empty()
              : Optional.of(Decision.FAIL);
      default -> Optional.empty();
    };
  }

  /**
   * A thread of its own: a blocked read cannot be stopped, and a stop must not wait for the next
   * line.
   */
  private void read() {
    if (reading) {
      return;
    }
    reading = true;
    Thread.ofPlatform()
        .daemon()
        .name("keyboard")
        .start(() -> {
          try (var reader =
              new BufferedReader(new InputStreamReader(keyboard, Charset.defaultCharset()))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              lines.add(line);
            }
          } catch (IOException closed) {
            // Nobody is there any more.
          }
          lines.add(NO_MORE);
        });
  }
}
