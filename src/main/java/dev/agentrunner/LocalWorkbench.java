package dev.agentrunner;

import dev.agentrunner.adapter.command.LimitTest;
import dev.agentrunner.adapter.diff.DiffText;
import dev.agentrunner.adapter.files.ConfinedWorkspace;
import dev.agentrunner.adapter.files.FileQuotaBook;
import dev.agentrunner.adapter.files.RunFolders;
import dev.agentrunner.adapter.files.TaskFolders;
import dev.agentrunner.adapter.git.FolderCopies;
import dev.agentrunner.adapter.git.GitCheckpoints;
import dev.agentrunner.adapter.git.GitStatus;
import dev.agentrunner.adapter.git.LinkedWorktrees;
import dev.agentrunner.adapter.git.LocalRepositories;
import dev.agentrunner.adapter.notify.LocalNotifier;
import dev.agentrunner.adapter.process.SystemProcesses;
import dev.agentrunner.adapter.yaml.Configuration;
import dev.agentrunner.adapter.yaml.ConfigurationFiles;
import dev.agentrunner.adapter.yaml.ConfigurationSources;
import dev.agentrunner.adapter.yaml.Fault;
import dev.agentrunner.adapter.yaml.FaultReport;
import dev.agentrunner.adapter.yaml.Flag;
import dev.agentrunner.adapter.yaml.Loaded;
import dev.agentrunner.adapter.yaml.Origin;
import dev.agentrunner.adapter.yaml.TaskListFile;
import dev.agentrunner.cli.Databases;
import dev.agentrunner.cli.Platform;
import dev.agentrunner.cli.Workbench;
import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.core.limit.PlanWindow;
import dev.agentrunner.core.limit.QuotaWindow;
import dev.agentrunner.core.limit.Spent;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.FirstSteps;
import dev.agentrunner.core.task.ProviderCard;
import dev.agentrunner.core.task.RateLimits;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.engine.HandTools;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.People;
import dev.agentrunner.port.QuotaBook;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.port.Workspaces;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** The workbench on this machine's files. */
final class LocalWorkbench implements Workbench {

  private static final String MARK = ".agent-runner";

  private final Path here;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final Consumer<String> notices;
  private final ProcessMask mask;

  /**
   * @param here the folder the user is in, absolute
   * @param notices is told what a person should know though it stops nothing
   * @param mask is told of the secrets in what is read
   */
  LocalWorkbench(
      Path here,
      Map<String, String> environment,
      InstantSource clock,
      Consumer<String> notices,
      ProcessMask mask) {
    this.here = here;
    this.environment = Map.copyOf(environment);
    this.clock = clock;
    this.notices = notices;
    this.mask = mask;
  }

  @Override
  public Databases databases() {
    return new LocalDatabases();
  }

  @Override
  public Prepared prepare(Sources sources) {
    Optional<Path> list = sources.list().map(this::path);
    Path project = projectOf(sources.directory(), list);
    return prepared(
        sources,
        project,
        configuration ->
            list.map(file ->
                new Found(
                    TaskListFile.load(file, shown(file).toString(), configuration),
                    sources.list().orElseThrow(),
                    nameIn(project, file))));
  }

  /**
   * The same for a task list that lies in no file; paths of its tasks begin at the project's
   * folder.
   *
   * @param sources name the project, and no list
   * @param name of the list, for people; no file of the project has it
   */
  Prepared prepare(Sources sources, String list, String name) {
    Path project = projectOf(sources.directory(), Optional.empty());
    return prepared(
        sources,
        project,
        configuration ->
            Optional.of(
                new Found(TaskListFile.of(list, name, project, configuration), name, name)));
  }

  /** What is wrong with a task list that lies in no file; nothing, if nothing is. */
  List<Fault> faults(Sources sources, String list, String name) {
    Path project = projectOf(sources.directory(), Optional.empty());
    return TaskListFile.of(list, name, project, configuration(sources, project).orRefuse())
            instanceof Loaded.Bad<TaskListFile>(List<Fault> faults, _)
        ? faults
        : List.of();
  }

  private Loaded<Configuration> configuration(Sources sources, Path project) {
    return new ConfigurationFiles(Providers.KINDS, this::shown)
        .load(
            new ConfigurationSources(
                project,
                sources.config().map(this::path),
                home(),
                environment,
                flags(sources.flags())));
  }

