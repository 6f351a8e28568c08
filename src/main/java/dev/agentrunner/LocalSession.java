package dev.agentrunner;

import dev.agentrunner.adapter.clock.ClockPauses;
import dev.agentrunner.adapter.files.FileEventLog;
import dev.agentrunner.adapter.files.FileEventLog.Reading;
import dev.agentrunner.adapter.files.ProjectLock;
import dev.agentrunner.adapter.files.RunFolders;
import dev.agentrunner.adapter.files.StateFile;
import dev.agentrunner.adapter.git.GitCheckpoints;
import dev.agentrunner.adapter.process.SystemProcesses;
import dev.agentrunner.cli.Workbench.Session;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.engine.PeopleLogs;
import dev.agentrunner.engine.Surroundings;
import dev.agentrunner.engine.Watchers;
import dev.agentrunner.port.Confinements;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.Notifier;
import dev.agentrunner.port.Payer;
import dev.agentrunner.port.People;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.Programs;
import dev.agentrunner.port.QuotaBook;
import dev.agentrunner.port.Repositories;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.Workspaces;
import dev.agentrunner.port.Worktrees;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** A project on this machine, locked for one run. */
final class LocalSession implements Session {

  static final Duration GRACE = Duration.ofSeconds(2);

  private final RunFolders folders;
  private final Workspaces workspaces;
  private final Worktrees worktrees;
  private final Confinements confinements;
  private final Providers providers;
  private final QuotaBook quotas;
  private final InstantSource clock;
  private final Mask mask;
  private final ProjectLock lock;
  private final FileEventLog log;
  private final StateFile stateFile;
  private final SystemProcesses processes;
  private final Repositories repositories;
  private final Function<Programs, Notifier> notifiers;

  private LocalSession(
      RunFolders folders,
      Workspaces workspaces,
      Worktrees worktrees,
      Confinements confinements,
      Providers providers,
      QuotaBook quotas,
      Function<Processes, Repositories> git,
      Function<Programs, Notifier> notifiers,
      InstantSource clock,
      Mask mask,
      ProjectLock lock) {
    this.folders = folders;
    this.workspaces = workspaces;
    this.worktrees = worktrees;
    this.confinements = confinements;
    this.providers = providers;
    this.quotas = quotas;
    this.clock = clock;
    this.mask = mask;
    this.lock = lock;
    this.log = new FileEventLog(folders, Reading.CHECKED);
    this.stateFile = new StateFile(folders);
    this.processes =
        new SystemProcesses(GRACE, providers.environmentOfCommands(), providers.sandboxing());
    this.repositories = git.apply(processes);
    this.notifiers = notifiers;
  }

  /**
   * @param worktrees that tasks are done in, as {@code workspaces} knows
   * @param git given what runs the user's credential helper
   * @param notifiers given what runs the user's commands
   * @throws dev.agentrunner.port.EnvironmentException if another run has the project, or it cannot
   *     be written
   */
  static LocalSession open(
      RunFolders folders,
      Workspaces workspaces,
      Worktrees worktrees,
      Confinements confinements,
      Providers providers,
      QuotaBook quotas,
      Function<Processes, Repositories> git,
      Function<Programs, Notifier> notifiers,
      InstantSource clock,
      Mask mask) {
    ProjectLock lock = ProjectLock.take(folders, clock.instant());
    LocalSession session =
        new LocalSession(
            folders,
            workspaces,
            worktrees,
            confinements,
            providers,
            quotas,
            git,
            notifiers,
            clock,
            mask,
            lock);
    session.stateFile.removeLeftOvers();
    folders.removeLeftOvers();
    return session;
  }

  @Override
  public Payer payer(AgentChoice choice) {
    return providers.payer(choice);
  }

  @Override
  public RunId newRun() {
    return folders.next(clock.instant(), RandomGenerator.getDefault());
  }

  @Override
  public RunState recover(RunId run) {
    if (stateFile.read() instanceof StateFile.Found.WithoutLog(RunState state)
        && state.run().equals(run)) {
      return state;
    }
    var fold = new LocalHistory.Fold(RunState.empty(run));
    log.read(run, 0, fold);
    stateFile.offer(fold.state(), true);
    return fold.state();
  }

  @Override
  public boolean hasLog(RunId run) {
    return Files.exists(folders.events(run));
  }

  @Override
  public Surroundings surroundings(RunId run, People people) {
    return new Surroundings(
        new Guarded(),
        providers,
        quotas,
        workspaces,
        repositories,
        processes,
        confinements,
        folders.artifacts(run),
        new GitCheckpoints(folders.home().resolve("checkpoints.git"), clock),
        worktrees,
        new ClockPauses(clock),
        people,
        clock,
        mask);
  }

  /** Writes only while the lock keeps others out: its file may have been deleted by somebody. */
  private final class Guarded implements EventLog {

    @Override
    public void read(RunId run, long after, Consumer<Recorded> reader) {
      log.read(run, after, reader);
    }

    @Override
    public void append(RunId run, List<Recorded> events) {
      if (!lock.stillOurs()) {
        throw new LostRunException(
            "the lock file %s/lock was deleted or replaced while the run went on; another run may have begun. Stopped; go on with: agent-runner resume"
                .formatted(folders.home()));
      }
      log.append(run, events);
    }
  }

  @Override
  public Notifier notifier() {
    return notifiers.apply(processes);
  }

  @Override
  public RunWatcher keeper(RunId run) {
    return new Watchers(List.of(stateFile, logs(run)));
  }

  /** Keeps the logs for people only. */
  RunWatcher logs(RunId run) {
    return new PeopleLogs(folders.logs(run));
  }

  /** What the run has in its folder. */
  RunFolders folders() {
    return folders;
  }

  @Override
  public String masked(String text) {
    return mask.fileText(text);
  }

  @Override
  public void keep(RunId run, String name, String content) {
    folders.keep(run, name, masked(content).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void endProcesses() {
    processes.endAll();
    providers.endAgents();
  }

  @Override
  public void close() {
    providers.close();
    log.close();
    lock.close();
  }
}
