package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.Listed;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Session;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.Allowance;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.AgentTools;
import dev.agentrunner.engine.Deliveries;
import dev.agentrunner.engine.GitTools;
import dev.agentrunner.engine.Preflight;
import dev.agentrunner.engine.PromptWriter;
import dev.agentrunner.engine.RunEngine;
import dev.agentrunner.engine.Steering;
import dev.agentrunner.engine.Surroundings;
import dev.agentrunner.engine.Watchers;
import dev.agentrunner.port.People;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out what a task list still needs, and has it done: begins a run, goes on with one that was
 * cut off, or says that there is nothing to do.
 */
final class RunLauncher {

  private final Tools tools;
  private final Workbench workbench;
  private final Screen screen;
  private final Dialogue typed;

  RunLauncher(Tools tools) {
    this.tools = tools;
    this.workbench = tools.workbench();
    this.screen = tools.screen();
    this.typed = new TypedLines(tools.screen().err(), tools.keyboard());
  }

  /**
   * What is to be done.
   *
   * @param redo tasks to do again though they are done
   */
  record Order(
      Prepared prepared,
      Selection selection,
      List<String> redo,
      boolean resumeOnly,
      Patience patience) {

    Listed list() {
      return prepared.list().orElseThrow(() -> new IllegalStateException("no task list was read"));
    }
  }

  /**
   * How limits are heeded.
   *
   * @param longestWait how long to wait, in all, for quotas that are used up; zero not to
   * @param ignoreLimits whether the limits of the user's own bind nobody
   */
  record Patience(Duration longestWait, boolean ignoreLimits) {}

  ExitCode launch(Order order, View view) {
    List<Task> tasks = order.selection().of(order.list().tasks());
    Selection.checkKnown("--redo", order.redo(), order.list().tasks());
    try (Session session = workbench.open(order.prepared())) {
      History history = workbench.history(order.prepared().project());
      Optional<RunState> before = latest(order.list(), history).map(session::recover);
      boolean open = before.filter(state -> !state.status().isFinal()).isPresent();
      boolean logged = before.filter(state -> session.hasLog(state.run())).isPresent();
      List<Task> meant = open && order.resumeOnly() ? tasksOf(before.get(), tasks) : tasks;
      Play play = new Play(order, meant, session, view);
      if (open && logged) {
        return goOn(play, before.get());
      }
      if (order.resumeOnly() && !open) {
        throw nothingToResume(order, before);
      }
      return begin(play, before);
    }
  }

  /** One call of the launcher. */
  private record Play(Order order, List<Task> tasks, Session session, View view) {

    Plan plan() {
      Map<TaskId, Task> byId = new LinkedHashMap<>();
      tasks.forEach(task -> byId.put(task.id(), task));
      List<ToolSpec> specs = new ArrayList<>(AgentTools.specs());
      specs.addAll(GitTools.specs(order.prepared().settings().git().agent()));
      return new Plan(byId, settings(), PromptWriter.SYSTEM, specs);
    }

    private Settings settings() {
      Settings settings = order.prepared().settings();
      return order.patience().ignoreLimits() ? settings.allowing(Allowance.IGNORED) : settings;
    }

    Play of(List<Task> others) {
      return new Play(order, others, session, view);
    }

    Planned planned(Task task, Optional<RunId> doneIn, boolean proposed) {
      return new Planned(task.id(), task.brief().title(), digest(task.id()), doneIn, proposed);
    }

    String digest(TaskId id) {
      return order.list().digests().getOrDefault(id, "");
    }
  }

  private static UsageException nothingToResume(Order order, Optional<RunState> before) {
    String file = order.list().file();
    return new UsageException(
        before
            .map(state ->
                "nothing to resume: the last run of %s is over (%s); to do what is left: agent-runner run %s"
                    .formatted(file, Words.tally(state), file))
            .orElseGet(() ->
                "nothing to resume: %s was never run; start it with: agent-runner run %s"
                    .formatted(file, file)));
  }

  /** A run is resumed with the tasks it was started with, whatever else the list holds. */
  private static List<Task> tasksOf(RunState cut, List<Task> list) {
    Set<TaskId> listed = list.stream().map(Task::id).collect(Collectors.toSet());
    for (TaskState task : cut.tasks()) {
      if (!listed.contains(task.id())) {
        throw new UsageException(
            "run %s has a task %s that the list has no more; put it back, or begin a new run with: agent-runner run"
                .formatted(cut.run(), task.id()));
      }
    }
    return list.stream().filter(task -> cut.tasks().has(task.id())).toList();
  }

  static Optional<RunId> latest(Listed list, History history) {
    return history.runs().stream()
        .filter(run ->
            history.beginning(run).filter(start -> start.list().equals(list.name())).isPresent())
        .findFirst();
  }

