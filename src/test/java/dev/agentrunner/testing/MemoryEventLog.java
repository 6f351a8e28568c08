package dev.agentrunner.testing;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EventLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A log that forgets when the test ends. */
public class MemoryEventLog implements EventLog {

  private final Map<RunId, List<Recorded>> runs = new HashMap<>();

  public static MemoryEventLog holding(RunId run, List<Recorded> history) {
    var log = new MemoryEventLog();
    log.runs.put(run, new ArrayList<>(history));
    return log;
  }

  public synchronized List<Recorded> all(RunId run) {
    return List.copyOf(runs.getOrDefault(run, List.of()));
  }

  @Override
  public void read(RunId run, long after, Consumer<Recorded> reader) {
    all(run).stream().filter(recorded -> recorded.seq() > after).forEach(reader);
  }

  @Override
  public synchronized void append(RunId run, List<Recorded> events) {
    List<Recorded> history = runs.computeIfAbsent(run, id -> new ArrayList<>());
    long next = history.size() + 1L;
    for (Recorded recorded : events) {
      if (recorded.seq() != next) {
        throw new LostRunException("expected %d, got %d".formatted(next, recorded.seq()));
      }
      next++;
    }
    history.addAll(events);
  }
}
