package dev.agentrunner.adapter.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Who waits for whom.
 *
 * @param waitsFor for each task the others it waits for, all of which are keys too
 */
record Dependencies(Map<String, List<String>> waitsFor) {

  private static final int CYCLES_MAX = 20;

  /**
   * Cycles that share no task, each from the task written first: the first waits for the second,
   * the last for the first. Empty if and only if there is an order to work in.
   */
  List<List<String>> cycles() {
    Map<String, List<String>> left = new LinkedHashMap<>(waitsFor);
    List<List<String>> cycles = new ArrayList<>();
    while (cycles.size() < CYCLES_MAX) {
      removeThoseThatCanBeDone(left);
      if (left.isEmpty()) {
        return cycles;
      }
      List<String> cycle = cycleIn(left);
      cycles.add(cycle);
      cycle.forEach(left::remove);
    }
    return cycles;
  }

  private static void removeThoseThatCanBeDone(Map<String, List<String>> left) {
    Map<String, Integer> open = new HashMap<>();
    Map<String, List<String>> waiting = new HashMap<>();
    Deque<String> free = new ArrayDeque<>();
    left.forEach((task, others) -> {
      List<String> blocking = others.stream().filter(left::containsKey).toList();
      open.put(task, blocking.size());
      blocking.forEach(o -> waiting.computeIfAbsent(o, _ -> new ArrayList<>()).add(task));
      if (blocking.isEmpty()) {
        free.add(task);
      }
    });
    while (!free.isEmpty()) {
      String done = free.remove();
      left.remove(done);
      for (String task : waiting.getOrDefault(done, List.of())) {
        if (open.merge(task, -1, Integer::sum) == 0) {
          free.add(task);
        }
      }
    }
  }

  /** One cycle; every task left waits for one that is left, so walking on must come round. */
  private static List<String> cycleIn(Map<String, List<String>> left) {
    SequencedSet<String> walked = new LinkedHashSet<>();
    String here = left.keySet().iterator().next();
    while (walked.add(here)) {
      here =
          left.getOrDefault(here, List.of()).stream()
              .filter(left::containsKey)
              .findFirst()
              .orElseThrow();
    }
    List<String> path = List.copyOf(walked);
    List<String> cycle = path.subList(path.indexOf(here), path.size());
    List<String> order = List.copyOf(left.keySet());
    int first = 0;
    Map<String, Integer> position = new HashMap<>();
    order.forEach(task -> position.put(task, position.size()));
    for (int i = 1; i < cycle.size(); i++) {
      if (position.getOrDefault(cycle.get(i), 0) < position.getOrDefault(cycle.get(first), 0)) {
        first = i;
      }
    }
    List<String> turned = new ArrayList<>(cycle.subList(first, cycle.size()));
    turned.addAll(cycle.subList(0, first));
    return turned;
  }
}
