package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.run.RunEvent.ApprovalGiven;
import dev.agentrunner.core.run.RunEvent.AttemptFailed;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.GiveUp;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides what comes next in a run; a pure function spelled as an object, so that its parts can be
 * named.
 */
final class NextStep {

  private static final Duration UNKNOWN_WINDOW = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** How long a provider that does not answer is left alone while others do. */
  private static final Duration AWHILE = Duration.ofMinutes(15);

  private final RunState state;
  private final Plan plan;
  private final Instant now;

  NextStep(RunState state, Plan plan, Instant now) {
    this.state = state;
    this.plan = plan;
    this.now = now;
  }

  Step decide() {
    if (state.status() != RunStatus.RUNNING || state.pause().isPresent()) {
      return new Step.End();
    }
    TaskStates tasks = state.tasks();
    if (tasks.firstOpen() == tasks.size()) {
      return Step.Note.of(verdict());
    }
    TaskState task = tasks.get(tasks.firstOpen());
    if (task.status() == TaskStatus.PENDING) {
      FailSafe failSafe = plan.settings().failSafe();
      if (state.failuresInARow() >= failSafe.consecutiveFailuresMax()) {
        return Step.Note.of(
            new RunEvent.RunFailed(
                "the fail-safe stopped the run: %s in a row failed"
                    .formatted(count(state.failuresInARow(), "task"))));
      }
      return takeUp(plan.task(task.id()));
    }
    return goOn(task, plan.task(task.id()));
  }

  private RunEvent verdict() {
    int failed = 0;
    int blocked = 0;
    for (TaskState task : state.tasks()) {
      failed += task.status() == TaskStatus.FAILED ? 1 : 0;
      blocked += task.status() == TaskStatus.BLOCKED ? 1 : 0;
    }
    // A task blocked by one that was left out on purpose is not a failure of the run.
    return failed == 0
        ? new RunEvent.RunCompleted()
        : new RunEvent.RunFailed(
            count(failed, "task") + " failed" + (blocked == 0 ? "" : ", " + blocked + " blocked"));
  }

  private static String count(int n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }

  private Step takeUp(Task task) {
    for (TaskId needed : task.dependsOn()) {
      if (state.tasks().has(needed)
          && state.tasks().task(needed).status() != TaskStatus.COMPLETED) {
        return Step.Note.of(new RunEvent.TaskBlocked(task.id(), needed));
      }
    }
    return Step.Note.of(new RunEvent.TaskStarted(task.id()));
  }

  private Step goOn(TaskState at, Task task) {
    Stage stage =
        at.stage().orElseThrow(() -> new IllegalStateException("running nowhere: " + at.id()));
    return switch (stage) {
      case Stage.Preparing preparing -> prepare(at, task, preparing);
      case Stage.Ready(Optional<Setback> setback) -> attempt(at, task, setback);
      case Stage.Talking(Conversation talk) -> talk(at, task, talk);
      case Stage.Judging judging -> judge(at, task, judging);
      case Stage.Asking(Escalation asked, Optional<Decision> answer, var back) ->
          answer
              .map(decision -> heed(at, task, asked, decision))
              .orElseGet(() -> new Step.AskPerson(asked));
      case Stage.Delivering delivering -> deliver(at, task, delivering);
    };
  }

  private Step prepare(TaskState at, Task task, Stage.Preparing preparing) {
    List<HookId> hooks = task.gates().before();
    if (preparing.failed().isPresent()) {
      HookId hook = hooks.get(preparing.passed());
      HookResult result = preparing.failed().get();
      return Step.Note.of(
          new RunEvent.EscalationRaised(
              task.id(),
              new Escalation(
                  task.id(),
                  Escalation.Cause.PRE_HOOK,
                  "pre-hook %s: %s".formatted(hook, result.verdict()) + tail(result.output()))));
    }
    return preparing.passed() < hooks.size()
        ? new Step.RunHook(task.id(), 0, HookStage.PRE, hooks.get(preparing.passed()))
        : open(at, task, 1, Optional.empty());
  }

  /** Opens an attempt, once it is known how the folder looks before it. */
  private Step open(TaskState at, Task task, int attempt, Optional<Setback> setback) {
    ProviderChain chain = chain(task);
    return chain
        .open()
        .map(provider ->
            checkpoint(at, attempt, Moment.BEFORE)
                .orElseGet(() -> new Step.OpenAttempt(at.id(), attempt, provider, setback)))
        .orElseGet(() ->
            pause(
                chain.opensAt().isPresent() ? PauseReason.QUOTA : PauseReason.ENVIRONMENT,
                "no provider is left to work on " + task.id(),
                chain.opensAt()));
  }

  private ProviderChain chain(Task task) {
    return new ProviderChain(task.agent(), state.closed(), now);
  }

