package dev.agentrunner.adapter.process;

import dev.agentrunner.adapter.process.ProcFiles.Stat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Finds the processes of a job in {@code /proc}: those in the session of its root, those that carry
 * its {@link Mark}, and the children of both. So a daemon is found that forked twice, has a session
 * of its own and closed its output.
 *
 * <p>Asking about one process takes some 20 µs, too long to ask all of them after each hook. But
 * numbers are given out in rising order, so soon after the start only higher ones than the root's
 * can belong to it, and those are few.
 */
final class LinuxTree implements ProcessTree {

  /** For so long nobody can start so many processes that the numbers come round a whole turn. */
  private static final Duration NO_WHOLE_TURN = Duration.ofSeconds(1);

  /** On a busy machine strangers come and go all the time. */
  private static final int DOUBTS_MAX = 12;

  private static final Duration BETWEEN_SURVEYS = Duration.ofMillis(1);

  private final long root;
  private final boolean ownSession;
  private final Mark mark;
  private final long startedAt = System.nanoTime();
  private final long rootTicks;

  /** Those that had ended before an earlier survey: whoever they started is listed by now. */
  private final Set<Long> ended = ConcurrentHashMap.newKeySet();

  /**
   * @param root a process that was just started
   * @param ownSession whether it leads a session of its own
   */
  LinuxTree(long root, boolean ownSession, Mark mark) {
    this.root = root;
    this.ownSession = ownSession;
    this.mark = mark;
    this.rootTicks = ProcFiles.stat(root).map(Stat::startTicks).orElse(-1L);
  }

  @Override
  public void look() {
    // What a process is known by stays with it, so the end is early enough.
  }

  @Override
  public List<ProcessHandle> alive() {
    var survey = new Survey();
    for (int doubts = 1; survey.inDoubt() && doubts < DOUBTS_MAX; doubts++) {
      LockSupport.parkNanos(BETWEEN_SURVEYS.toNanos());
      doubts = survey.memberEnded ? 0 : doubts;
      survey = new Survey();
    }
    return survey.handles;
  }

  private long leastPid() {
    boolean early = System.nanoTime() - startedAt < NO_WHOLE_TURN.toNanos();
    boolean rising = early && ProcFiles.lastPid().filter(last -> last >= root).isPresent();
    return rising ? root : 1;
  }

  /** One pass over the processes. */
  private final class Survey {

    private final List<Stat> members = new ArrayList<>();
    private final List<ProcessHandle> handles = new ArrayList<>();

    /** One that ended while it was asked about may have left a child that was not listed yet. */
    private boolean missedOne;

    /** Whether that one was a member: then another is sure to be found, or to have ended too. */
    private boolean memberEnded;

    Survey() {
      List<Stat> others = new ArrayList<>(candidates());
      boolean session = ownSession && sessionIsOurs();
      others.removeIf(
          stat -> ((session && stat.session() == root) || marked(stat)) && members.add(stat));
      boolean grown = !members.isEmpty();
      while (grown) {
        grown = others.removeIf(stat -> hasParentIn(members, stat) && members.add(stat));
      }
      members.forEach(this::bind);
    }

    boolean inDoubt() {
      return missedOne && handles.isEmpty();
    }

    private List<Stat> candidates() {
      long self = ProcessHandle.current().pid();
      long[] listed = ProcFiles.pids().toArray();
      // Asked after the list was made: if the numbers come round later, nobody listed has a new
      // one.
      long least = leastPid();
      List<Stat> candidates = new ArrayList<>();
      LongStream.of(listed)
          .filter(pid -> pid >= least && pid != self)
          .forEach(
              pid -> ProcFiles.stat(pid).ifPresentOrElse(candidates::add, () -> missedOne = true));
      candidates.removeIf(stat -> stat.kernelThread() || stat.startTicks() < rootTicks);
      candidates.removeIf(stat -> !stat.alive() && noteEnded(stat));
      return candidates;
    }

    private boolean noteEnded(Stat stat) {
      if (ended.add(stat.pid())) {
        missedOne = true;
        memberEnded |= ProcFiles.limits(stat.pid()).filter(mark::isIn).isPresent();
      }
      return true;
    }

    /**
     * The number of a session is not given away while anyone is in it; once empty, a stranger may
     * get it.
     */
    private boolean sessionIsOurs() {
      return ProcFiles.stat(root).map(Stat::startTicks).orElse(rootTicks) == rootTicks;
    }

    private boolean marked(Stat stat) {
      Optional<byte[]> limits = ProcFiles.limits(stat.pid()).filter(bytes -> bytes.length > 0);
      if (limits.filter(mark::isIn).isPresent()) {
        return true;
      }
      Optional<byte[]> environ = ProcFiles.environ(stat.pid());
      // For a moment of exec(2) the environment is empty.
      missedOne |= environ.isEmpty() ? !ProcFiles.exists(stat.pid()) : environ.get().length == 0;
      return environ.filter(mark::isIn).isPresent();
    }

    private void bind(Stat member) {
      Optional<ProcessHandle> handle = ProcessHandle.of(member.pid());
      boolean same =
          ProcFiles.stat(member.pid())
              .filter(now -> now.startTicks() == member.startTicks())
              .isPresent();
      // Read after the handle was bound: it is that same process.
      if (same) {
        handle.ifPresent(handles::add);
      } else {
        missedOne = true;
      }
    }
  }

  private static boolean hasParentIn(List<Stat> members, Stat stat) {
    return members.stream().anyMatch(member -> member.pid() == stat.parent());
  }
}
