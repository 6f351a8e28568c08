package dev.agentrunner.cli;

import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Consent.Word;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.Ruling;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.People;
import dev.agentrunner.port.StopSignal;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Asks on the terminal, if there is one. */
final class TerminalPeople implements People {

  private final Screen screen;
  private final Dialogue dialogue;
  private final Background background;
  private final PromptEditor editor;

  TerminalPeople(Screen screen, InputStream keyboard) {
    this(screen, new TypedLines(screen.err(), keyboard), Background.NONE, Optional.empty());
  }

  /**
   * @param editor for longer texts, as a shell takes it
   */
  TerminalPeople(Screen screen, Dialogue dialogue, Background background, Optional<String> editor) {
    this.screen = screen;
    this.dialogue = dialogue;
    this.background = background;
    this.editor = new PromptEditor(dialogue, editor);
  }

  @Override
  public Optional<Ruling> decide(Escalation escalation, StopSignal stop) {
    if (!screen.attended()) {
      return Optional.empty();
    }
    dialogue.say(
        "%n%s %s".formatted(screen.yellow("Decide:"), Screen.harmless(escalation.summary())));
    String question =
        switch (escalation.cause()) {
          case PRE_HOOK -> "[r]un it again, [s]kip the task, [p]ark it, [a]bort the run? ";
          case QUESTION -> "[s]kip the task, [f]ail it, [p]ark it, [a]bort the run? ";
          case PUSH_IN_DOUBT ->
              "[r]etry the push, [s]kip it and go on, [f]ail the task, [p]ark it, [a]bort the run? ";
          case POST_HOOK, ATTEMPTS_USED_UP, NO_PROGRESS, MERGE ->
              "[r]etry, [e]dit prompt, [s]kip, [f]ail, [p]ark, [d]iff, [a]bort? ";
        };
    while (true) {
      Optional<String> line = dialogue.ask(question, stop);
      if (line.isEmpty()) {
        return Optional.empty();
      }
      String word = line.get().strip().toLowerCase(Locale.ROOT);
      Optional<Ruling> ruling = ruling(word, escalation, stop);
      if (ruling.isPresent()) {
        return ruling;
      }
    }
  }

  /** Empty if it is none, or not yet. */
  private Optional<Ruling> ruling(String word, Escalation escalation, StopSignal stop) {
    return switch (word) {
      case "d", "diff" -> {
        showDiff(escalation.task());
        yield Optional.empty();
      }
      case "e", "edit" ->
          leadsToAttempt(escalation) ? instructed(escalation, stop) : Optional.empty();
      default -> decision(word, escalation).map(Ruling::of);
    };
  }

  private static boolean leadsToAttempt(Escalation escalation) {
    return switch (escalation.cause()) {
      case POST_HOOK, ATTEMPTS_USED_UP, NO_PROGRESS, MERGE -> true;
      case PRE_HOOK, QUESTION, PUSH_IN_DOUBT -> false;
    };
  }

  private Optional<Ruling> instructed(Escalation escalation, StopSignal stop) {
    TaskId task = escalation.task();
    String material =
        "%s%n%n# What went wrong%n%n%s".formatted(background.brief(task), escalation.summary());
    return editor
        .write(background.advice(task), material, stop)
        .map(advice -> new Ruling(Decision.RETRY, Optional.of(advice)));
  }

  private void showDiff(TaskId task) {
    List<String> changes = ColouredDiff.lines(background.diff(task), screen);
    dialogue.say(changes.isEmpty() ? "It changed no file." : String.join("\n", changes));
  }

  @Override
  public Optional<String> tell(Escalation question, StopSignal stop) {
    if (!screen.attended()) {
      return Optional.empty();
    }
    dialogue.say(
        "%n%s %s".formatted(screen.yellow("The agent asks:"), Screen.harmless(question.summary())));
    return dialogue
        .ask("Answer (nothing to decide later): ", stop)
        .map(String::strip)
        .filter(line -> !line.isEmpty());
  }

  @Override
  public Optional<Consent> approve(ApprovalRequested request, StopSignal stop) {
    if (!screen.attended()) {
      return Optional.empty();
    }
    dialogue.say(
        "%n%s %s%n%s"
            .formatted(
                screen.yellow("Approve?"),
                Screen.harmless(request.why()),
                Screen.harmless(request.shown())));
    boolean always = !request.rules().isEmpty();
    if (always) {
      dialogue.say(
          "Always, for this run, would allow: "
              + Screen.harmless(String.join(", ", request.rules())));
    }
    String question =
        "[y]es, [n]o (and why)%s? ".formatted(always ? ", [a]lways for this run" : "");
    while (true) {
      Optional<String> line = dialogue.ask(question, stop);
      if (line.isEmpty()) {
        return Optional.empty();
      }
      Optional<Consent> consent = consent(line.get().strip(), always);
      if (consent.isPresent()) {
        return consent;
      }
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
}
