package dev.agentrunner.engine;

import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.RunLogs;
import dev.agentrunner.port.RunWatcher;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps {@code pre.log}, {@code post.log}, {@code defer.log} and {@code agent.md} of each task: the
 * run as a person would want to read it.
 */
public final class PeopleLogs implements RunWatcher {

  private final RunLogs logs;
  private final Map<TaskId, String> hookLogs = new ConcurrentHashMap<>();

  public PeopleLogs(RunLogs logs) {
    this.logs = logs;
  }

  @Override
  public void hookOutput(TaskId task, HookId hook, byte[] chunk) {
    add(task, hookLog(task), chunk);
  }

  @Override
  public void recorded(Recorded recorded, RunState state) {
    switch (recorded.event()) {
      case RunEvent.HookStarted e -> {
        hookLogs.put(
            e.task(),
            switch (e.stage()) {
              case PRE, BASELINE -> "pre.log";
              case POST -> "post.log";
              case DEFER -> "defer.log";
            });
        say(
            e.task(),
            hookLog(e.task()),
            "=== %s %s (attempt %d) ===%n".formatted(recorded.at(), e.hook(), e.attempt()));
      }
      case RunEvent.HookEnded e ->
          say(
              e.task(),
              hookLog(e.task()),
              "%n=== %s: %s after %d ms ===%n%n"
                  .formatted(e.hook(), e.result().verdict(), e.result().took().toMillis()));
      case RunEvent.AttemptStarted e ->
          say(
              e.task(),
              "agent.md",
              "# Attempt %d, %s %s%n%n%s%n%n"
                  .formatted(e.attempt(), e.provider(), e.model(), e.prompt()));
      case RunEvent.ProviderSwitched e ->
          say(
              e.task(),
              "agent.md",
              "**%s took over from %s: %s**%n%n".formatted(e.provider(), e.from(), e.reason()));
      case RunEvent.ModelReplied e -> say(e.task(), "agent.md", reply(e));
      case RunEvent.ToolReturned e -> tool(e.task(), e.result());
      case RunEvent.EditApplied e -> tool(e.task(), e.result());
      case RunEvent.EditRefused e -> tool(e.task(), e.result());
      case RunEvent.AttemptFailed e ->
          say(e.task(), "agent.md", "**Attempt failed: %s**%n%n".formatted(e.reason()));
      default -> {
        // The rest is for the event log and the screen.
      }
    }
  }

  private String hookLog(TaskId task) {
    return hookLogs.getOrDefault(task, "pre.log");
  }

  private void tool(TaskId task, ToolResult result) {
    String failed = result.failed() ? " failed" : "";
    String line = result.text().lines().dropWhile(Material::isMark).findFirst().orElse("");
    say(task, "agent.md", "> %s%s: %s%n%n".formatted(result.name(), failed, line));
  }

  private static String reply(RunEvent.ModelReplied replied) {
    StringBuilder text = new StringBuilder("## Turn %d%n%n".formatted(replied.turn()));
    for (Part part : replied.reply().parts()) {
      switch (part) {
        case Part.Text(String said) -> text.append(said.strip()).append("\n\n");
        case Part.Thinking(String thought) ->
            text.append("*").append(thought.strip()).append("*\n\n");
        case Part.Call(ToolCall call) -> text.append("`").append(call.name()).append("`\n\n");
        case Part.Deed(String name, String subject, boolean failed) ->
            text.append("`%s` %s%s%n%n".formatted(name, subject, failed ? " (failed)" : ""));
      }
    }
    return text.toString();
  }

  private void say(TaskId task, String name, String text) {
    add(task, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void add(TaskId task, String name, byte[] bytes) {
    try (RunLogs.Log log = logs.open(task, name)) {
      log.add(bytes);
    }
  }
}
