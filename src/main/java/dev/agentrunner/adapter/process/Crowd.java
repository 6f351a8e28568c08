package dev.agentrunner.adapter.process;

import dev.agentrunner.adapter.process.ProcFiles.Stat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells when a command has started too many processes. The kernel's own limit counts those of a
 * user and does not hold for the superuser. Listing a tree takes long, so that is done only when
 * the whole machine has many more processes than when the command began.
 */
final class Crowd {

  private final long max;
  private final long before = ProcFiles.tasks().orElse(0L);

  Crowd(long max) {
    this.max = max;
  }

  static Crowd unbounded() {
    return new Crowd(Long.MAX_VALUE);
  }

  /**
   * @param root the process that everything began with; where it keeps the others in a box, orphans
   *     are its descendants too, otherwise they are known by its session
   */
  boolean tooLarge(long root) {
    return max < Long.MAX_VALUE
        && ProcFiles.tasks().filter(now -> now - before > max / 2).isPresent()
        && size(root) > max;
  }

  private static int size(long root) {
    List<Stat> others =
        new ArrayList<>(
            ProcFiles.pids().boxed().flatMap(pid -> ProcFiles.stat(pid).stream()).toList());
    Set<Long> members = new HashSet<>(Set.of(root));
    boolean grown = true;
    while (grown) {
      grown =
          others.removeIf(stat ->
              (members.contains(stat.parent()) || stat.session() == root)
                  && members.add(stat.pid()));
    }
    return members.size();
  }

  /** In words, for the log. */
  String verdict() {
    return "ended, as it had more than " + max + " processes";
  }
}
