package dev.agentrunner.testing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Decides what a {@link FakeProvider} does with each request. Used by many threads. */
@FunctionalInterface
public interface Script {

  Reaction to(Asked asked);

  /**
   * Two turns for each attempt at each task: an edit of the file {@code <task>.txt}, which has
   * {@code attempt 0} in it to begin with, and the end.
   */
  static Script ofEdits() {
    return asked ->
        asked.turn() == 1
            ? Reaction.calls(
                "I change %s.txt.".formatted(asked.task()),
                "edit_file",
                Map.of(
                    "path",
                    asked.task() + ".txt",
                    "old_text",
                    "attempt " + (asked.attempt() - 1),
                    "new_text",
                    "attempt " + asked.attempt()))
            : Reaction.finishes("%s: changed a line.".formatted(asked.task()));
  }

  /** The same with a file written anew, so that nothing need be there. */
  static Script ofFiles() {
    return asked ->
        asked.turn() == 1
            ? Reaction.calls(
                "I write %s.txt.".formatted(asked.task()),
                "write_file",
                Map.of(
                    "path",
                    asked.task() + ".txt",
                    "content",
                    "attempt %d\n".formatted(asked.attempt())))
            : Reaction.finishes("%s: wrote a file.".formatted(asked.task()));
  }

  /** The scripts that can be asked for by name. */
  static Map<String, Script> byName() {
    Map<String, Script> named = new TreeMap<>();
    named.put("edits", ofEdits());
    named.put("files", ofFiles());
    named.put("limited", ofFiles().firstAnswering(Reaction.limits(1)));
    named.put("overloaded", ofFiles().firstAnswering(Reaction.overloads()));
    named.put("cut", ofFiles().firstAnswering(new Reaction.Cuts(Reaction.says("I will"), 3)));
    named.put("stalled", asked -> new Reaction.Stalls(Reaction.says("I will"), 3));
    named.put("refused", asked -> Reaction.refusesKey());
    return named;
  }

  /** This script, but the first question about each turn is answered so. */
  default Script firstAnswering(Reaction first) {
    return asked -> asked.time() == 1 ? first : to(asked);
  }

  /**
   * This script, but when that turn is asked for, these come first, one each time it is asked for.
   */
  default Script at(String task, int attempt, int turn, Reaction... reactions) {
    List<Reaction> instead = List.of(reactions);
    return asked ->
        asked.task().equals(task)
                && asked.attempt() == attempt
                && asked.turn() == turn
                && asked.time() <= instead.size()
            ? instead.get(asked.time() - 1)
            : to(asked);
  }
}
