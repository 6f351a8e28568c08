package dev.agentrunner.bench;

import dev.agentrunner.adapter.files.FileEventLog;
import dev.agentrunner.adapter.files.RunFolders;
import dev.agentrunner.adapter.files.StateFile;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.HookStage;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the log of a run with very many events, and its state, as if it had been run: {@code
 * LongLog EVENTS PROJECT}.
 */
public final class LongLog {

  private static final RunId RUN = new RunId("20261121-100000-long");
  private static final Instant BEGUN = Instant.parse("2026-11-21T10:00:00Z");
  private static final HookId HOOK = new HookId("ok");
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final int EVENTS_PER_TASK = 14;
  private static final int BATCH = 250;

  private final FileEventLog log;
  private final List<Recorded> batch = new ArrayList<>();
  private RunState state = RunState.empty(RUN);

  private LongLog(FileEventLog log) {
    this.log = log;
  }

  /** See above. */
  public static void main(String[] arguments) {
    int tasks = Integer.parseInt(arguments[0]) / EVENTS_PER_TASK;
    var folders = new RunFolders(Path.of(arguments[1]));
    try (var log = new FileEventLog(folders, FileEventLog.Reading.CHECKED)) {
      var longLog = new LongLog(log);
      longLog.write(tasks);
      new StateFile(folders).offer(longLog.state, true);
      System.out.println(longLog.state.seq());
    }
  }

  private void write(int tasks) {
    List<RunEvent.RunStarted.Planned> planned = new ArrayList<>();
    for (int i = 1; i <= tasks; i++) {
      planned.add(
          new RunEvent.RunStarted.Planned(id(i), "Title of task " + i, DIGEST, Optional.empty()));
    }
    add(new RunEvent.RunStarted("tasks.yml", planned, "claude", "claude-test", "bench"));
    for (int i = 1; i <= tasks; i++) {
      task(id(i));
    }
    add(new RunEvent.RunCompleted());
    flush();
  }

  private static TaskId id(int number) {
    return new TaskId("T" + number);
  }

  private void task(TaskId id) {
    add(new RunEvent.TaskStarted(id));
    hook(id, 0, HookStage.PRE);
    add(
        new RunEvent.AttemptStarted(
            id,
            1,
            "claude",
            "claude-test",
            "# %s does something%n%nDo the task now.".formatted(id),
            Optional.empty()));
    var change = new FileChange(id + ".txt", Optional.empty(), Optional.of(DIGEST));
    var write =
        new ToolCall(
            "toolu_1",
            "write_file",
            new ToolCall.Valid(Map.of("path", id + ".txt", "content", "attempt 1\n")));
    ask(id, 1, new Part.Text("I write a file."), new Part.Call(write));
    add(new RunEvent.ToolCalled(id, 1, "toolu_1", "write_file", List.of(change), "Created it."));
    add(
        new RunEvent.EditApplied(
            id, 1, new ToolResult("toolu_1", "write_file", "Created it.", false), List.of(change)));
    var finish =
        new ToolCall("toolu_2", "finish", new ToolCall.Valid(Map.of("summary", "Wrote it.")));
    ask(id, 2, new Part.Call(finish));
    add(new RunEvent.AgentFinished(id, 1, "Wrote it."));
    hook(id, 1, HookStage.POST);
    add(new RunEvent.TaskCompleted(id, true, "Wrote it."));
  }

  private void hook(TaskId id, int attempt, HookStage stage) {
    var passed = new HookResult(new HookResult.Exited(0), "", 0, DIGEST, Duration.ofMillis(3));
    add(new RunEvent.HookStarted(id, attempt, stage, HOOK, "make test"));
    add(new RunEvent.HookEnded(id, attempt, stage, HOOK, passed));
  }

  private void ask(TaskId id, int turn, Part... parts) {
    var usage = new Usage(100, 0, 0, 20, 0, true);
    var reply =
        new Reply("claude-test", List.of(parts), Stop.TOOLS, "tool_use", usage, Optional.empty());
    add(new RunEvent.ModelAsked(id, 1, turn));
    add(new RunEvent.ModelReplied(id, 1, turn, reply));
  }

  private void add(RunEvent event) {
    var recorded = new Recorded(state.seq() + 1, BEGUN.plusMillis(state.seq() * 10), event);
    state = state.after(recorded);
    batch.add(recorded);
    if (batch.size() == BATCH) {
      flush();
    }
  }

  private void flush() {
    log.append(RUN, batch);
    batch.clear();
  }
}
