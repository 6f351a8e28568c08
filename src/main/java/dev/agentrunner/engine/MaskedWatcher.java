package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.secret.MaskedStream;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.RunWatcher;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells another watcher the same with secrets masked. What comes in pieces is told a little later:
 * when the word it belongs to is whole. Events are masked before they come here.
 */
final class MaskedWatcher implements RunWatcher {

  private record HookRun(TaskId task, HookId hook) {}

  private final Mask mask;
  private final RunWatcher watcher;
  private final Map<HookRun, MaskedStream> hooks = new HashMap<>();
  private final Map<CallId, MaskedStream> said = new HashMap<>();
  private final Map<CallId, MaskedStream> thought = new HashMap<>();

  MaskedWatcher(Mask mask, RunWatcher watcher) {
    this.mask = mask;
    this.watcher = watcher;
  }

  @Override
  public void recorded(Recorded recorded, RunState state) {
    switch (recorded.event()) {
      case RunEvent.HookEnded e -> endHook(new HookRun(e.task(), e.hook()));
      case RunEvent.ModelReplied e -> endCall(new CallId(e.task().value(), e.attempt(), e.turn()));
      case RunEvent.ModelFailed e -> endCall(new CallId(e.task().value(), e.attempt(), e.turn()));
      default -> {
        // Nothing comes in pieces that ends with it.
      }
    }
    watcher.recorded(recorded, state);
  }

  private synchronized void endHook(HookRun run) {
    Optional.ofNullable(hooks.remove(run))
        .map(MaskedStream::endOfBytes)
        .filter(rest -> rest.length > 0)
        .ifPresent(rest -> watcher.hookOutput(run.task(), run.hook(), rest));
  }

  private synchronized void endCall(CallId call) {
    Optional.ofNullable(thought.remove(call))
        .map(MaskedStream::end)
        .filter(rest -> !rest.isEmpty())
        .ifPresent(rest -> watcher.modelThinking(call, rest));
    Optional.ofNullable(said.remove(call))
        .map(MaskedStream::end)
        .filter(rest -> !rest.isEmpty())
        .ifPresent(rest -> watcher.modelText(call, rest));
  }

  @Override
  public synchronized void hookOutput(TaskId task, HookId hook, byte[] chunk) {
    byte[] shown = hooks.computeIfAbsent(new HookRun(task, hook), run -> mask.stream()).add(chunk);
    if (shown.length > 0) {
      watcher.hookOutput(task, hook, shown);
    }
  }

  @Override
  public synchronized void modelText(CallId call, String delta) {
    String shown = said.computeIfAbsent(call, id -> mask.stream()).add(delta);
    if (!shown.isEmpty()) {
      watcher.modelText(call, shown);
    }
  }

  @Override
  public synchronized void modelThinking(CallId call, String delta) {
    String shown = thought.computeIfAbsent(call, id -> mask.stream()).add(delta);
    if (!shown.isEmpty()) {
      watcher.modelThinking(call, shown);
    }
  }

  @Override
  public void modelCalls(CallId call, String tool) {
    watcher.modelCalls(call, mask.text(tool));
  }

  @Override
  public void modelSilent(CallId call, Duration since) {
    watcher.modelSilent(call, since);
  }
}
