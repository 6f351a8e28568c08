package dev.agentrunner.adapter.yaml;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Supplier;

/** Collects what is found while reading goes on; the same fault at the same place only once. */
final class Faults {

  /** So many are enough for one reading. */
  static final int MAX = 1_000;

  private final SequencedSet<Fault> faults = new LinkedHashSet<>();
  private final SequencedSet<Fault> warnings = new LinkedHashSet<>();

  void add(Origin at, String message, String cure) {
    add(new Fault(at, message, cure));
  }

  void add(Fault fault) {
    if (!isFull()) {
      faults.add(fault);
    }
  }

  /** Whether there are so many that looking for more is not worth the time. */
  boolean isFull() {
    return faults.size() >= MAX;
  }

  void warn(Origin at, String message, String cure) {
    warnings.add(new Fault(at, message, cure));
  }

  boolean isEmpty() {
    return faults.isEmpty();
  }

  /** What {@code value} makes if nothing was wrong, even after it was made. */
  <T> Loaded<T> orElse(Supplier<T> value) {
    if (faults.isEmpty()) {
      T made = value.get();
      if (faults.isEmpty()) {
        return new Loaded.Good<>(made, List.copyOf(warnings));
      }
    }
    return refused();
  }

  <T> Loaded<T> refused() {
    return new Loaded.Bad<>(List.copyOf(faults), List.copyOf(warnings));
  }
}
