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
  private final Tail tail = new Tail();
  private final Map<String, String> calls = new HashMap<>();
  private String model = "";
  private String turn = "";
  private String what = "";
  private Instant since = Instant.EPOCH;
  private Instant heard = Instant.EPOCH;

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

  synchronized Glimpse glimpse() {
    return new Glimpse(what, since, heard, tail.lines(LINES_MAX));
  }

  @Override
  public synchronized void recorded(Recorded recorded, RunState state) {
    Instant at = recorded.at();
    switch (recorded.event()) {
      case RunEvent.HookStarted e ->
          begin((e.stage() == HookStage.PRE ? "pre-hook " : "post-hook ") + e.hook(), at);
      case RunEvent.AttemptStarted e -> model = e.model().isEmpty() ? e.provider() : e.model();
      case RunEvent.ProviderSwitched e -> model = e.model().isEmpty() ? e.provider() : e.model();
      case RunEvent.ModelAsked e -> {
        turn = "%s, turn %d".formatted(model, e.turn());
        begin(turn, at);
      }
      case RunEvent.ModelReplied e -> {
        calls.clear();
        e.reply().calls().forEach(call -> calls.put(call.id(), PlainView.call(call)));
      }
      case RunEvent.ToolCalled e -> begin(calls.getOrDefault(e.callId(), e.name()), at);
      case RunEvent.EscalationRaised _, RunEvent.ApprovalRequested _ ->
          begin("waits for a person to answer", at);
      case RunEvent.PersonAnswered _, RunEvent.ApprovalGiven _ -> begin("", at);
      case RunEvent.GitCommitting e -> begin("commits", at);
      case RunEvent.GitPushing e -> begin("pushes to " + e.remote(), at);
      case RunEvent.HookEnded _, RunEvent.ToolReturned _, RunEvent.EditApplied _ -> begin("", at);
      case RunEvent.TaskStarted _, RunEvent.RunPaused _, RunEvent.ModelFailed _ -> begin("", at);
      default -> {
        // It does not begin anything that takes its time.
      }
    }
  }

  private void begin(String something, Instant at) {
    what = something;
    since = at;
    heard = at;
    tail.clear();
  }

  @Override
  public synchronized void modelText(CallId call, String delta) {
    says("writes", delta);
  }

  @Override
  public synchronized void modelThinking(CallId call, String delta) {
    says("thinks", delta);
  }

  private void says(String how, String delta) {
    String now = turn + ", " + how;
    if (!what.equals(now)) {
      what = now;
      tail.add("\n");
    }
    tail.add(delta);
    heard = clock.instant();
  }

  @Override
  public synchronized void modelCalls(CallId call, String tool) {
    what = turn + ", calls " + tool;
    heard = clock.instant();
  }

  /** All there is to see of what a hook has printed, in place of what was known of it. */
  synchronized void printed(String end) {
    tail.clear();
    tail.add(end);
    heard = clock.instant();
  }

  @Override
  public synchronized void hookOutput(TaskId task, HookId hook, byte[] chunk) {
    tail.add(chunk);
    heard = clock.instant();
  }
}
