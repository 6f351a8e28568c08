package dev.agentrunner.testing;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.StopSignal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Commands whose outcome the test decides; one it says nothing of passes. */
public final class ScriptedProcesses implements Processes {

  private final Map<String, Function<Job, HookResult>> outcomes = new HashMap<>();
  public final List<Job> jobs = new ArrayList<>();

  /** Whenever that command is run, this is what comes of it. */
  public ScriptedProcesses on(String command, Function<Job, HookResult> outcome) {
    outcomes.put(command, outcome);
    return this;
  }

  public static HookResult exits(int code, String output) {
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    return new HookResult(
        new HookResult.Exited(code),
        output,
        bytes.length,
        MemoryWorkspaces.digest(bytes),
        Duration.ofMillis(7));
  }

  @Override
  public synchronized HookResult run(Job job, Consumer<byte[]> output, StopSignal stop) {
    jobs.add(job);
    HookResult result =
        outcomes.getOrDefault(job.command().shown(), ignored -> exits(0, "ok")).apply(job);
    output.accept(result.output().getBytes(StandardCharsets.UTF_8));
    return result;
  }
}
