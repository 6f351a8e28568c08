package dev.agentrunner.engine;

import dev.agentrunner.core.run.Evidence;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.GitStep;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TaskCheckpoints;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.Repositories;
import dev.agentrunner.port.Repositories.Lookup;
import dev.agentrunner.port.Repository;
import dev.agentrunner.port.Repository.Answer;
import dev.agentrunner.port.Repository.Committing;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.Optional;

/** Brings what tasks did into git: the branch, the commit, the push. */
public final class Deliveries {

  private final Surroundings around;
  private final Plan plan;
  private final Journal journal;

  Deliveries(Surroundings around, Plan plan, Journal journal) {
    this.around = around;
    this.plan = plan;
    this.journal = journal;
  }

  /**
   * Finds out before anything is started whether tasks that are to be committed can be.
   *
   * @throws UsageException if one has no repository, or nobody is named as the author
   */
  public static void check(Surroundings around, Plan plan) {
    GitSettings settings = plan.settings().git();
    for (Task task : plan.tasks().values()) {
      boolean committed = task.delivery().commitAfter() != CommitAfter.OFF;
      if (task.delivery().proposed() || (!committed && settings.branch().isEmpty())) {
        continue;
      }
      Repository repository = repository(around, task);
      if (settings.author().isEmpty() && repository.identity().isEmpty()) {
        throw new UsageException(
            "task %s is to be committed, and nobody is named as the author: set git.author, or git config --global user.name and user.email"
                .formatted(task.id()));
      }
    }
  }

  private static Repository repository(Surroundings around, Task task) {
    return switch (around.repositories().at(around.workspaces().folder(task))) {
      case Lookup.Found(Repository repository) -> repository;
      case Lookup.None(String reason) ->
          throw new UsageException(
              "task %s is to go into git: %s; make a repository with git init, or set git.commit to off"
                  .formatted(task.id(), reason));
    };
  }

  private Optional<String> branch(Task task) {
    return task.delivery().proposed()
        ? Optional.empty() // The copy has a repository of its own, without the user's branches.
        : plan.settings().git().branch(journal.state().run().value(), task.id());
  }

  /** Sees to it that {@code task} is done on its branch, if it has one. */
  void enter(Task task) {
    Optional<String> branch = branch(task);
    if (branch.isPresent()
        && repository(around, task).enter(branch.get()) instanceof Answer.Refused(String reason)) {
      throw new UsageException(
          "task %s: git.branch: %s; name another".formatted(task.id(), reason));
    }
  }

  void commit(Step.Commit step) {
    Task task = plan.task(step.task());
    journal.write();
    List<FileChange> changes =
        merged(step.task())
            .orElseGet(() -> histories().changes(step.task()).all(around.checkpoints()));
    journal.note(new RunEvent.GitCommitting(step.task(), step.attempt(), changes));
    journal.write();
    CommitMessage message =
        CommitMessage.of(journal.state().run(), task, step.attempt(), step.failure(), passed(step));
    switch (commit(task, message, changes)) {
      case Committing.Made(String commit, String branch) ->
          journal.note(new RunEvent.GitCommitted(step.task(), step.attempt(), commit, branch));
      case Committing.Left(String reason) ->
          journal.note(
              new RunEvent.GitDeclined(step.task(), step.attempt(), GitStep.COMMIT, reason));
    }
  }

  /** Empty for a task that worked in the folder itself. */
  private Optional<List<FileChange>> merged(TaskId id) {
    TaskState task = journal.state().tasks().task(id);
    TaskCheckpoints kept = task.checkpoints();
    return task.worktree().isPresent() && kept.first().isPresent() && kept.after().isPresent()
        ? Optional.of(
            TaskChanges.between(kept.first().get(), kept.after().get(), around.checkpoints()))
        : Optional.empty();
  }

  private TaskHistories histories() {
    return journal.histories(plan.settings());
  }

  private List<HookId> passed(Step.Commit step) {
    return histories().ran(journal.state().tasks().task(step.task())).stream()
        .filter(ran -> ran.result().passed())
        .map(Evidence.Ran::hook)
        .toList();
  }

  private Committing commit(Task task, CommitMessage message, List<FileChange> changes) {
    if (changes.isEmpty()) {
      return new Committing.Left("the task changed no file");
    }
    return repository(around, task)
        .commit(
            new Repository.Order(
                message.text(),
                message.trailers(),
                plan.settings().git().author(),
                branch(task),
                changes));
  }

  void push(Step.Push step) {
    Repository repository = repository(around, plan.task(step.task()));
    Optional<String> remote = repository.remoteOf(step.branch());
    if (remote.isEmpty()) {
      journal.note(
          new RunEvent.GitDeclined(
              step.task(),
              step.attempt(),
              GitStep.PUSH,
              "no remote is configured for " + step.branch()));
      return;
    }
    journal.note(new RunEvent.GitPushing(step.task(), step.attempt(), remote.get(), step.branch()));
    journal.write();
    journal.note(
        switch (repository.push(remote.get(), step.branch())) {
          case Answer.Done done ->
              new RunEvent.GitPushed(step.task(), step.attempt(), remote.get(), step.branch());
          case Answer.Refused(String reason) ->
              new RunEvent.GitDeclined(step.task(), step.attempt(), GitStep.PUSH, reason);
        });
  }

  /** The agent's own way to git, for one call. */
  GitTools tools(Step.CallTool step) {
    Task task = plan.task(step.task());
    Repositories repositories = around.repositories();
    return new GitTools(
        plan.settings().git(),
        () -> repositories.at(around.workspaces().folder(task)),
        (repository, message) -> {
          journal.write();
          List<FileChange> changes = histories().changes(step.task()).edited();
          return changes.isEmpty()
              ? new Committing.Left("your edits changed no file since the last commit")
              : repository.commit(
                  new Repository.Order(
                      message,
                      List.of(
                          "Agent-Runner-Run: " + journal.state().run(),
                          "Agent-Runner-Task: " + task.id(),
                          "Agent-Runner-Call: %d.%s".formatted(step.attempt(), step.call().id())),
                      plan.settings().git().author(),
                      branch(task),
                      changes));
        },
        step.begun().isPresent());
  }
}