  private ExitCode goOn(Play play, RunState cut) {
    List<TaskId> then = cut.tasks().stream().map(TaskState::id).toList();
    List<TaskId> now = play.tasks().stream().map(Task::id).toList();
    if (!Set.copyOf(then).equals(Set.copyOf(now)) || !play.order().redo().isEmpty()) {
      // Found wanting before the other run is given up for it.
      Selection.checkNeeds(play.tasks(), kept(play, Optional.of(cut)).keySet());
      StopSignal never = new StopSignal();
      RunState ended =
          engine(play, cut.run(), new RunWatcher() {}, never, new Steering(never))
              .cancel(cut, "another selection of tasks was asked for");
      return begin(play, Optional.of(ended));
    }
    return goOnWithSame(play.of(proposed(play).asBegun(cut, play.tasks())), cut);
  }

  private ProposedTasks proposed(Play play) {
    return new ProposedTasks(workbench, play.order().prepared());
  }

  private ExitCode goOnWithSame(Play play, RunState cut) {
    List<Planned> changed = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Task task : play.tasks()) {
      TaskState state = cut.tasks().task(task.id());
      if (state.planned().digest().equals(play.digest(task.id()))) {
        continue;
      }
      if (state.status().isFinal()) {
        notes.add(editedAfterwards(state));
      } else {
        changed.add(play.planned(task, state.planned().doneIn(), state.planned().proposed()));
        notes.add(task.id() + " was edited; it goes on by its new text from the next attempt on.");
      }
    }
    String decision = String.join("\n", decision(cut), String.join("\n", notes)).strip();
    return play(play, cut.run(), decision, engine -> engine.resume(cut, decision, changed));
  }

  private static String decision(RunState cut) {
    String why =
        cut.pause()
            .map(pause ->
                switch (pause.reason()) {
                  case INTERRUPTED -> "it was stopped";
                  case QUOTA -> "it waited for a quota";
                  case BUDGET -> "its budget was used up";
                  case NEEDS_PERSON -> "it waited for a person";
                  case ENVIRONMENT -> "it stopped: " + Screen.harmless(pause.message());
                })
            .orElse("it was cut off");
    return "Going on with run %s (%s; %s).".formatted(cut.run(), why, Words.tally(cut));
  }

  private static String editedAfterwards(TaskState task) {
    return "%s was edited after it was %s; it is not run again (--redo %s does that)."
        .formatted(task.id(), Words.status(task), task.id());
  }

  private static String onlyProposed(Task task, Optional<RunId> in) {
    return "%s was only proposed%s; it is not run again (--redo %s does that)."
        .formatted(task.id(), in.map(run -> " in run " + run).orElse(""), task.id());
  }

  private ExitCode begin(Play play, Optional<RunState> before) {
    Map<TaskId, TaskState> done = kept(play, before);
    Selection.checkNeeds(play.tasks(), done.keySet());
    proposed(play).clear();
    List<String> notes = new ArrayList<>();
    List<Planned> planned = new ArrayList<>();
    for (Task task : play.tasks()) {
      TaskState earlier = done.get(task.id());
      if (earlier != null && !earlier.planned().digest().equals(play.digest(task.id()))) {
        notes.add(editedAfterwards(earlier));
      }
      Optional<RunId> doneIn =
          earlier == null
              ? Optional.empty()
              : earlier.planned().doneIn().or(() -> before.map(RunState::run));
      boolean proposed =
          earlier == null ? task.delivery().proposed() : earlier.planned().proposed();
      if (earlier != null && proposed) {
        notes.add(onlyProposed(task, doneIn));
      }
      planned.add(play.planned(task, doneIn, proposed));
    }
    if (planned.stream().allMatch(task -> task.doneIn().isPresent())) {
      notes.forEach(screen.err()::println);
      screen
          .out()
          .printf(
              "Nothing to do: %s of %s done.%n",
              planned.size() == 1 ? "the task" : "all " + planned.size() + " tasks",
              play.order().list().file());
      return ExitCode.DONE;
    }
    before
        .filter(state -> !state.status().isFinal() && !play.session().hasLog(state.run()))
        .ifPresent(state ->
            notes.add(
                "The log of run %s is gone; a new run begins, and what its state says is done is kept."
                    .formatted(state.run())));
    long kept = planned.stream().filter(task -> task.doneIn().isPresent()).count();
    if (kept > 0) {
      notes.addFirst(Words.count(kept, "task") + " done before; not run again.");
    }
    Prepared prepared = play.order().prepared();
    RunStarted started =
        new RunStarted(
            play.order().list().name(),
            planned,
            prepared.settings().agent().provider(),
            prepared.settings().agent().model().orElse(""),
            tools.version());
    RunId run = play.session().newRun();
    return play(play, run, String.join("\n", notes), engine -> engine.begin(run, started));
  }

  /** What is done and is not to be done again. */
  private static Map<TaskId, TaskState> kept(Play play, Optional<RunState> before) {
    Map<TaskId, TaskState> done = done(before);
    play.order().redo().forEach(id -> done.remove(new TaskId(id)));
    return done;
  }

  private static Map<TaskId, TaskState> done(Optional<RunState> before) {
    return before.stream()
        .flatMap(state -> state.tasks().stream())
        .filter(task -> task.status() == TaskStatus.COMPLETED)
        .collect(Collectors.toMap(TaskState::id, task -> task, (a, b) -> a, LinkedHashMap::new));
  }

  private interface Move {
    RunState by(RunEngine engine);
  }

  private ExitCode play(Play play, RunId run, String decision, Move move) {
    try (Notices notices =
        new Notices(play.session().notifier(), tools.clock(), screen.attended(), run)) {
      return play(play, run, decision, move, notices);
    }
  }

  private ExitCode play(Play play, RunId run, String decision, Move move, Notices notices) {
    StopSignal stop = new StopSignal();
    Signals signals =
        Signals.heededBy(
            stop,
            code -> {
              play.view().release();
              play.session().endProcesses();
              tools.halt().accept(code);
            });
    Steering steering = new Steering(stop);
    Changes all = new Changes(workbench, play.order().prepared());
    play.view()
        .helm(
            new View.Helm(
                steering,
                signals::interrupt,
                task -> play.session().masked(all.soFar(run, task, play.tasks()))));
    play.view()
        .opening(
            new View.Opening(
                tools.version(),
                play.order().prepared(),
                play.order().list(),
                decision,
                preflight(play).payers(play.session()::payer),
                () -> workbench.limits(play.order().prepared())));
    RunWatcher watcher = new Watchers(List.of(play.session().keeper(run), play.view(), notices));
    RunState state;
    try {
      RunEngine engine = engine(play, run, watcher, stop, steering);
      state = waitedOut(move.by(engine), engine, play, run, stop);
    } catch (RuntimeException e) {
      notices.brokenOff(e);
      throw e;
    } finally {
      play.view().release();
      new WantedReports(tools, play.order().prepared()).write(run);
    }
    ExitCode exit = ExitCode.of(state, signals.code());
    History history = workbench.history(play.order().prepared().project());
    String changes = all.of(state, play.tasks());
    state.tasks().stream()
        .filter(Changes::isKept)
        .forEach(task -> play.session().keep(run, Summary.patch(task.id()), all.ofFailed(task)));
    if (!changes.isEmpty()) {
      play.session().keep(run, "changes.diff", changes);
    }
    List<Proposal> proposals = proposed(play).keep(state, play.tasks(), play.session());
    play.view()
        .closing(
            new View.Ending(
                state, exit, changes, proposals, history.folder(run), next(state, play.order())));
    return exit;
  }

  /** Where the run stands when no wait that is allowed would get it on. */
  private RunState waitedOut(
      RunState state, RunEngine engine, Play play, RunId run, StopSignal stop) {
    QuotaWait wait =
        new QuotaWait(
            play.order().patience().longestWait(),
            play.session().surroundings(run, people(play, run)).pauses(),
            tools.clock(),
            stop,
            play.view());
    RunState now = state;
    while (wait.isOver(now)) {
      now = engine.resume(now, "The quota should be back; going on.", List.of());
    }
    return now;
  }

  private static Preflight preflight(Play play) {
    return new Preflight(play.settings(), play.tasks());
  }

  private RunEngine engine(
      Play play, RunId run, RunWatcher watcher, StopSignal stop, Steering steering) {
    Surroundings surroundings = play.session().surroundings(run, people(play, run));
    // A missing key is found out before anything is started, not in the middle of the list.
    preflight(play).checkProviders(surroundings.models());
    proposed(play).check(play.tasks());
    new ParallelTasks(play.settings(), play.tasks()).check(surroundings.worktrees());
    Deliveries.check(surroundings, play.plan());
    preflight(play).checkPrices(surroundings.models());
    return new RunEngine(surroundings, play.plan(), watcher, stop, steering);
  }

  private People people(Play play, RunId run) {
    return new TerminalPeople(
        screen,
        play.view().dialogue().orElse(typed),
        new RunBackground(workbench, play.order().prepared(), run, play.tasks()),
        workbench.editor());
  }

  private static Optional<String> next(RunState state, Order order) {
    String there = order.prepared().sources().directory().map(dir -> " -C " + dir).orElse("");
    return switch (state.status()) {
      case COMPLETED -> Optional.empty();
      case FAILED, CANCELED ->
          Optional.of("agent-runner run%s %s".formatted(there, order.list().file()));
      case QUEUED, RUNNING ->
          Optional.of("agent-runner resume%s %s".formatted(there, order.list().file()));
    };
  }
}