  /** A list that was read, with its names for the user and for the project's history. */
  private record Found(Loaded<TaskListFile> read, String file, String name) {}

  private Prepared prepared(
      Sources sources, Path project, Function<Configuration, Optional<Found>> lists) {
    Loaded<Configuration> loaded = configuration(sources, project);
    Configuration configuration = loaded.orRefuse();
    mask.learn(configuration.settings());
    List<Fault> warnings = new ArrayList<>(loaded.warnings());
    Optional<Found> list = lists.apply(configuration);
    Optional<TaskListFile> tasks = list.map(found -> found.read().orRefuse());
    if (tasks.isPresent()) {
      mask.learn(tasks.get().settings());
      warnings.addAll(list.orElseThrow().read().warnings());
    }
    return new Prepared(
        sources,
        project.toString(),
        tasks.map(TaskListFile::settings).orElse(configuration.settings()),
        configuration.files().reversed(),
        configuration.shown().stream()
            .map(value -> new Value(value.key(), value.value(), value.origin().shown()))
            .toList(),
        warnings.stream().map(FaultReport::warning).toList(),
        list.map(found ->
            new Listed(
                found.file(),
                found.name(),
                tasks.orElseThrow().tasks(),
                tasks.orElseThrow().digests(),
                tasks.orElseThrow().lines())));
  }

  private List<Flag> flags(List<Given> flags) {
    return flags.stream()
        .map(flag ->
            new Flag(
                flag.name(),
                flag.key(),
                // A cassette named on the command line is meant from here, one in the file from the
                // project.
                flag.key().equals("providers.replay.cassette")
                    ? path(flag.value()).toString()
                    : flag.value()))
        .toList();
  }

  @Override
  public String project(Optional<String> directory) {
    return directory
        .map(folder -> existing("-C", folder))
        .or(() -> marked(here))
        .orElseThrow(() ->
            new UsageException(
                "no project here: neither %s nor a folder above it has %s; name one with -C DIR"
                    .formatted(here, MARK)))
        .toString();
  }

  @Override
  public String listFile(String project, String name) {
    return shown(Path.of(project).resolve(name).normalize()).toString();
  }

  @Override
  public History history(String project) {
    return new LocalHistory(new RunFolders(Path.of(project)), this::shown);
  }

  @Override
  public Workspaces workspaces(Prepared prepared) {
    return new TaskFolders(
        Path.of(prepared.project()),
        Path.of(prepared.project()).resolve(prepared.list().orElseThrow().name()),
        rules(prepared),
        new GitStatus()::of);
  }

  @Override
  public LocalProposals proposals(Prepared prepared) {
    Listed list = prepared.list().orElseThrow();
    Path home = new RunFolders(Path.of(prepared.project())).home();
    return new LocalProposals(
        workspaces(prepared),
        list.tasks().tasks(),
        closed(prepared),
        new FolderCopies(
            home.resolve("proposals").resolve(HexFormat.of().toHexDigits(list.name().hashCode())),
            home.resolve("checkpoints.git"),
            clock),
        notices);
  }

  @Override
  public LinkedWorktrees worktrees(Prepared prepared) {
    Path home = new RunFolders(Path.of(prepared.project())).home();
    return new LinkedWorktrees(
        home.resolve("worktrees"),
        home.resolve("checkpoints.git"),
        clock,
        workspaces(prepared)::folder);
  }

  @Override
  public Workspaces places(Prepared prepared) {
    return new LocalWorktrees(proposals(prepared).workspaces(), closed(prepared));
  }

  /** Files that no agent writes to. */
  private List<Path> closed(Prepared prepared) {
    List<Path> closed = new ArrayList<>(rules(prepared));
    closed.add(
        Path.of(prepared.project()).resolve(prepared.list().orElseThrow().name()).normalize());
    return closed;
  }

  /** Files that say how a run is done and may lie where an agent works. */
  private List<Path> rules(Prepared prepared) {
    List<Path> rules = new ArrayList<>();
    prepared.sources().config().map(this::path).ifPresent(rules::add);
    prepared.values().stream()
        .filter(value -> value.key().equals("prompt_template"))
        .map(value -> Path.of(prepared.project()).resolve(value.shown()).normalize())
        .forEach(rules::add);
    return rules;
  }

