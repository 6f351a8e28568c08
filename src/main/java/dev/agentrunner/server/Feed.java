package dev.agentrunner.server;

import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.RunStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tells one client a run's events, each once and in order, from where it left off to the run's end.
 * It is told of new ones before it looks at old ones, so none falls in between.
 */
final class Feed {

  private final RunStore store;
  private final History history;
  private final Broadcast broadcast;
  private final Access access;
  private final Limits limits;

  Feed(RunStore store, Broadcast broadcast, Access access, Limits limits) {
    this.store = store;
    this.history = new History(store);
    this.broadcast = broadcast;
    this.access = access;
    this.limits = limits;
  }

  /** A client. */
  interface Client {

    void event(Recorded recorded) throws IOException;

    void fleeting(Frame.Fleeting fleeting) throws IOException;

    /** Something, so that nobody in between takes the connection for dead. */
    void keepalive() throws IOException;

    /** The last it hears, and why. */
    void end(End end, long seq) throws IOException;
  }

  /** Why a client hears no more. */
  enum End {
    /** The run is over. */
    OVER,
    /** It fell behind and is to come back. */
    SLOW_CLIENT,
    /** The key it came with does not open any more. */
    KEY_EXPIRED,
    /** The run was removed. */
    REMOVED,
    /** The server ends; it is to come back. */
    SERVER_ENDS
  }

  /**
   * Refuses a client that has seen more than there is.
   *
   * @throws ProblemException if so
   */
  static void checkSeen(RunRecord run, long since) {
    if (since > run.seq()) {
      throw new ProblemException(
          Problem.of(
                  416,
                  "cursor-ahead",
                  "The cursor is ahead of the log",
                  "The last event of the run is %d.".formatted(run.seq()))
              .with("last_seq", run.seq()));
    }
  }

  /** Takes up following, before anything is read. */
  Follower follow(RunId run) {
    return broadcast.follow(run);
  }

  /**
   * Tells {@code client} everything past {@code since}. Returns when it was told the end.
   *
   * @throws IOException if the client is gone
   */
  void tell(RunId run, long since, Follower follower, Caller caller, Client client)
      throws IOException, InterruptedException {
    var position = new Position(run, since, client);
    Duration patience = limits.keepalive();
    long checkedNanos = System.nanoTime();
    while (true) {
      if (position.catchUp()) {
        return;
      }
      // What was thrown away meanwhile was just read.
      boolean live = !follower.overrun();
      while (live) {
        Optional<Frame> frame = follower.next(patience);
        if (follower.dismissed()) {
          client.end(End.SERVER_ENDS, position.seq);
          return;
        }
        if (follower.overrun()) {
          client.end(End.SLOW_CLIENT, position.seq);
          return;
        }
        if (System.nanoTime() - checkedNanos > patience.toNanos()) {
          checkedNanos = System.nanoTime();
          if (!access.stillOpen(caller)) {
            client.end(End.KEY_EXPIRED, position.seq);
            return;
          }
        }
        switch (frame.orElse(null)) {
          case null -> {
            client.keepalive();
            // The store may know more than this process was told.
            live = false;
          }
          case Frame.Fleeting fleeting -> client.fleeting(fleeting);
          case Frame.Durable(Recorded recorded) -> {
            if (recorded.seq() > position.seq + 1) {
              live = false;
            } else if (position.told(recorded)) {
              return;
            }
          }
        }
      }
    }
  }

  /** How far a client is. */
  private final class Position {

    private final RunId run;
    private final Client client;
    private long seq;

    Position(RunId run, long seq, Client client) {
      this.run = run;
      this.seq = seq;
      this.client = client;
    }

    /** Tells all that the log has; true if the run is over. */
    boolean catchUp() throws IOException {
      List<Recorded> page;
      do {
        page = history.page(run, seq, History.PAGE);
        for (Recorded recorded : page) {
          if (told(recorded)) {
            return true;
          }
        }
      } while (!page.isEmpty());
      Optional<RunRecord> now = store.run(run);
      if (now.isEmpty()) {
        client.end(End.REMOVED, seq);
        return true;
      }
      boolean over = now.get().status().isFinal() && now.get().seq() <= seq;
      if (over) {
        client.end(End.OVER, seq);
      }
      return over;
    }

    /** Tells one event if it is new; true if it was the last. */
    boolean told(Recorded recorded) throws IOException {
      if (recorded.seq() <= seq) {
        return false;
      }
      client.event(recorded);
      seq = recorded.seq();
      boolean over = isEnd(recorded.event());
      if (over) {
        client.end(End.OVER, seq);
      }
      return over;
    }
  }

  static boolean isEnd(RunEvent event) {
    return event instanceof RunEvent.RunCompleted
        || event instanceof RunEvent.RunFailed
        || event instanceof RunEvent.RunCanceled;
  }
}
