package dev.agentrunner.adapter.command;

import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.port.ChatModel.Watcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What became known of one run of an agent. Not safe for use by many threads. */
final class Transcript {

  /** What people can still follow. */
  private static final int DEEDS_MAX = 200;

  private static final int TEXT_MAX = 100_000;
  private static final int COMPLAINTS_MAX = 40;
  private static final int COMPLAINT_CHARS_MAX = 1_000;

  private final Watcher watcher;
  private final Dialect.Hearing hearing;
  private final List<Deed> deeds = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final Deque<String> complaints = new ArrayDeque<>();
  private int deedsLeftOut;
  private String session = "";
  private String model = "";
  private Optional<Usage> usage = Optional.empty();
  private Optional<Signal.RateLimited> limit = Optional.empty();
  private Optional<Signal.Failed> failure = Optional.empty();
  private boolean finished;

  private static final class Deed {
    private final String id;
    private final String tool;
    private final String subject;
    private boolean failed;

    Deed(String id, String tool, String subject) {
      this.id = id;
      this.tool = tool;
      this.subject = subject;
    }
  }

  Transcript(Watcher watcher, Dialect.Hearing hearing) {
    this.watcher = watcher;
    this.hearing = hearing;
  }

  void line(String line) {
    List<Signal> signals = hearing.line(line);
    if (signals.isEmpty() && JsonLines.object(line).isEmpty() && !line.isBlank()) {
      // Not in its language: a word of the program's own, such as a crash.
      complaint(line);
    }
    signals.forEach(this::take);
  }

  void complaint(String line) {
    complaints.add(
        line.length() > COMPLAINT_CHARS_MAX ? line.substring(0, COMPLAINT_CHARS_MAX) + "…" : line);
    if (complaints.size() > COMPLAINTS_MAX) {
      complaints.removeFirst();
    }
  }

  private void take(Signal signal) {
    switch (signal) {
      case Signal.Started(String id, String name) -> {
        session = id;
        model = name;
      }
      case Signal.Said said -> say(said);
      case Signal.Thought(String thought) -> watcher.thinking(thought + "\n");
      case Signal.Used used -> use(used);
      case Signal.Returned(String id, boolean failed) ->
          deeds.stream().filter(deed -> deed.id.equals(id)).forEach(deed -> deed.failed |= failed);
      case Signal.Counted(Usage more) ->
          usage = Optional.of(usage.map(sum -> sum.plus(more)).orElse(more));
      case Signal.RateLimited limited -> limit = Optional.of(limited);
      case Signal.Failed failed -> {
        // What came before often says more, and what is final counts.
        if (failed.last() || failure.filter(Signal.Failed::last).isEmpty()) {
          failure = Optional.of(merged(failed));
        }
        finished = false;
      }
      case Signal.Finished(String last) -> {
        finished = true;
        failure = Optional.empty();
        if (!last.isEmpty()) {
          text.setLength(0);
          text.append(bounded(last));
        }
      }
    }
  }

  /** A hint that was given earlier is not lost over a final word without one. */
  private Signal.Failed merged(Signal.Failed now) {
    String hint = now.hint().isEmpty() ? failure.map(Signal.Failed::hint).orElse("") : now.hint();
    return new Signal.Failed(now.message(), hint, now.last());
  }

  private void say(Signal.Said said) {
    watcher.text(said.goesOn() || said.text().endsWith("\n") ? said.text() : said.text() + "\n");
    if (!said.goesOn()) {
      text.setLength(0);
    }
    if (text.length() < TEXT_MAX) {
      text.append(bounded(said.text()));
    }
  }

  private static String bounded(String words) {
    return words.length() > TEXT_MAX ? words.substring(0, TEXT_MAX) + "…" : words;
  }

  private void use(Signal.Used used) {
    boolean known =
        !used.id().isEmpty() && deeds.stream().anyMatch(deed -> deed.id.equals(used.id()));
    if (known) {
      return;
    }
    watcher.call(used.tool());
    if (deeds.size() < DEEDS_MAX) {
      deeds.add(new Deed(used.id(), used.tool(), used.subject()));
    } else {
      deedsLeftOut++;
    }
  }

  void end() {
    hearing.end().forEach(this::take);
  }

  /** Deeds in the order done, then the closing words. */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    deeds.forEach(deed -> parts.add(new Part.Deed(deed.tool, deed.subject, deed.failed)));
    if (deedsLeftOut > 0) {
      parts.add(new Part.Deed("…", deedsLeftOut + " more", false));
    }
    String words = text.toString().strip();
    parts.add(new Part.Text(words.isEmpty() ? "Done, without a closing word." : words));
    return parts;
  }

  /** What was counted; a lower bound of nothing where nothing was. */
  Usage usage() {
    return usage.orElse(new Usage(0, 0, 0, 0, 0, false));
  }

  String session() {
    return session;
  }

  Optional<String> model() {
    return Optional.of(model).filter(name -> !name.isEmpty());
  }

  boolean begun() {
    return !session.isEmpty() || !deeds.isEmpty();
  }

  /** Whether its last word is that it is done. */
  boolean finished() {
    return failure.isEmpty() && (finished || !hearing.tellsItsEnd());
  }

  Optional<Signal.RateLimited> limit() {
    return limit;
  }

  Optional<Signal.Failed> failure() {
    return failure;
  }

  /** The last lines of what it said beside its protocol. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }
}
