package dev.agentrunner.cli;

import dev.agentrunner.port.StopSignal;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A question and the answer as it is typed, on a terminal that hands over each key. */
final class AnswerLine {

  private static final char BACKSPACE = '\b';
  private static final char DELETE = '\u007F';
  private static final char CLEAR = '\u0015';

  private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
  private final StringBuilder typed = new StringBuilder();
  private String question = "";

  /** The question and what was typed so far; empty if nothing is asked. */
  synchronized Optional<Sight.Asked> open() {
    return question.isEmpty()
        ? Optional.empty()
        : Optional.of(new Sight.Asked(question, typed.toString()));
  }

  /** Returns when the line is ended, or, without an answer, by {@code stop}. */
  Optional<String> ask(String put, StopSignal stop) {
    synchronized (this) {
      answers.clear();
      typed.setLength(0);
      question = put;
    }
    try (var _ = stop.onRequest(() -> answers.add(Optional.empty()))) {
      return answers.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      synchronized (this) {
        question = "";
      }
    }
  }

  synchronized void type(String keys) {
    keys.codePoints().forEach(this::type);
  }

  private void type(int key) {
    switch (key) {
      case '\r', '\n' -> answers.add(Optional.of(typed.toString()));
      case BACKSPACE, DELETE -> {
        if (!typed.isEmpty()) {
          typed.setLength(typed.offsetByCodePoints(typed.length(), -1));
        }
      }
      case CLEAR -> typed.setLength(0);
      default -> {
        if (!Character.isISOControl(key)) {
          typed.appendCodePoint(key);
        }
      }
    }
  }
}