  @Override
  public Workspace workspace(String folder) {
    Path existing = existing("--dir", folder);
    try {
      return ConfinedWorkspace.open(existing.toRealPath(), List.of());
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot open %s: %s; see to its permissions".formatted(folder, e.getMessage()), e);
    }
  }

  @Override
  public LimitFinding limitIn(String capture, Optional<String> preset, Optional<String> patterns) {
    LimitTest.Result result =
        LimitTest.of(
            capture, preset, patterns.map(this::path), clock.instant(), ZoneId.systemDefault());
    return new LimitFinding(
        result.rule(), result.kind(), result.message(), result.resetsAt(), result.version());
  }

  @Override
  public InputStream input(String file) {
    Path path = path(file);
    if (Files.isDirectory(path)) {
      throw new UsageException(
          "%s: this is a folder, not a file; name a file in it".formatted(file));
    }
    try {
      return Files.newInputStream(path);
    } catch (NoSuchFileException e) {
      throw new UsageException(
          "%s: there is no such file; look at its name, and at the folder you are in"
              .formatted(file));
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot read %s: %s; see to its permissions".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public LocalSession open(Prepared prepared) {
    Workspaces workspaces = new LocalWorktrees(proposals(prepared).making(), closed(prepared));
    LinkedWorktrees worktrees = worktrees(prepared);
    Providers models = models(prepared, workspaces::folder);
    LocalSession session =
        LocalSession.open(
            new RunFolders(Path.of(prepared.project())),
            workspaces,
            worktrees,
            confinements(prepared),
            models,
            quotas(prepared.project()),
            processes ->
                new LocalRepositories(prepared.settings().git(), environment, processes, clock),
            programs ->
                new LocalNotifier(
                    prepared.settings().telling().notifications(),
                    new LocalNotifier.Ground(
                        programs,
                        prepared.project(),
                        models.environmentOfCommands(),
                        environment,
                        clock),
                    mask.get(),
                    notices),
            clock,
            mask.get());
    sweep(worktrees, history(prepared.project()));
    return session;
  }

  /** Of runs that nobody goes on with. */
  private static void sweep(LinkedWorktrees worktrees, History history) {
    worktrees.sweep(run -> {
      try {
        return history.state(run).status().isFinal();
      } catch (EnvironmentException unreadable) {
        return false;
      }
    });
  }

  /** Where nobody is sent to work. */
  private Providers models(Prepared prepared) {
    return models(prepared, task -> prepared.project());
  }

  private Providers models(Prepared prepared, Function<Task, String> folders) {
    return new Providers(
        prepared.settings(),
        Path.of(prepared.project()),
        prepared.sources().record().map(this::path),
        environment,
        clock,
        notices,
        mask.get(),
        folders);
  }

  @Override
  public List<ProviderCard> providers(Prepared prepared) {
    try (Providers providers = models(prepared)) {
      return inspection(prepared, providers)
          .cards(name ->
              name.equals(prepared.settings().agent().provider())
                  || prepared.values().stream()
                      .anyMatch(value ->
                          value.key().startsWith("providers." + name + ".")
                              && !value.origin().equals(new Origin.Default().shown())));
    }
  }

  @Override
  public List<Finding> check(Prepared prepared, String provider, boolean spend) {
    try (Providers providers = models(prepared)) {
      return inspection(prepared, providers).check(provider, spend);
    }
  }

  private ProviderInspection inspection(Prepared prepared, Providers providers) {
    return new ProviderInspection(prepared.settings(), providers, environment);
  }

  @Override
  public List<AccountLimits> limits(Prepared prepared) {
    QuotaBook book = quotas(prepared.project());
    Instant now = clock.instant();
    List<AccountLimits> all = new ArrayList<>();
    try (Providers providers = models(prepared)) {
      for (String name : prepared.settings().providers().keySet().stream().sorted().toList()) {
        RateLimits limits = prepared.settings().allowance().of(name);
        List<Spent> history = providers.account(name).map(book::history).orElse(List.of());
        AgentChoice agent = prepared.settings().agent();
        boolean inUse =
            !history.isEmpty() || agent.provider().equals(name) || agent.fallback().contains(name);
        List<PlanWindow> plan =
            Optional.of(name)
                .filter(_ -> inUse)
                .flatMap(providers::plan)
                .map(known -> PlanWindow.of(known, history, now))
                .orElse(List.of());
        if (!limits.quotas().isEmpty() || !history.isEmpty() || !plan.isEmpty()) {
          all.add(
              new AccountLimits(
                  name,
                  limits.quotas().stream()
                      .map(quota -> QuotaWindow.of(quota, history, now))
                      .toList(),
                  limits.reserve(),
                  providers.account(name).map(book::readings).orElse(List.of()),
                  plan,
                  history));
        }
      }
    }
    return all;
  }

  @Override
  public Optional<String> editor() {
    return new LocalEditor(environment).command();
  }

  @Override
  public FirstSteps look(String folder) {
    return new LocalFirstSteps(Path.of(folder), environment).look();
  }

  @Override
  public boolean write(String folder, NewFile file) {
    return new LocalFirstSteps(Path.of(folder), environment).write(file);
  }

  /** Shared by all projects of the user; without a home folder, the project keeps its own. */
  private QuotaBook quotas(String project) {
    Path whose = home().orElse(Path.of(project));
    return new FileQuotaBook(whose.resolve(MARK).resolve("usage"), clock);
  }

  @Override
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  @Override
  public ReportPlaces reportPlaces() {
    return new LocalReports(this::path, environment, mask);
  }

  @Override
  public Checkpoints checkpoints(String project) {
    return new GitCheckpoints(
        new RunFolders(Path.of(project)).home().resolve("checkpoints.git"), clock);
  }

  private LocalConfinements confinements(Prepared prepared) {
    Path project = Path.of(prepared.project());
    List<Path> own = new ArrayList<>();
    own.add(project.resolve(MARK));
    prepared.list().map(list -> project.resolve(list.name()).normalize()).ifPresent(own::add);
    prepared.files().stream().map(this::path).forEach(own::add);
    return new LocalConfinements(own, home(), environment);
  }

  @Override
  public HandTools handTools(Prepared prepared, People people) {
    SystemProcesses processes =
        new SystemProcesses(
            LocalSession.GRACE,
            models(prepared).environmentOfCommands(),
            prepared.settings().tools().sandbox());
    return new HandTools(
        prepared.settings().tools(),
        prepared.settings().git(),
        processes,
        new LocalRepositories(prepared.settings().git(), environment, processes, clock),
        confinements(prepared),
        people);
  }

  @Override
  public String folder(String written) {
    return existing("--dir", written).toString();
  }

  @Override
  public Platform platform() {
    return new LocalPlatform(this, home().orElse(here), here, environment, clock, notices);
  }

  @Override
  public String diff(String path, Optional<byte[]> before, Optional<byte[]> after) {
    return DiffText.of(path, before, after);
  }

  private Path projectOf(Optional<String> directory, Optional<Path> list) {
    if (directory.isPresent()) {
      return existing("-C", directory.get());
    }
    Path from = list.map(Path::getParent).orElse(here);
    return marked(from).orElseGet(() -> list.isEmpty() || from.startsWith(here) ? here : from);
  }

  /**
   * The nearest folder from {@code from} upwards that is a project; the home folder's settings make
   * it none.
   */
  private Optional<Path> marked(Path from) {
    return Stream.iterate(from, folder -> folder != null, Path::getParent)
        .filter(folder -> Files.isDirectory(folder.resolve(MARK)))
        .filter(folder -> !Optional.of(folder).equals(home()))
        .findFirst();
  }

  private Optional<Path> home() {
    return Optional.ofNullable(environment.getOrDefault("HOME", System.getProperty("user.home")))
        .filter(home -> !home.isEmpty())
        .map(Path::of);
  }

  private Path existing(String flag, String directory) {
    Path folder = path(directory);
    if (!Files.isDirectory(folder)) {
      throw new UsageException(
          "%s %s: there is no such folder; name one that is there".formatted(flag, directory));
    }
    return folder;
  }

  private Path path(String written) {
    try {
      return here.resolve(written).normalize();
    } catch (InvalidPathException e) {
      throw new UsageException(
          "'%s' cannot be a path here: %s; name it otherwise".formatted(written, e.getReason()));
    }
  }

  /** As short as it can be named from here. */
  private Path shown(Path path) {
    return path.startsWith(here) && !path.equals(here) ? here.relativize(path) : path;
  }

  private static String nameIn(Path project, Path list) {
    Path name = list.startsWith(project) ? project.relativize(list) : list;
    return name.toString().replace('\\', '/');
  }
}