  /** Empty if the checkpoint is there, or none is wanted. */
  private Optional<Step> checkpoint(TaskState at, int attempt, Moment when) {
    if (!plan.settings().checkpoints() || at.checkpoints().has(attempt, when)) {
      return Optional.empty();
    }
    return Optional.of(new Step.TakeCheckpoint(at.id(), attempt, when, at.checkpoints().first()));
  }

  private static String tail(String output) {
    String stripped = output.strip();
    int from = Math.max(0, stripped.length() - 1000);
    return stripped.isEmpty() ? "" : "\n" + stripped.substring(from);
  }

  private Step attempt(TaskState at, Task task, Optional<Setback> setback) {
    boolean ended = at.checkpoints().has(at.attempts() + 1, Moment.BEFORE);
    Optional<Step> end = ended ? Optional.empty() : checkpoint(at, at.attempts(), Moment.AFTER);
    if (end.isPresent()) {
      return end.get();
    }
    if (at.attempts() < task.bounds().attempts() + at.granted()) {
      return open(at, task, at.attempts() + 1, setback);
    }
    return Step.Note.of(
        new RunEvent.EscalationRaised(
            task.id(),
            new Escalation(
                task.id(),
                Escalation.Cause.ATTEMPTS_USED_UP,
                "%s, none passed; the last: %s"
                        .formatted(
                            count(at.attempts(), "attempt"),
                            setback.map(Setback::reason).orElse("unknown"))
                    + tail(setback.map(Setback::detail).orElse("")))));
  }

  private Step heed(TaskState at, Task task, Escalation asked, Decision decision) {
    if (isGivenUp(asked, decision)) {
      Optional<Step> restore = putBack(at, task);
      if (restore.isPresent()) {
        return restore.get();
      }
    }
    String what = asked.summary().lines().findFirst().orElse("");
    return switch (decision) {
      case RETRY -> throw new IllegalStateException("a retry leaves the question behind");
      case SKIP ->
          Step.Note.of(
              asked.cause() == Escalation.Cause.PUSH_IN_DOUBT
                  ? new RunEvent.GitDeclined(
                      at.id(), at.attempts(), GitStep.PUSH, "it was chosen not to push again")
                  : new RunEvent.TaskSkipped(asked.task(), what));
      case FAIL -> Step.Note.of(new RunEvent.TaskFailed(asked.task(), what));
      case ABORT ->
          Step.Note.of(
              new RunEvent.RunPaused(
                  PauseReason.NEEDS_PERSON, asked.task() + ": " + what, Optional.empty()));
    };
  }

  private static boolean isGivenUp(Escalation asked, Decision decision) {
    return asked.cause() != Escalation.Cause.PUSH_IN_DOUBT
        && (decision == Decision.FAIL || decision == Decision.SKIP);
  }

  /** What is left to put back of a task that is given up. */
  private static Optional<Step> putBack(TaskState at, Task task) {
    TaskCheckpoints checkpoints = at.checkpoints();
    return task.bounds().giveUp() == GiveUp.RESTORE && !checkpoints.restored()
        ? checkpoints.first().map(tree -> new Step.RestoreFolder(at.id(), at.attempts(), tree))
        : Optional.empty();
  }

  private Step talk(TaskState at, Task task, Conversation talk) {
    Optional<ToolCall> call = talk.nextCall();
    Optional<Reply> last = talk.lastReply();
    if (last.isPresent() && last.get().stop() == Stop.REFUSED) {
      return fail(at, "the model refused" + because(last.get().stopDetail()));
    }
    if (call.isPresent()) {
      return answer(at, talk, call.get());
    }
    if (last.isPresent() && last.get().stop() != Stop.PAUSED) {
      return last.get().stop() == Stop.CONTEXT_FULL
          ? fail(at, "the model's context window is full")
          : Step.Note.of(
              new RunEvent.AgentFinished(at.id(), at.attempts(), last.get().text().strip()));
    }
    Optional<ModelFailure> trouble =
        talk.troubles().retryAt().isPresent() ? Optional.empty() : talk.troubles().last();
    return trouble
        .map(failure -> despair(at, task, talk, failure))
        .or(() -> outOfBounds(task.bounds(), talk).map(reason -> fail(at, reason)))
        .or(() -> holdBack(at, talk))
        .orElseGet(() -> ask(at, talk));
  }

  private static String because(String detail) {
    return detail.isEmpty() ? "" : ": " + detail;
  }

