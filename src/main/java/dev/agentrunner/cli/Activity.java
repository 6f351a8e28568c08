package dev.agentrunner.cli;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.run.HookStage;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.RunWatcher;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a run is doing this very moment, as far as it can be seen. Safe for many threads. */
final class Activity implements RunWatcher {

  /** More than any picture has room for. */
  private static final int LINES_MAX = 20;

  private final InstantSource clock;
  private final Map<TaskId, Doing> tasks = new HashMap<>();
  private Doing last = new Doing();

  /** What is done for one task. */
  private static final class Doing {
    private final Tail tail = new Tail();
    private final Map<String, String> calls = new HashMap<>();
    private String model = "";
    private String turn = "";
    private String what = "";
    private Instant since = Instant.EPOCH;
    private Instant heard = Instant.EPOCH;

    void begin(String something, Instant at) {
      what = something;
      since = at;
      heard = at;
      tail.clear();
    }

    void says(String how, String delta, Instant at) {
      String now = turn + ", " + how;
      if (!what.equals(now)) {
        what = now;
        tail.add("\n");
      }
      tail.add(delta);
      heard = at;
    }

    Glimpse glimpse() {
      return new Glimpse(what, since, heard, tail.lines(LINES_MAX));
    }
  }

  Activity(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * One look at it.
   *
   * @param what it does, in a few words; empty if that is not known
   * @param since when it does so
   * @param heard when the last sign of life came
   * @param tail the last lines that were said or printed
   */
  record Glimpse(String what, Instant since, Instant heard, List<String> tail) {

    static final Glimpse NOTHING = new Glimpse("", Instant.EPOCH, Instant.EPOCH, List.of());

    Glimpse {
      tail = List.copyOf(tail);
    }
  }

  /** At what was begun last. */
  synchronized Glimpse glimpse() {
    return last.glimpse();
  }

  /** At what is done for one of several tasks. */
  synchronized Glimpse glimpse(TaskId task) {
    return of(task).glimpse();
  }

  private Doing of(TaskId task) {
    return tasks.computeIfAbsent(task, _ -> new Doing());
  }

  @Override
  public synchronized void recorded(Recorded recorded, RunState state) {
    switch (recorded.event()) {
      case RunEvent.TaskCompleted _,
          RunEvent.TaskFailed _,
          RunEvent.TaskSkipped _,
          RunEvent.TaskBlocked _ ->
          tasks.remove(((RunEvent.OfTask) recorded.event()).task());
      case RunEvent.OfTask event -> {
        last = of(event.task());
        recorded(last, event, recorded.at());
      }
      case RunEvent.RunPaused _ -> {
        tasks.clear();
        last = new Doing();
        last.begin("", recorded.at());
      }
      default -> {
        // It does not begin anything that takes its time.
      }
    }
  }

  private static void recorded(Doing doing, RunEvent.OfTask event, Instant at) {
    switch (event) {
      case RunEvent.HookStarted e ->
          doing.begin((e.stage() == HookStage.PRE ? "pre-hook " : "post-hook ") + e.hook(), at);
      case RunEvent.AttemptStarted e ->
          doing.model = e.model().isEmpty() ? e.provider() : e.model();
      case RunEvent.ProviderSwitched e ->
          doing.model = e.model().isEmpty() ? e.provider() : e.model();
      case RunEvent.ModelAsked e -> {
        doing.turn = "%s, turn %d".formatted(doing.model, e.turn());
        doing.begin(doing.turn, at);
      }
      case RunEvent.ModelReplied e -> {
        doing.calls.clear();
        e.reply().calls().forEach(call -> doing.calls.put(call.id(), PlainView.call(call)));
      }
      case RunEvent.ToolCalled e -> doing.begin(doing.calls.getOrDefault(e.callId(), e.name()), at);
      case RunEvent.EscalationRaised _, RunEvent.ApprovalRequested _ ->
          doing.begin("waits for a person to answer", at);
      case RunEvent.PersonAnswered _, RunEvent.ApprovalGiven _ -> doing.begin("", at);
      case RunEvent.MergeStarted _ -> doing.begin("merges", at);
      case RunEvent.MergeEnded _ -> doing.begin("", at);
      case RunEvent.GitCommitting e -> doing.begin("commits", at);
      case RunEvent.GitPushing e -> doing.begin("pushes to " + e.remote(), at);
      case RunEvent.HookEnded _, RunEvent.ToolReturned _, RunEvent.EditApplied _ ->
          doing.begin("", at);
      case RunEvent.TaskStarted _, RunEvent.ModelFailed _ -> doing.begin("", at);
      default -> {
        // It does not begin anything that takes its time.
      }
    }
  }

  private synchronized Doing of(CallId call) {
    return of(new TaskId(call.task()));
  }

  @Override
  public synchronized void modelText(CallId call, String delta) {
    of(call).says("writes", delta, clock.instant());
  }

  @Override
  public synchronized void modelThinking(CallId call, String delta) {
    of(call).says("thinks", delta, clock.instant());
  }

  @Override
  public synchronized void modelCalls(CallId call, String tool) {
    Doing doing = of(call);
    doing.what = doing.turn + ", calls " + tool;
    doing.heard = clock.instant();
  }

  /** All there is to see of what a hook has printed, in place of what was known of it. */
  synchronized void printed(TaskId task, String end) {
    Doing doing = of(task);
    doing.tail.clear();
    doing.tail.add(end);
    doing.heard = clock.instant();
  }

  @Override
  public synchronized void hookOutput(TaskId task, HookId hook, byte[] chunk) {
    Doing doing = of(task);
    doing.tail.add(chunk);
    doing.heard = clock.instant();
  }
}
