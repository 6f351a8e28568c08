package dev.agentrunner.core.report;

import dev.agentrunner.core.report.TaskReport.Attempt;
import dev.agentrunner.core.report.TaskReport.GitWork;
import dev.agentrunner.core.report.TaskReport.HookRun;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.MergeEnd;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.TaskState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What is remembered of one task while its events go by. */
final class TaskNotes {

  /** Tools of the agent's that leave something in a repository or at a remote. */
  private static final Set<String> GIT_TOOLS =
      Set.of("git_branch", "git_commit", "git_checkout", "git_clone", "git_push");

  private final List<HookRun> hooks = new ArrayList<>();
  private final List<Attempt> attempts = new ArrayList<>();
  private final Set<String> edited = new TreeSet<>();
  private final List<RunEvent.GitCommitted> commits = new ArrayList<>();
  private final List<RunEvent.GitPushed> pushes = new ArrayList<>();
  private final List<RunEvent.GitDeclined> declined = new ArrayList<>();
  private final Set<String> byAgent = new LinkedHashSet<>();
  private List<FileChange> begun = List.of();

  /** Who is being asked. */
  String provider() {
    return attempts.isEmpty() ? "" : attempts.getLast().provider();
  }

  void note(RunEvent.OfTask event) {
    switch (event) {
      case RunEvent.AttemptStarted e ->
          attempts.add(new Attempt(e.attempt(), e.provider(), e.model(), Optional.empty()));
      case RunEvent.ProviderSwitched e -> last(e.provider(), e.model(), Optional.empty());
      case RunEvent.AttemptFailed e ->
          last(provider(), attempts.getLast().model(), Optional.of(e.reason()));
      case RunEvent.MergeEnded e -> {
        if (e.end() == MergeEnd.CONFLICT) {
          last(
              provider(),
              attempts.getLast().model(),
              Optional.of("it does not fit what other tasks did meanwhile"));
        }
      }
      case RunEvent.HookEnded e -> {
        if (!(e.result().end() instanceof HookResult.Interrupted)) {
          hooks.removeIf(run -> run.stage() == e.stage() && run.hook().equals(e.hook()));
          hooks.add(new HookRun(e.attempt(), e.stage(), e.hook(), e.result()));
        }
      }
      case RunEvent.ToolCalled e -> begun = e.changes();
      case RunEvent.EditApplied e -> {
        begun = List.of();
        e.changes().forEach(change -> edited.add(change.path()));
      }
      case RunEvent.EditRefused _ -> begun = List.of();
      case RunEvent.ToolReturned e -> {
        begun = List.of();
        if (GIT_TOOLS.contains(e.result().name()) && !e.result().failed()) {
          byAgent.add(e.result().name());
        }
      }
      case RunEvent.GitCommitted e -> commits.add(e);
      case RunEvent.GitPushed e -> pushes.add(e);
      case RunEvent.GitDeclined e -> declined.add(e);
      default -> {
        // The state has it.
      }
    }
  }

  private void last(String provider, String model, Optional<String> failure) {
    attempts.set(
        attempts.size() - 1, new Attempt(attempts.getLast().number(), provider, model, failure));
  }

  TaskReport report(TaskState state) {
    return new TaskReport(
        state,
        hooks,
        attempts,
        List.copyOf(edited),
        begun.stream().map(FileChange::path).toList(),
        new GitWork(commits, pushes, declined, List.copyOf(byAgent)));
  }
}
