package dev.agentrunner.engine;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.Backoff;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.task.Settings.Retries;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Asks models, and notes what they said and what it cost. */
final class ModelSteps {

  private final Surroundings around;
  private final Plan plan;
  private final RunWatcher watcher;
  private final StopSignal stop;
  private final Journal journal;
  private final QuotaGate gate;

  ModelSteps(Surroundings around, Plan plan, RunWatcher watcher, StopSignal stop, Journal journal) {
    this.around = around;
    this.plan = plan;
    this.watcher = watcher;
    this.stop = stop;
    this.journal = journal;
    this.gate = new QuotaGate(around, plan.settings(), stop);
  }

  void ask(Step.AskModel step) {
    switch (gate.enter(step)) {
      case QuotaGate.Open(Optional<QuotaGate.Ticket> ticket) -> ask(step, ticket);
      case QuotaGate.Shut(ModelFailure.Window window) ->
          journal.note(failed(step, window, Usage.NONE, Optional.empty()));
      case QuotaGate.Stopped() -> {}
    }
  }

  private void ask(Step.AskModel step, Optional<QuotaGate.Ticket> ticket) {
    ChatModel model = around.models().provider(step.provider(), plan.task(step.task()));
    journal.note(new RunEvent.ModelAsked(step.task(), step.attempt(), step.turn()));
    journal.write();
    Answer answer = model.ask(step.request(), watch(step.request().call(), ticket), stop);
    gate.settle(ticket, used(answer));
    switch (answer) {
      case Answer.Replied(var reply) ->
          journal.note(
              new RunEvent.ModelReplied(
                  step.task(), step.attempt(), step.turn(), priced(step, reply)));
      case Answer.Failed(ModelFailure.Canceled _, Usage _, Optional<Echo> session)
          when stop.requested() && session.isEmpty() -> {}
      case Answer.Failed(ModelFailure failure, Usage usage, Optional<Echo> session) ->
          journal.note(failed(step, failure, priced(step, step.request().model(), usage), session));
    }
  }

  private static Usage used(Answer answer) {
    return switch (answer) {
      case Answer.Replied(var reply) -> reply.usage();
      case Answer.Failed(var _, Usage usage, var _) -> usage;
    };
  }

  private RunEvent failed(
      Step.AskModel step, ModelFailure failure, Usage usage, Optional<Echo> session) {
    return new RunEvent.ModelFailed(
        step.task(), step.attempt(), step.turn(), failure, usage, retryAt(step, failure), session);
  }

  private Reply priced(Step.AskModel step, Reply reply) {
    Usage exactly = priced(step, reply.model(), reply.usage());
    return reply.costing(priced(step, step.request().model(), exactly).cost());
  }

  /** Who counted its own cost, as an agent's command line can, knows it best. */
  private Usage priced(Step.AskModel step, String model, Usage usage) {
    return usage.cost().equals(Cost.UNKNOWN)
        ? usage.costing(around.models().cost(step.provider(), model, usage))
        : usage;
  }

  private Optional<Instant> retryAt(Step.AskModel step, ModelFailure failure) {
    int failures = step.failures() + 1;
    Retries retries = plan.settings().retries();
    if (!(failure instanceof ModelFailure.Transient(var message, Optional<Duration> hint))
        || failures > retries.max()) {
      return Optional.empty();
    }
    Duration wait = Backoff.after(failures, hint, journal.state().seq());
    return Optional.of(around.clock().instant().plus(wait));
  }

  private ChatModel.Watcher watch(ChatRequest.CallId call, Optional<QuotaGate.Ticket> ticket) {
    return new ChatModel.Watcher() {
      @Override
      public void text(String delta) {
        watcher.modelText(call, delta);
      }

      @Override
      public void thinking(String delta) {
        watcher.modelThinking(call, delta);
      }

      @Override
      public void call(String name) {
        watcher.modelCalls(call, name);
      }

      @Override
      public void quotaRead(QuotaReading reading) {
        gate.quotaRead(ticket, reading);
      }

      @Override
      public void silence(Duration since) {
        watcher.modelSilent(call, since);
      }
    };
  }
}
