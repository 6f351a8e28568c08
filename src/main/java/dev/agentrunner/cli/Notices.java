package dev.agentrunner.cli;

import dev.agentrunner.core.report.Notice;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.port.Notifier;
import dev.agentrunner.port.RunWatcher;
import java.time.InstantSource;

/** Has people told of what happens in a run. */
final class Notices implements RunWatcher, AutoCloseable {

  private final Notifier notifier;
  private final InstantSource clock;
  private final boolean attended;
  private RunState last;

  /**
   * @param attended whether somebody is asked on the screen
   */
  Notices(Notifier notifier, InstantSource clock, boolean attended, RunId run) {
    this.notifier = notifier;
    this.clock = clock;
    this.attended = attended;
    this.last = RunState.empty(run);
  }

  @Override
  public void recorded(Recorded recorded, RunState state) {
    last = state;
    Notice.of(recorded, state, attended).ifPresent(notifier::tell);
  }

  /** The run ended in a way that its log could not be told. */
  void brokenOff(RuntimeException why) {
    notifier.tell(Notice.brokenOff(last, clock.instant(), String.valueOf(why.getMessage())));
  }

  @Override
  public void close() {
    notifier.close();
  }
}
