package dev.agentrunner.crash;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.json.StateJson;
import dev.agentrunner.json.UnreadableJsonException;
import dev.agentrunner.testing.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be seen of a run from outside while nothing runs.
 *
 * @param events of the log, whole lines only
 * @param state as the state file has it
 * @param hooks lines that the hooks wrote
 * @param requests that the provider received
 * @param files content by task
 * @param leftOvers files that were being written
 * @param unreadable what is not what it should be: broken lines, a broken state
 */
record Facts(
    List<Recorded> events,
    Optional<RunState> state,
    List<String> hooks,
    List<Asked> requests,
    Map<String, String> files,
    List<Path> leftOvers,
    List<String> unreadable) {

  static Facts of(Ground ground) throws IOException {
    List<String> unreadable = new ArrayList<>();
    List<Recorded> events = new ArrayList<>();
    for (Path log : ground.logs()) {
      List<Recorded> found = events(log, unreadable);
      if (!events.isEmpty() && !found.isEmpty()) {
        unreadable.add("I5: a second run was begun: " + log);
      }
      events.addAll(found);
    }
    Map<String, String> files = new LinkedHashMap<>();
    for (String task : ground.tasks()) {
      files.put(task, Files.readString(ground.file(task)));
    }
    return new Facts(
        events,
        state(ground.home().resolve("state.json"), unreadable),
        ground.hookLines(),
        ground.provider().requests(),
        files,
        ground.leftOvers(),
        unreadable);
  }

  private static List<Recorded> events(Path log, List<String> unreadable) throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    var json = new EventJson(Bodies.INLINE);
    List<Recorded> events = new ArrayList<>();
    String previous = EventJson.NO_LINE;
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] != '\n') {
        continue;
      }
      int number = events.size() + 1;
      try {
        EventJson.Line line = json.read(bytes, from, at - from);
        if (line.recorded().seq() != number) {
          unreadable.add("I2: line %d holds event %d".formatted(number, line.recorded().seq()));
        }
        if (!line.prev().equals(previous)) {
          unreadable.add("I2: line %d does not follow the one before".formatted(number));
        }
        events.add(line.recorded());
      } catch (UnreadableJsonException e) {
        unreadable.add("I2: line %d: %s".formatted(number, e.getMessage()));
      }
      previous = EventJson.digest(bytes, from, at - from);
      from = at + 1;
    }
    return events;
  }

  private static Optional<RunState> state(Path file, List<String> unreadable) throws IOException {
    try {
      return Optional.of(new StateJson(run -> Bodies.INLINE).read(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (UnreadableJsonException e) {
      unreadable.add("I1: state.json: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** What the first so many events add up to. */
  RunState replayed(RunId run, long upTo) {
    RunState replayed = RunState.empty(run);
    for (Recorded recorded : events) {
      if (recorded.seq() <= upTo) {
        replayed = replayed.after(recorded);
      }
    }
    return replayed;
  }
}
