package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Session;
import dev.agentrunner.core.run.Evidence;
import dev.agentrunner.core.run.Evidence.Ran;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.GateCheck;
import dev.agentrunner.json.EvidenceJson;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Has the post-hooks of tasks that are done run again, and tells what came of it. */
final class GateReview {

  private static final int LINES_MAX = 12;

  private final Tools tools;
  private final Place place;
  private final Optional<String> named;
  private final List<String> ids;
  private final StatusCommand.Output output;
  private final StopSignal stop = new StopSignal();
  private final Map<TaskId, Evidence> found = new LinkedHashMap<>();
  private boolean failed;

  GateReview(
      Tools tools,
      Place place,
      Optional<String> named,
      List<String> ids,
      StatusCommand.Output output) {
    this.tools = tools;
    this.place = place;
    this.named = named;
    this.ids = ids;
    this.output = output;
  }

  ExitCode call() {
    Workbench workbench = tools.workbench();
    String project = workbench.project(place.directory());
    History history = workbench.history(project);
    RunState state = history.state(StatusCommand.meant(history, named));
    List<TaskState> meant = meant(state);
    Prepared prepared =
        workbench.prepare(
            place.sources(state.started().map(start -> workbench.listFile(project, start.list()))));
    try (Session session = workbench.open(prepared)) {
      Signals signals =
          Signals.heededBy(
              stop,
              code -> {
                session.endProcesses();
                tools.halt().accept(code);
              });
      GateCheck check =
          new GateCheck(
              session.surroundings(
                  state.run(), new TerminalPeople(tools.screen(), tools.keyboard())),
              prepared.settings(),
              stop);
      ProvenRun proven = new ProvenRun(workbench, history, state);
      Map<TaskId, Task> defined = defined(prepared);
      for (TaskState task : meant) {
        review(task, Optional.ofNullable(defined.get(task.id())), proven, check);
        if (stop.requested()) {
          return signals.code();
        }
      }
    }
    tell(state);
    return failed ? ExitCode.FAILED : ExitCode.DONE;
  }

  private List<TaskState> meant(RunState state) {
    for (String id : ids) {
      TaskState task =
          state.tasks().stream()
              .filter(one -> one.id().value().equals(id))
              .findFirst()
              .orElseThrow(() ->
                  new UsageException(
                      "run %s has no task %s; see its tasks with: agent-runner status"
                          .formatted(state.run(), id)));
      if (task.status() != TaskStatus.COMPLETED) {
        throw new UsageException(
            "%s is not done: it is %s; name tasks that are done".formatted(id, Words.status(task)));
      }
    }
    return state.tasks().stream()
        .filter(task -> task.status() == TaskStatus.COMPLETED)
        .filter(task -> ids.isEmpty() || ids.contains(task.id().value()))
        .toList();
  }

  private static Map<TaskId, Task> defined(Prepared prepared) {
    return prepared.list().stream()
        .flatMap(list -> list.tasks().tasks().stream())
        .collect(Collectors.toMap(Task::id, task -> task));
  }

  private void review(TaskState task, Optional<Task> defined, ProvenRun proven, GateCheck check) {
    List<Ran> ran = new ArrayList<>();
    if (defined.isEmpty()) {
      line(task.id(), "the list has no such task any more; not verified");
      failed = true;
    } else {
      for (HookId hook : defined.get().gates().after().stream().filter(check::judges).toList()) {
        Ran one = check.run(hook, defined.get(), proven.done(task).orElse(task), proven.run(task));
        ran.add(one);
        failed |= !one.result().passed() && !check.onlyWarns(hook);
        tell(task.id(), one);
        if (stop.requested()) {
          return;
        }
      }
      if (ran.isEmpty()) {
        line(task.id(), "no post-hook: only the agent says that it is done");
      }
    }
    found.put(task.id(), new Evidence(ran, Optional.empty(), Optional.empty()));
  }

  private void tell(TaskId task, Ran ran) {
    Screen screen = tools.screen();
    boolean passed = ran.result().passed();
    String verdict =
        "%s: %s (%s)"
            .formatted(ran.hook(), ran.result().verdict(), Words.duration(ran.result().took()));
    line(task, passed ? screen.green(verdict) : screen.red(verdict));
    if (!passed && output == StatusCommand.Output.plain) {
      List<String> lines = Screen.harmless(ran.result().output().strip()).lines().toList();
      lines.stream()
          .skip(Math.max(0, lines.size() - LINES_MAX))
          .forEach(text -> screen.out().println(screen.dim("    | " + text)));
    }
  }

  private void line(TaskId task, String text) {
    if (output == StatusCommand.Output.plain) {
      tools.screen().out().println(task + "  " + text);
    }
  }

  private void tell(RunState state) {
    PrintStream out = tools.screen().out();
    if (output == StatusCommand.Output.json) {
      byte[] json = EvidenceJson.verified(new EvidenceJson.Verified(state.run(), found));
      out.write(json, 0, json.length);
      out.println();
    } else {
      out.printf(
          "%s of run %s looked at: %s.%n",
          Words.count(found.size(), "task"),
          state.run(),
          failed ? "not every hook passed" : "every hook passed");
    }
  }
}
