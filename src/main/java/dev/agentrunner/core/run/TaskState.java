package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One task of a run.
 *
 * @param attempts begun so far
 * @param granted attempts a person allowed beyond the configured number
 * @param remark the agent's summary, or why it failed, was skipped or is blocked; may be empty
 * @param verified whether post-hooks vouch for a completed task
 * @param stage present while it is running
 * @param session that the next attempt may go on with
 * @param worktree it works in; empty if that is the folder itself
 */
public record TaskState(
    Planned planned,
    TaskStatus status,
    int attempts,
    int granted,
    Usage usage,
    String remark,
    boolean verified,
    Work work,
    TaskCheckpoints checkpoints,
    Lessons lessons,
    Optional<Stage> stage,
    Optional<Session> session,
    Optional<Worktree> worktree) {

  /**
   * What went into it.
   *
   * @param started when it was taken up; empty if it was not
   * @param ended when it was over; empty while it is not
   * @param idle how long the run stood still meanwhile
   * @param calls of models that were answered or failed
   */
  public record Work(Optional<Instant> started, Optional<Instant> ended, Duration idle, int calls) {

    static final Work NONE = new Work(Optional.empty(), Optional.empty(), Duration.ZERO, 0);

    Work idling(Duration more) {
      return new Work(started, ended, idle.plus(more), calls);
    }

    Work called() {
      return new Work(started, ended, idle, calls + 1);
    }
  }

  /** What it has taken so far; nothing before it is taken up. */
  public Budget.Spending spending(Instant now) {
    Duration time =
        work.started()
            .map(at -> Duration.between(at, work.ended().orElse(now)).minus(work.idle()))
            .orElse(Duration.ZERO);
    return new Budget.Spending(usage, work.calls(), time);
  }

  static TaskState planned(Planned planned) {
    boolean done = planned.doneIn().isPresent();
    return new TaskState(
        planned,
        done ? TaskStatus.COMPLETED : TaskStatus.PENDING,
        0,
        0,
        Usage.NONE,
        "",
        done,
        Work.NONE,
        TaskCheckpoints.NONE,
        Lessons.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public TaskId id() {
    return planned.id();
  }

  /** Whether what a person says can be taken note of now: not in the middle of a reply. */
  public boolean canBeTold() {
    return status == TaskStatus.RUNNING
        && !(stage.orElse(null) instanceof Stage.Talking(Conversation talk)
            && !talk.isTurnOfModel());
  }

  /** Whether it is set aside until a person has answered. */
  public boolean isParked() {
    return status == TaskStatus.RUNNING
        && stage.orElse(null) instanceof Stage.Asking asking
        && asking.answer().equals(Optional.of(Decision.PARK));
  }

  TaskState at(Stage next) {
    return new TaskState(
        planned,
        status,
        attempts,
        granted,
        usage,
        remark,
        verified,
        work,
        checkpoints,
        lessons,
        Optional.of(next),
        session,
        worktree);
  }

  TaskState started(Instant at) {
    return new TaskState(
        planned,
        TaskStatus.RUNNING,
        attempts,
        granted,
        usage,
        remark,
        verified,
        new Work(Optional.of(at), Optional.empty(), work.idle(), work.calls()),
        checkpoints,
        lessons,
        Optional.of(new Stage.Preparing(0, Optional.empty(), Optional.empty())),
        session,
        worktree);
  }

  TaskState attempting(int attempt, Stage next) {
    return new TaskState(
        planned,
        status,
        attempt,
        granted,
        usage,
        remark,
        verified,
        work,
        checkpoints,
        lessons,
        Optional.of(next),
        session,
        worktree);
  }

  TaskState kept(TaskCheckpoints now) {
    return new TaskState(
        planned, status, attempts, granted, usage, remark, verified, work, now, lessons, stage,
        session, worktree);
  }

  TaskState learning(Lessons now) {
    return new TaskState(
        planned,
        status,
        attempts,
        granted,
        usage,
        remark,
        verified,
        work,
        checkpoints,
        now,
        stage,
        session,
        worktree);
  }

  TaskState granting(int more) {
    return new TaskState(
        planned,
        status,
        attempts,
        granted + more,
        usage,
        remark,
        verified,
        work,
        checkpoints,
        lessons,
        stage,
        session,
        worktree);
  }

  TaskState remembering(Session whole) {
    return new TaskState(
        planned,
        status,
        attempts,
        granted,
        usage,
        remark,
        verified,
        work,
        checkpoints,
        lessons,
        stage,
        Optional.of(whole),
        worktree);
  }

  TaskState spending(Usage more) {
    return new TaskState(
        planned,
        status,
        attempts,
        granted,
        usage.plus(more),
        remark,
        verified,
        work.called(),
        checkpoints,
        lessons,
        stage,
        session,
        worktree);
  }

  TaskState idling(Duration more) {
    return new TaskState(
        planned,
        status,
        attempts,
        granted,
        usage,
        remark,
        verified,
        work.idling(more),
        checkpoints,
        lessons,
        stage,
        session,
        worktree);
  }

  TaskState over(TaskStatus end, String words, boolean vouched, Instant at) {
    return new TaskState(
        planned,
        end,
        attempts,
        granted,
        usage,
        words,
        vouched,
        new Work(work.started(), Optional.of(at), work.idle(), work.calls()),
        checkpoints,
        lessons,
        Optional.empty(),
        Optional.empty(),
        worktree);
  }

  /** As if it had never been taken up, but for what was spent and how the folder looked. */
  TaskState reopened() {
    return new TaskState(
        new Planned(planned.id(), planned.title(), planned.digest(), Optional.empty()),
        TaskStatus.PENDING,
        attempts,
        attempts,
        usage,
        "",
        false,
        new Work(Optional.empty(), Optional.empty(), work.idle(), work.calls()),
        checkpoints.reopened(),
        Lessons.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  TaskState redefined(Planned now) {
    return new TaskState(
        now,
        status,
        attempts,
        granted,
        usage,
        remark,
        verified,
        work,
        checkpoints,
        lessons,
        stage,
        session,
        worktree);
  }

  TaskState apart(Worktree own) {
    return new TaskState(
        planned,
        status,
        attempts,
        granted,
        usage,
        remark,
        verified,
        work,
        checkpoints,
        lessons,
        stage,
        session,
        Optional.of(own));
  }
}
