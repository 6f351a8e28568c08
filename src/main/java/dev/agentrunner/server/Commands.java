package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.RunStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What people want of runs that go on. It is kept before they are told so. */
final class Commands implements Resource {

  private static final int TEXT_MAX = 100_000;
  private static final Set<String> CHOICES = Set.of("retry", "skip", "abort", "answer");

  private final RunStore store;
  private final Feed feed;
  private final Wake wake;

  Commands(RunStore store, Feed feed, Wake wake) {
    this.store = store;
    this.feed = feed;
    this.wake = wake;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/runs/{id}/cancel", Scope.WRITE, this::cancel).knowing("wait"),
        Route.post("/runs/{id}/pause", Scope.WRITE, this::pause),
        Route.post("/runs/{id}/resume", Scope.WRITE, this::resume),
        Route.post("/runs/{id}/decision", Scope.WRITE, this::decide),
        Route.post("/runs/{id}/messages", Scope.WRITE, this::tell).creating());
  }

  private Answer cancel(Call call) {
    RunRecord run = Runs.run(store, call);
    Duration wait = Duration.ofSeconds(call.number("wait", 0, 0, Limits.WAIT_MAX.toSeconds()));
    Sent sent = call.sent();
    String reason = sent.text("reason", 1_000).orElse("canceled by " + call.caller().name());
    String mode = sent.text("mode", 20).orElse("graceful");
    if (!Set.of("graceful", "force").contains(mode)) {
      sent.wrong("mode", "must be graceful or force");
    }
    sent.end();
    return switch (command(run.id(), new Wish.Cancel(reason, mode.equals("force")), call)) {
      case RunStore.Kept.Pending _ -> {
        RunRecord now = wait.isZero() ? current(run.id()) : over(run.id(), wait);
        yield Runs.shown(call, now.status().isFinal() ? 200 : 202, now)
            .with("Location", Runs.location(run.id()));
      }
      case RunStore.Kept.Done(RunRecord now) -> Runs.shown(call, 200, now);
      case RunStore.Kept.TooLate(RunRecord now) when now.status() == RunStatus.CANCELED ->
          Runs.shown(call, 200, now);
      case RunStore.Kept.TooLate(RunRecord now) -> throw tooLate(now);
      case RunStore.Kept.Unknown() -> throw Runs.unknown();
    };
  }

  /** The run when it is over, or as it is after that long. */
  private RunRecord over(RunId id, Duration wait) {
    try (Follower follower = feed.follow(id)) {
      long ends = System.nanoTime() + wait.toNanos();
      RunRecord now = current(id);
      while (!now.status().isFinal() && ends - System.nanoTime() > 0 && !follower.dismissed()) {
        follower.next(Duration.ofNanos(ends - System.nanoTime()));
        now = current(id);
      }
      return now;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return current(id);
    }
  }

  private Answer pause(Call call) {
    RunRecord run = Runs.run(store, call);
    call.sent().end();
    if (run.phase() == RunPhase.PAUSED && !isOpen(run, new Wish.Resume())) {
      return Runs.shown(call, 200, run);
    }
    return kept(call, run, new Wish.Pause());
  }

  private Answer resume(Call call) {
    RunRecord run = Runs.run(store, call);
    call.sent().end();
    boolean goesOn =
        switch (run.phase()) {
          case DISPATCHING, EXECUTING -> !isOpen(run, new Wish.Pause());
          case PAUSED, WAITING_FOR_QUOTA, WAITING_FOR_PERSON, CANCELING, OVER -> false;
        };
    if (goesOn) {
      throw new ProblemException(
          Problem.conflict("run-not-paused", "The run does not stand still.")
              .with("current_status", run.status().name())
              .with("current_phase", Shown.lower(run.phase())));
    }
    return kept(call, run, new Wish.Resume());
  }

  private boolean isOpen(RunRecord run, Wish wish) {
    return store.open(run.id()).stream().anyMatch(command -> command.wish().equals(wish));
  }

  private Answer decide(Call call) {
    RunRecord run = Runs.run(store, call);
    Sent sent = call.sent();
    String task =
        sent.required("task", Names.MAX, TaskId::isValid, "must be the id of the task asked about");
    String choice =
        sent.required(
            "choice", 20, CHOICES::contains, "must be one of retry, skip, abort and answer");
    String text = sent.text("text", TEXT_MAX).orElse("");
    if (choice.equals("answer") && text.isBlank()) {
      sent.wrong("text", "is what the agent is told; an answer needs it");
    }
    sent.end();
    if (!run.status().isFinal() && run.phase() != RunPhase.WAITING_FOR_PERSON) {
      throw new ProblemException(
          Problem.conflict("nothing-to-decide", "The run waits for nobody's decision.")
              .with("current_status", run.status().name())
              .with("current_phase", Shown.lower(run.phase())));
    }
    return kept(call, run, new Wish.Decide(task, choice, text));
  }

  private Answer tell(Call call) {
    RunRecord run = Runs.run(store, call);
    Sent sent = call.sent();
    String text = sent.required("text", TEXT_MAX, given -> !given.isBlank(), "must say something");
    Optional<String> task = sent.text("task", Names.MAX);
    if (task.filter(id -> !TaskId.isValid(id)).isPresent()) {
      sent.wrong("task", "must be the id of a task");
    }
    sent.end();
    return kept(call, run, new Wish.Tell(task, text));
  }

  private Answer kept(Call call, RunRecord run, Wish wish) {
    return switch (command(run.id(), wish, call)) {
      case RunStore.Kept.Pending _ ->
          Runs.shown(call, 202, current(run.id())).with("Location", Runs.location(run.id()));
      case RunStore.Kept.Done(RunRecord now) -> Runs.shown(call, 200, now);
      case RunStore.Kept.TooLate(RunRecord now) -> throw tooLate(now);
      case RunStore.Kept.Unknown() -> throw Runs.unknown();
    };
  }

  private RunStore.Kept command(RunId run, Wish wish, Call call) {
    RunStore.Kept kept = store.command(run, wish, call.caller().name());
    if (kept instanceof RunStore.Kept.Pending) {
      wake.commanded(run);
    }
    return kept;
  }

  private RunRecord current(RunId id) {
    return store.run(id).orElseThrow(Runs::unknown);
  }

  private static ProblemException tooLate(RunRecord run) {
    return new ProblemException(
        Problem.conflict("run-over", "The run is over and stays as it is.")
            .with("current_status", run.status().name()));
  }
}
