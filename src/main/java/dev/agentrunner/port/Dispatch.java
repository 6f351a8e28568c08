package dev.agentrunner.port;

import dev.agentrunner.core.run.RunId;
import java.time.Instant;

/**
 * Sees to it that whoever works hears of the runs that could be worked on. It may offer a run more
 * than once, to several processes, and one that is not to be had: {@link RunStore#claim} decides.
 */
public interface Dispatch extends AutoCloseable {

  /**
   * Begins to offer runs to this process: at once what it is woken for, when it is due what is to
   * wait, and within a second whatever else could be claimed, such as the runs of a worker that
   * died; that one again and again, until somebody has it.
   */
  void start(Handler handler);

  /** Offers a run to this process at once. */
  void wake(RunId run);

  /**
   * Offers a run to one of the processes when it is due; a later call for the same run counts in
   * place of an earlier one. It outlives this process.
   *
   * @throws EnvironmentException if it could not be kept
   */
  void at(RunId run, Instant due);

  @Override
  void close();

  /** Hears of runs, on a thread of the dispatch: be quick. */
  interface Handler {
    void offer(RunId run);
  }
}
