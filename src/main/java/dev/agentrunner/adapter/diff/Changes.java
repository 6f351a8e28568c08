package dev.agentrunner.adapter.diff;

import com.github.difflib.algorithm.Change;
import com.github.difflib.algorithm.DiffAlgorithmListener;
import com.github.difflib.algorithm.myers.MyersDiff;
import com.github.difflib.patch.DeltaType;
import java.util.Comparator;
import java.util.List;

/** Finds which lines were replaced by which. */
final class Changes {

  /**
   * How many lines may come or go before a file counts as rewritten; time and memory grow with the
   * square of it.
   */
  private static final int STEPS_MAX = 2_000;

  private Changes() {}

  /**
   * The changes, first to last, as few and small as they can be; one large one if they are many.
   */
  static List<Change> between(List<String> before, List<String> after) {
    int start = sameAtStart(before, after);
    int end = sameAtEnd(before.subList(start, before.size()), after.subList(start, after.size()));
    List<String> left = before.subList(start, before.size() - end);
    List<String> right = after.subList(start, after.size() - end);
    try {
      return new MyersDiff<String>()
          .computeDiff(left, right, new Patience()).stream()
              .map(change -> moved(change, start))
              .sorted(Comparator.comparingInt(change -> change.startOriginal))
              .toList();
    } catch (OutOfPatience e) {
      Change all = new Change(DeltaType.CHANGE, 0, left.size(), 0, right.size());
      return List.of(moved(all, start));
    }
  }

  private static Change moved(Change change, int by) {
    return new Change(
        change.deltaType,
        change.startOriginal + by,
        change.endOriginal + by,
        change.startRevised + by,
        change.endRevised + by);
  }

  private static int sameAtStart(List<String> one, List<String> other) {
    int same = 0;
    while (same < one.size() && same < other.size() && one.get(same).equals(other.get(same))) {
      same++;
    }
    return same;
  }

  private static int sameAtEnd(List<String> one, List<String> other) {
    return sameAtStart(one.reversed(), other.reversed());
  }

  /** The only way to stop the library. */
  private static final class Patience implements DiffAlgorithmListener {

    @Override
    public void diffStart() {}

    @Override
    public void diffStep(int step, int stepsAtMost) {
      if (step > STEPS_MAX) {
        throw new OutOfPatience();
      }
    }

    @Override
    public void diffEnd() {}
  }

  private static final class OutOfPatience extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutOfPatience() {
      super("too many changes", null, false, false);
    }
  }
}