  private Step answer(TaskState at, Conversation talk, ToolCall call) {
    if (!call.name().equals(Conversation.FINISH)
        || !(call.arguments() instanceof ToolCall.Valid(var values))) {
      return permit(at, talk, call);
    }
    if (talk.anyResultFailed()) {
      // Calls made in one breath: the model could not know yet that an earlier one failed.
      return Step.Note.of(
          new RunEvent.ToolReturned(
              at.id(),
              at.attempts(),
              new ToolResult(
                  call.id(),
                  call.name(),
                  "Not finished: an earlier call of the same turn failed. See to it, then call finish again.",
                  true)));
    }
    String summary = values.get("summary") instanceof String words ? words.strip() : "";
    return Step.Note.of(new RunEvent.AgentFinished(at.id(), at.attempts(), summary));
  }

  private Step permit(TaskState at, Conversation talk, ToolCall call) {
    Optional<ApprovalGiven> given = talk.approval().flatMap(Approval::given);
    if (given.isPresent() && given.get().consent().word() == Consent.Word.NO) {
      return Step.Note.of(refused(at, call, given.get()));
    }
    Verdict verdict = new CallPolicy(plan.settings().tools(), state.granted()).decide(call);
    return verdict instanceof Verdict.Ask ask && given.isEmpty() && talk.begun().isEmpty()
        ? new Step.AskApproval(
            at.id(), at.attempts(), call, ask, talk.approval().map(Approval::requested))
        : new Step.CallTool(at.id(), at.attempts(), call, talk.begun(), given);
  }

  private static RunEvent refused(TaskState at, ToolCall call, ApprovalGiven given) {
    String who = given.by().equals("person") ? "A person said no" : "Not allowed";
    return new RunEvent.ToolReturned(
        at.id(),
        at.attempts(),
        new ToolResult(
            call.id(),
            call.name(),
            "%s%s. Nothing was run. Go on without it; do not try to get around it."
                .formatted(who, because(given.consent().reason())),
            true));
  }

  private Step despair(TaskState at, Task task, Conversation talk, ModelFailure failure) {
    Optional<String> other =
        failure instanceof ModelFailure.Unusable
            ? chain(task).after(talk.provider())
            : chain(task).insteadOf(talk.provider());
    return switch (failure) {
      case ModelFailure.Canceled canceled ->
          pause(PauseReason.INTERRUPTED, canceled.message(), Optional.empty());
      case ModelFailure.Transient t ->
          other
              .map(name -> hand(at, talk, name, t, lost(at, talk, t, Optional.of(later(AWHILE)))))
              .orElseGet(() ->
                  pause(
                      PauseReason.ENVIRONMENT,
                      t.message() + " (gave up for now)",
                      Optional.empty()));
      case ModelFailure.Denied denied ->
          other
              .map(name -> hand(at, talk, name, denied, lost(at, talk, denied, Optional.empty())))
              .orElseGet(() -> pause(PauseReason.ENVIRONMENT, denied.message(), Optional.empty()));
      case ModelFailure.Window window -> hold(at, task, talk, window, other);
      case ModelFailure.Unusable unusable ->
          other
              .map(name -> hand(at, talk, name, unusable))
              .orElseGet(() ->
                  talk.replies() == 0 ? hopeless(at, unusable) : fail(at, unusable.message()));
    };
  }

  /** While nothing was said, another attempt would only send the very same request. */
  private Step hopeless(TaskState at, ModelFailure.Unusable unusable) {
    return checkpoint(at, at.attempts(), Moment.AFTER)
        .or(() -> putBack(at, plan.task(at.id())))
        .orElseGet(() -> Step.Note.of(new RunEvent.TaskFailed(at.id(), unusable.message())));
  }

  private Step hold(
      TaskState at,
      Task task,
      Conversation talk,
      ModelFailure.Window window,
      Optional<String> other) {
    Instant told = window.resetsAt().orElse(state.at().plus(UNKNOWN_WINDOW));
    // A reset that is already past would have two providers hand the work to and fro.
    Instant resetsAt = other.isPresent() && told.isBefore(later(MARGIN)) ? later(MARGIN) : told;
    var reached = new RunEvent.LimitReached(at.id(), talk.provider(), window.message(), resetsAt);
    Optional<Instant> earliest =
        chain(task).opensAt().filter(opens -> opens.isAfter(now) && opens.isBefore(resetsAt));
    return other
        .map(name -> hand(at, talk, name, window, reached))
        .orElseGet(() ->
            Step.Note.of(
                reached,
                new RunEvent.RunPaused(
                    PauseReason.QUOTA, window.message(), Optional.of(earliest.orElse(resetsAt)))));
  }

  private Instant later(Duration wait) {
    return state.at().plus(wait);
  }

  private static RunEvent lost(
      TaskState at, Conversation talk, ModelFailure why, Optional<Instant> until) {
    return new RunEvent.ProviderLost(at.id(), talk.provider(), why.message(), until);
  }

