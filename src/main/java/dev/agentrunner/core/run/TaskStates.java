package dev.agentrunner.core.run;

import dev.agentrunner.core.task.TaskId;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tasks of a run in their order. Immutable; changing one task shares all but a handful of slots
 * with what was before, so that a run of ten thousand tasks costs no more per event than one of
 * ten.
 */
public final class TaskStates extends AbstractList<TaskState> {

  private static final int CHUNK = 128;

  static final TaskStates NONE = new TaskStates(Map.of(), new TaskState[0][], 0, 0);

  private final Map<TaskId, Integer> positions;
  private final TaskState[][] chunks;
  private final int size;
  private final int open;

  private TaskStates(Map<TaskId, Integer> positions, TaskState[][] chunks, int size, int open) {
    this.positions = positions;
    this.chunks = chunks;
    this.size = size;
    this.open = open;
  }

  /** Of tasks with different ids. */
  public static TaskStates of(List<TaskState> tasks) {
    Map<TaskId, Integer> positions = HashMap.newHashMap(tasks.size());
    TaskState[][] chunks = new TaskState[(tasks.size() + CHUNK - 1) / CHUNK][];
    for (int i = 0; i < tasks.size(); i++) {
      if (i % CHUNK == 0) {
        chunks[i / CHUNK] = new TaskState[Math.min(CHUNK, tasks.size() - i)];
      }
      chunks[i / CHUNK][i % CHUNK] = tasks.get(i);
      positions.put(tasks.get(i).id(), i);
    }
    return new TaskStates(positions, chunks, tasks.size(), firstOpen(chunks, tasks.size(), 0));
  }

  private static int firstOpen(TaskState[][] chunks, int size, int from) {
    int at = from;
    while (at < size && chunks[at / CHUNK][at % CHUNK].status().isFinal()) {
      at++;
    }
    return at;
  }

  @Override
  public TaskState get(int index) {
    return chunks[index / CHUNK][index % CHUNK];
  }

  @Override
  public int size() {
    return size;
  }

  public boolean has(TaskId id) {
    return positions.containsKey(id);
  }

  /** The task of that id; it must be one of the run's. */
  public TaskState task(TaskId id) {
    Integer position = positions.get(id);
    if (position == null) {
      throw new IllegalStateException("the run has no task " + id);
    }
    return get(position);
  }

  /** The first task that is not over yet, by position; {@link #size} if all are. */
  public int firstOpen() {
    return open;
  }

  /** The task that is worked on, or the first of them; empty between two tasks. */
  public Optional<TaskState> current() {
    for (int i = open; i < size; i++) {
      if (isWorkedOn(get(i))) {
        return Optional.of(get(i));
      }
    }
    return Optional.empty();
  }

  /** The tasks that are worked on at once, in their order. */
  public List<TaskState> underway() {
    return subList(open, size).stream().filter(TaskStates::isWorkedOn).toList();
  }

  private static boolean isWorkedOn(TaskState task) {
    return task.status() == TaskStatus.RUNNING && !task.isParked();
  }

  TaskStates with(TaskState changed) {
    Integer position = positions.get(changed.id());
    if (position == null) {
      throw new IllegalStateException("the run has no task " + changed.id());
    }
    TaskState[][] copy = chunks.clone();
    TaskState[] chunk = copy[position / CHUNK].clone();
    chunk[position % CHUNK] = changed;
    copy[position / CHUNK] = chunk;
    return new TaskStates(positions, copy, size, firstOpen(copy, size, Math.min(open, position)));
  }
}
