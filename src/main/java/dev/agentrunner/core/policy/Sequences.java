package dev.agentrunner.core.policy;

import java.util.function.IntPredicate;

/** Patterns of which some items stand for any number of others. */
final class Sequences {

  private Sequences() {}

  /** Whether an item of the pattern is what stands there. */
  interface Meeting {
    boolean of(int item, int thing);
  }

  /**
   * Whether the whole pattern fits all that is there, in no more than the product of their lengths.
   *
   * @param any whether an item stands for any number of things
   */
  static boolean fit(int items, int things, IntPredicate any, Meeting meeting) {
    int item = 0;
    int thing = 0;
    int star = -1;
    int afterStar = 0;
    while (thing < things) {
      if (item < items && any.test(item)) {
        star = item++;
        afterStar = thing;
      } else if (item < items && meeting.of(item, thing)) {
        item++;
        thing++;
      } else if (star >= 0) {
        item = star + 1;
        thing = ++afterStar;
      } else {
        return false;
      }
    }
    while (item < items && any.test(item)) {
      item++;
    }
    return item == items;
  }
}
