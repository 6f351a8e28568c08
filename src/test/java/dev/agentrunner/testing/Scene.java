package dev.agentrunner.testing;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.Ruling;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.engine.RunEngine;
import dev.agentrunner.engine.Steering;
import dev.agentrunner.engine.Surroundings;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.Confinement;
import dev.agentrunner.port.Models;
import dev.agentrunner.port.Pauses;
import dev.agentrunner.port.Payer;
import dev.agentrunner.port.People;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A run and all it touches, in memory. */
public final class Scene implements Models, People {

  public static final RunId RUN = new RunId("20261121-100000-test");

  public MemoryEventLog log = new MemoryEventLog();
  public final ScriptedModel model = new ScriptedModel();
  public final MemoryWorkspaces workspaces = new MemoryWorkspaces();
  public final MemoryCheckpoints checkpoints = new MemoryCheckpoints(workspaces);
  public final MemoryWorktrees worktrees = new MemoryWorktrees(workspaces, checkpoints);
  public final MemoryRepository git = new MemoryRepository();
  public final ScriptedProcesses processes = new ScriptedProcesses();
  public final SettableClock clock = new SettableClock();
  public final MemoryQuotaBook quotas = new MemoryQuotaBook(clock);
  public StopSignal stop = new StopSignal();

  /** What somebody at the keyboard wants of the run. */
  public Steering steering = new Steering(stop);

  /** How time is let go by; by default the clock is set. */
  public Pauses pauses = clock;

  /** What whoever is at the terminal will answer; once it is empty, {@link #person} does. */
  public final Deque<Decision> answers = new ArrayDeque<>();

  /** Who answers else; nobody by default. */
  public Function<Escalation, Optional<Decision>> person = escalation -> Optional.empty();

  /** What whoever answers has the next attempt told; nothing by default. */
  public Function<Escalation, Optional<String>> advice = escalation -> Optional.empty();

  public final List<Escalation> asked = new ArrayList<>();

  /** Who gives leave for tool calls; nobody by default. */
  public Function<ApprovalRequested, Optional<Consent>> leave = request -> Optional.empty();

  public final List<ApprovalRequested> requested = new ArrayList<>();

  /** Happens whenever the model is asked, before it answers. */
  public Runnable onAsk = () -> {};

  public RunState begin(Plan plan) {
    return engine(plan).begin(RUN, Tasks.started(plan));
  }

  public RunState resume(Plan plan, RunState state) {
    stop = new StopSignal();
    steering = new Steering(stop);
    return engine(plan).resume(state, "going on", List.of());
  }

  public RunEngine engine(Plan plan) {
    return new RunEngine(surroundings(this), plan, new RunWatcher() {}, stop, steering);
  }

  public Surroundings surroundings(People people) {
    return new Surroundings(
        log,
        this,
        quotas,
        workspaces,
        git,
        processes,
        this::confinement,
        workspaces,
        checkpoints,
        worktrees,
        pauses,
        people,
        clock,
        Mask.OF_SHAPES);
  }

  public List<RunEvent> events() {
    return log.all(RUN).stream().map(Recorded::event).toList();
  }

  /** The first message of the {@code nth} request, from 0. */
  public String prompt(int nth) {
    return ((Message.User) model.requests.get(nth).messages().getFirst()).text();
  }

  /** Providers that answer nothing else. */
  public final Map<String, ModelFailure> down = new HashMap<>();

  /** Who was asked, in order. */
  public final List<String> providersAsked = new ArrayList<>();

  @Override
  public ChatModel provider(String name, Task task) {
    return (request, watcher, stopping) -> ask(name, request, watcher, stopping);
  }

  private Answer ask(
      String name, ChatRequest request, ChatModel.Watcher watcher, StopSignal stopping) {
    providersAsked.add(name);
    ModelFailure failure = down.get(name);
    Answer answer =
        failure == null
            ? model.ask(request, watcher, stopping)
            : new Answer.Failed(failure, Usage.NONE);
    onAsk.run();
    return stopping.requested()
        ? new Answer.Failed(new ModelFailure.Canceled("stopped"), Usage.NONE)
        : answer;
  }

  @Override
  public Payer payer(AgentChoice choice) {
    return new Payer(choice.provider(), modelName(choice), "nobody's key", false);
  }

  @Override
  public String modelName(AgentChoice choice) {
    return model.modelName(choice);
  }

  private Confinement confinement(String folder, boolean network, List<String> variables) {
    return new Confinement(
        List.of(folder), List.of(), List.of(), network, Map.of(), 100, 1_000_000);
  }

  /** Who answers what the agent asks; nobody by default. */
  public Function<Escalation, Optional<String>> knows = question -> Optional.empty();

  @Override
  public Optional<String> tell(Escalation question, StopSignal stopping) {
    return knows.apply(question);
  }

  @Override
  public Optional<Consent> approve(ApprovalRequested request, StopSignal stopping) {
    requested.add(request);
    return leave.apply(request);
  }

  @Override
  public Optional<String> account(String provider) {
    return Optional.of(provider);
  }

  @Override
  public Cost cost(String provider, String name, Usage usage) {
    return model.cost(provider, name, usage);
  }

  @Override
  public Optional<Ruling> decide(Escalation escalation, StopSignal stopping) {
    asked.add(escalation);
    Optional<Decision> decision =
        answers.isEmpty() ? person.apply(escalation) : Optional.of(answers.poll());
    return decision.map(word -> new Ruling(word, advice.apply(escalation)));
  }
}
