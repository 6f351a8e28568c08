package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Appeal;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.run.RunEvent.ApprovalGiven;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.util.Optional;

/** What comes next while the agent works. */
record TalkStep(Position place) {

  /** Calls of one reply that are heeded. */
  private static final int CALLS_MAX = 128;

  /** A reply with more calls than that is no work. */
  private static final int CALLS_MAX_AT_ALL = 1_000;

  Step next(Conversation talk) {
    Optional<ToolCall> call = talk.nextCall();
    Optional<Reply> last = talk.lastReply();
    if (last.isPresent() && last.get().stop() == Stop.REFUSED) {
      return place.fail("the model refused" + because(last.get().stopDetail()));
    }
    if (call.isPresent()) {
      return talk.results().size() < CALLS_MAX
          ? answer(talk, call.get())
          : tooMany(last.get(), call.get());
    }
    if (last.isPresent() && last.get().stop() != Stop.PAUSED) {
      return last.get().stop() == Stop.CONTEXT_FULL
          ? place.fail("the model's context window is full")
          : ended(last.get().text());
    }
    Optional<ModelFailure> trouble =
        talk.troubles().retryAt().isPresent() ? Optional.empty() : talk.troubles().last();
    return trouble
        .map(failure -> new NoAnswer(place, talk).next(failure))
        .or(() -> goingInCircles(talk).map(reason -> place.fail(reason)))
        .or(() -> outOfBounds(place.task().bounds(), talk).map(reason -> place.fail(reason)))
        .or(() -> holdBack(talk))
        .orElseGet(() -> {
          Step.AskModel ask = ask(talk);
          return new BudgetStep(place).insteadOf(ask.request()).orElse(ask);
        });
  }

  private Step ended(String words) {
    TaskState at = place.at();
    return Step.Note.of(
        Appeal.in(words)
            .map(question -> asking(question))
            .orElseGet(() -> new RunEvent.AgentFinished(at.id(), at.attempts(), words.strip())));
  }

  private RunEvent asking(String question) {
    TaskId task = place.at().id();
    return new RunEvent.EscalationRaised(
        task, new Escalation(task, Escalation.Cause.QUESTION, question.strip()));
  }

  private Step tooMany(Reply reply, ToolCall call) {
    int calls = reply.calls().size();
    return calls > CALLS_MAX_AT_ALL
        ? place.fail("the model made %d calls in one turn".formatted(calls))
        : Step.Note.of(
            new RunEvent.ToolReturned(
                place.at().id(),
                place.at().attempts(),
                new ToolResult(
                    call.id(),
                    call.name(),
                    "Not run: %d calls in one turn are the most.".formatted(CALLS_MAX),
                    true)));
  }

  private static String because(String detail) {
    return detail.isEmpty() ? "" : ": " + detail;
  }

  private Step answer(Conversation talk, ToolCall call) {
    TaskState at = place.at();
    if (!call.name().equals(Conversation.FINISH)
        || !(call.arguments() instanceof ToolCall.Valid(var values))) {
      return permit(talk, call);
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
    if (values.get("question") instanceof String question && !question.isBlank()) {
      return Step.Note.of(asking(question));
    }
    String summary = values.get("summary") instanceof String words ? words.strip() : "";
    return Step.Note.of(new RunEvent.AgentFinished(at.id(), at.attempts(), summary));
  }

  private Step permit(Conversation talk, ToolCall call) {
    TaskState at = place.at();
    Optional<ApprovalGiven> given = talk.approval().flatMap(Approval::given);
    if (given.isPresent() && given.get().consent().word() == Consent.Word.NO) {
      return Step.Note.of(refused(at, call, given.get()));
    }
    Verdict verdict =
        new CallPolicy(place.plan().settings().tools(), place.state().granted()).decide(call);
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

  private static Optional<String> goingInCircles(Conversation talk) {
    Repetition repetition = Repetition.in(talk.messages());
    return repetition.isHopeless()
        ? Optional.of(
            "the agent made the same call of %s %d times in a row"
                .formatted(repetition.name(), repetition.times()))
        : Optional.empty();
  }

  private Optional<String> outOfBounds(Bounds bounds, Conversation talk) {
    if (talk.replies() >= bounds.turns()) {
      return Optional.of("the agent did not finish within %d turns".formatted(bounds.turns()));
    }
    if (talk.tokens() >= bounds.tokens()) {
      return Optional.of("the agent did not finish within %d tokens".formatted(bounds.tokens()));
    }
    if (Duration.between(talk.since(), place.now()).compareTo(bounds.time()) >= 0) {
      return Optional.of(
          "the agent did not finish within %d s".formatted(bounds.time().toSeconds()));
    }
    return Optional.empty();
  }

  private Optional<Step> holdBack(Conversation talk) {
    TaskState at = place.at();
    return talk.troubles()
        .retryAt()
        .filter(due -> due.isAfter(place.now()))
        .map(due -> new Step.WaitUntil(at.id(), at.attempts(), due));
  }

  private Step.AskModel ask(Conversation talk) {
    TaskState at = place.at();
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
            place.plan().system(),
            talk.messages(),
            place.plan().tools(),
            place.plan().settings().outputTokensMax()));
  }
}
