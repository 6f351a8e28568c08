package dev.agentrunner.adapter.openai;

import dev.agentrunner.adapter.http.Liveness;

/**
 * Tells thoughts from words where a server leaves both in one text, the thoughts at its beginning
 * between {@code <think>} and {@code </think>}.
 */
final class ThinkTag {

  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  private final Liveness watcher;
  private final StringBuilder thoughts = new StringBuilder();
  private final StringBuilder words = new StringBuilder();

  /** What may be a part of a tag and waits for more. */
  private final StringBuilder held = new StringBuilder();

  private Place place = Place.START;

  private enum Place {
    START,
    THOUGHTS,
    /** Behind the tag, where blank lines are not yet words. */
    GAP,
    WORDS
  }

  ThinkTag(Liveness watcher) {
    this.watcher = watcher;
  }

  void take(String delta) {
    held.append(delta);
    while (!held.isEmpty() && step()) {}
  }

  /** Whether there is more to do with what is held. */
  private boolean step() {
    return switch (place) {
      case START -> start();
      case THOUGHTS -> within();
      case GAP -> gap();
      case WORDS -> {
        say(held.length());
        yield false;
      }
    };
  }

  private boolean start() {
    String begun = held.toString().stripLeading();
    if (begun.startsWith(OPEN)) {
      held.delete(0, held.indexOf(OPEN) + OPEN.length());
      place = Place.THOUGHTS;
      return true;
    }
    if (OPEN.startsWith(begun)) {
      return false;
    }
    place = Place.WORDS;
    return true;
  }

  private boolean within() {
    int close = held.indexOf(CLOSE);
    if (close >= 0) {
      think(close);
      held.delete(0, CLOSE.length());
      place = Place.GAP;
      return true;
    }
    int kept = CLOSE.length() - 1;
    while (kept > 0
        && (kept > held.length()
            || !held.substring(held.length() - kept).equals(CLOSE.substring(0, kept)))) {
      kept--;
    }
    think(held.length() - kept);
    return false;
  }

  private boolean gap() {
    String rest = held.toString().stripLeading();
    held.setLength(0);
    held.append(rest);
    if (!rest.isEmpty()) {
      place = Place.WORDS;
    }
    return !rest.isEmpty();
  }

  private void think(int length) {
    if (length > 0) {
      String delta = held.substring(0, length);
      thoughts.append(delta);
      watcher.thinking(delta);
      held.delete(0, length);
    }
  }

  private void say(int length) {
    String delta = held.substring(0, length);
    words.append(delta);
    watcher.text(delta);
    held.delete(0, length);
  }

  /** What was thought so far; empty if nothing was. */
  String thoughts() {
    return thoughts.toString();
  }

  /** Takes what was held for what it is, as nothing more is to come. */
  void end() {
    if (place == Place.THOUGHTS) {
      think(held.length());
    } else if (!held.isEmpty()) {
      say(held.length());
    }
  }

  /** What was said so far; empty if nothing was. */
  String words() {
    return words.toString();
  }
}
