package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.RunWatcher;
import java.time.Duration;
import java.util.List;

/** Several watchers as one; each is told in turn. */
public record Watchers(List<RunWatcher> all) implements RunWatcher {

  public Watchers {
    all = List.copyOf(all);
  }

  @Override
  public void recorded(Recorded recorded, RunState state) {
    all.forEach(watcher -> watcher.recorded(recorded, state));
  }

  @Override
  public void modelText(CallId call, String delta) {
    all.forEach(watcher -> watcher.modelText(call, delta));
  }

  @Override
  public void modelThinking(CallId call, String delta) {
    all.forEach(watcher -> watcher.modelThinking(call, delta));
  }

  @Override
  public void modelCalls(CallId call, String tool) {
    all.forEach(watcher -> watcher.modelCalls(call, tool));
  }

  @Override
  public void modelSilent(CallId call, Duration since) {
    all.forEach(watcher -> watcher.modelSilent(call, since));
  }

  @Override
  public void hookOutput(TaskId task, HookId hook, byte[] chunk) {
    all.forEach(watcher -> watcher.hookOutput(task, hook, chunk));
  }
}