  private Step hand(
      TaskState at, Conversation talk, String to, ModelFailure why, RunEvent... closing) {
    boolean fresh = plan.settings().worksAlone(talk.provider()) || plan.settings().worksAlone(to);
    return new Step.SwitchProvider(
        at.id(), at.attempts(), List.of(closing), talk.provider(), to, fresh, why.message());
  }

  private static Step pause(PauseReason reason, String message, Optional<Instant> resumeAt) {
    return Step.Note.of(new RunEvent.RunPaused(reason, message, resumeAt));
  }

  private Optional<String> outOfBounds(Bounds bounds, Conversation talk) {
    if (talk.replies() >= bounds.turns()) {
      return Optional.of("the agent did not finish within %d turns".formatted(bounds.turns()));
    }
    if (talk.tokens() >= bounds.tokens()) {
      return Optional.of("the agent did not finish within %d tokens".formatted(bounds.tokens()));
    }
    if (Duration.between(talk.since(), now).compareTo(bounds.time()) >= 0) {
      return Optional.of(
          "the agent did not finish within %d s".formatted(bounds.time().toSeconds()));
    }
    return Optional.empty();
  }

  private Optional<Step> holdBack(TaskState at, Conversation talk) {
    return talk.troubles()
        .retryAt()
        .filter(due -> due.isAfter(now))
        .map(due -> new Step.WaitUntil(at.id(), at.attempts(), due));
  }

  private Step ask(TaskState at, Conversation talk) {
    int turn = talk.replies() + 1;
    return new Step.AskModel(
        at.id(),
        at.attempts(),
        turn,
        talk.provider(),
        talk.troubles().count(),
        new ChatRequest(
            new ChatRequest.CallId(at.id().value(), at.attempts(), turn),
            talk.model(),
            plan.system(),
            talk.messages(),
            plan.tools(),
            plan.settings().outputTokensMax()));
  }

  private Step judge(TaskState at, Task task, Stage.Judging judging) {
    List<HookId> hooks = task.gates().after();
    CommitAfter due = task.delivery().commitAfter();
    if (judging.failed().isPresent()) {
      if (judging.failed().get().end() instanceof HookResult.NotStarted(String why)) {
        return pause(
            PauseReason.ENVIRONMENT,
            "post-hook %s of %s could not be started: %s"
                .formatted(hooks.get(judging.passed()), task.id(), why),
            Optional.empty());
      }
      return due == CommitAfter.ATTEMPT
          ? checkpoint(at, at.attempts(), Moment.AFTER).orElseGet(() -> commit(at, task, judging))
          : conclude(at, task, judging);
    }
    if (judging.passed() < hooks.size()) {
      return new Step.RunHook(
          task.id(), at.attempts(), HookStage.POST, hooks.get(judging.passed()));
    }
    return checkpoint(at, at.attempts(), Moment.AFTER)
        .orElseGet(
            () -> due == CommitAfter.OFF ? conclude(at, task, judging) : commit(at, task, judging));
  }

  private static Step conclude(TaskState at, Task task, Stage.Judging judged) {
    return failure(task, judged)
        .map(reason -> fail(at, reason))
        .orElseGet(() ->
            Step.Note.of(
                new RunEvent.TaskCompleted(
                    task.id(), !task.gates().after().isEmpty(), judged.summary())));
  }

  private static Optional<String> failure(Task task, Stage.Judging judged) {
    List<HookId> hooks = task.gates().after();
    // The list of hooks may have been edited since.
    String hook = judged.passed() < hooks.size() ? " " + hooks.get(judged.passed()) : "";
    return judged.failed().map(result -> "post-hook%s: %s".formatted(hook, result.verdict()));
  }

  private static Step commit(TaskState at, Task task, Stage.Judging judged) {
    return new Step.Commit(at.id(), at.attempts(), failure(task, judged));
  }

  private static Step deliver(TaskState at, Task task, Stage.Delivering delivering) {
    return switch (delivering.at()) {
      case COMMIT_DUE, COMMITTING -> commit(at, task, delivering.judged());
      case PUSH_DUE ->
          task.delivery().push()
              ? new Step.Push(at.id(), at.attempts(), delivering.branch())
              : conclude(at, task, delivering.judged());
      case PUSHING, PUSH_IN_DOUBT ->
          Step.Note.of(
              new RunEvent.EscalationRaised(
                  at.id(),
                  new Escalation(
                      at.id(),
                      Escalation.Cause.PUSH_IN_DOUBT,
                      "the push of %s was cut off, and may have gone through or not"
                          .formatted(delivering.branch()))));
      case OVER -> conclude(at, task, delivering.judged());
    };
  }

  private static Step fail(TaskState at, String reason) {
    return Step.Note.of(new AttemptFailed(at.id(), at.attempts(), reason));
  }
}
