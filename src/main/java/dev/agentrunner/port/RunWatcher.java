package dev.agentrunner.port;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;

/**
 * Sees a run as it happens: what stands in the log, and what is too fleeting for it. Told on the
 * thread that runs the run or one that reads from outside, so it must be quick and safe for use by
 * many threads.
 */
public interface RunWatcher {

  /** {@code recorded} stands in the log, durably, and {@code state} includes it. */
  default void recorded(Recorded recorded, RunState state) {}

  /** The model said a little more. */
  default void modelText(CallId call, String delta) {}

  /** The model thought a little further. */
  default void modelThinking(CallId call, String delta) {}

  /** The model begins to call a tool. */
  default void modelCalls(CallId call, String tool) {}

  /** Nothing has come from the model for so long. */
  default void modelSilent(CallId call, Duration since) {}

  /** A hook printed something; raw bytes, in chunks that end anywhere. */
  default void hookOutput(TaskId task, HookId hook, byte[] chunk) {}
}
