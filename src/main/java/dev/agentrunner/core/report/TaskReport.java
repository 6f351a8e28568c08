package dev.agentrunner.core.report;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.HookStage;
import dev.agentrunner.core.run.RunEvent.GitCommitted;
import dev.agentrunner.core.run.RunEvent.GitDeclined;
import dev.agentrunner.core.run.RunEvent.GitPushed;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.HookId;
import java.util.List;
import java.util.Optional;

/**
 * What one task came to, so far.
 *
 * @param hooks the last run of each, the latest one last
 * @param attempts in order
 * @param edited files that the agent's tools changed, from the task's folder, sorted
 * @param inDoubt files that were about to be written when the log ends
 * @param git what became of its work in git
 */
public record TaskReport(
    TaskState state,
    List<HookRun> hooks,
    List<Attempt> attempts,
    List<String> edited,
    List<String> inDoubt,
    GitWork git) {

  public TaskReport {
    hooks = List.copyOf(hooks);
    attempts = List.copyOf(attempts);
    edited = List.copyOf(edited);
    inDoubt = List.copyOf(inDoubt);
  }

  /** The last time that a hook was run. */
  public record HookRun(int attempt, HookStage stage, HookId hook, HookResult result) {}

  /**
   * One attempt.
   *
   * @param provider who worked on it last
   * @param failure why it came to nothing; empty if it did not, or is not over
   */
  public record Attempt(int number, String provider, String model, Optional<String> failure) {}

  /**
   * What became of a task's work in git.
   *
   * @param byAgent tools by which the agent itself wrote to a repository or remote, each once
   */
  public record GitWork(
      List<GitCommitted> commits,
      List<GitPushed> pushes,
      List<GitDeclined> declined,
      List<String> byAgent) {

    static final GitWork NONE = new GitWork(List.of(), List.of(), List.of(), List.of());

    public GitWork {
      commits = List.copyOf(commits);
      pushes = List.copyOf(pushes);
      declined = List.copyOf(declined);
      byAgent = List.copyOf(byAgent);
    }
  }

  static TaskReport of(TaskState state) {
    return new TaskReport(state, List.of(), List.of(), List.of(), List.of(), GitWork.NONE);
  }

  /** The hook that was run last, if it did not pass. */
  public Optional<HookRun> lastFailure() {
    return hooks.isEmpty()
        ? Optional.empty()
        : Optional.of(hooks.getLast()).filter(run -> !run.result().passed());
  }
}
