package dev.agentrunner;

import dev.agentrunner.adapter.claude.ClaudeModel;
import dev.agentrunner.adapter.command.CommandModel;
import dev.agentrunner.adapter.gemini.GeminiModel;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.Pulse;
import dev.agentrunner.adapter.ollama.OllamaModel;
import dev.agentrunner.adapter.openai.OpenAiModel;
import dev.agentrunner.adapter.process.SystemProcesses;
import dev.agentrunner.adapter.recording.CassetteFile;
import dev.agentrunner.adapter.recording.Match;
import dev.agentrunner.adapter.recording.RecordingModel;
import dev.agentrunner.adapter.recording.ReplayModel;
import dev.agentrunner.adapter.yaml.ProviderKind;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Models;
import dev.agentrunner.port.Payer;
import dev.agentrunner.port.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The providers a run may ask, made when first asked for. */
final class Providers implements Models, AutoCloseable {

  /** What a configuration may name. A new provider is a line here and one in {@link #make}. */
  static final List<ProviderKind> KINDS = ProviderKind.all();

  /** Between asking an agent to end and killing it. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final String COMMAND = "command";
  private static final String CLAUDE_MODEL = "claude-sonnet-5-5";
  private static final String OPENAI_MODEL = "gpt-6.1-sol";
  private static final String GEMINI_MODEL = "gemini-3.8-flash";
  private static final String OLLAMA_MODEL = "qwen3-coder:30b";

  private final Settings settings;
  private final Path project;
  private final Optional<Path> record;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final Consumer<String> notices;
  private final Function<Task, String> folders;
  private Optional<SystemProcesses> agents = Optional.empty();
  private final Map<String, ChatModel> models = new HashMap<>();
  private final List<ProviderHttp> lines = new ArrayList<>();
  private Optional<CassetteFile> cassette = Optional.empty();

  /**
   * @param folders where the agent of a task works, as an absolute path
   */
  Providers(
      Settings settings,
      Path project,
      Optional<Path> record,
      Map<String, String> environment,
      InstantSource clock,
      Consumer<String> notices,
      Function<Task, String> folders) {
    this.settings = settings;
    this.project = project;
    this.record = record;
    this.environment = environment;
    this.clock = clock;
    this.notices = notices;
    this.folders = folders;
  }

  /** The environment without the keys: a hook that needs one says so with {@code env}. */
  Map<String, String> environmentOfCommands() {
    Map<String, String> left = new HashMap<>(environment);
    settings.providers().values().stream()
        .flatMap(provider -> provider.key().stream())
        .forEach(key -> {
          if (key instanceof KeySource.Variable(String name)) {
            left.remove(name);
          }
        });
    left.remove(GeminiModel.OLDER_KEY);
    CommandModel.secrets().forEach(left::remove);
    return left;
  }

  @Override
  public synchronized ChatModel provider(String name, Task task) {
    ProviderSettings provider = settings(name);
    return provider.kind().equals(COMMAND)
        ? command(provider, task)
        : models.computeIfAbsent(name, this::makeRecorded);
  }

  /** Made for each task anew: it works in the task's folder, and holds nothing open. */
  private ChatModel command(ProviderSettings provider, Task task) {
    if (record.isPresent()) {
      throw new UsageException(
          "--record: provider %s is an agent that works by its own hand, and a cassette could not do its deeds again; leave --record out, or name another provider"
              .formatted(provider.name()));
    }
    return CommandModel.of(provider, project, environment, folders.apply(task), agents(), clock);
  }

  /** Apart from those of hooks, whose environment they do not share. */
  private synchronized SystemProcesses agents() {
    if (agents.isEmpty()) {
      agents = Optional.of(new SystemProcesses(GRACE, environment));
    }
    return agents.get();
  }

  /** Ends every agent at once, without asking. Callable from any thread. */
  void endAgents() {
    Optional<SystemProcesses> all;
    synchronized (this) {
      all = agents;
    }
    all.ifPresent(SystemProcesses::endAll);
  }

  @Override
  public Payer payer(AgentChoice choice) {
    ProviderSettings provider = settings(choice.provider());
    String model = modelName(choice);
    return switch (provider.kind()) {
      case COMMAND -> CommandModel.payer(provider, project, environment, model);
      case "replay" -> new Payer(provider.name(), model, "a recording", false);
      default -> payer(provider, model);
    };
  }

  private Payer payer(ProviderSettings provider, String model) {
    String credential =
        switch (provider.key().orElse(null)) {
          case KeySource.Variable(String name) when isSet(name) -> name;
          case KeySource.Plain _ -> "a key in the configuration";
          case KeySource.Variable(String name)
              when provider.kind().equals("gemini")
                  && name.equals("GEMINI_API_KEY")
                  && isSet(GeminiModel.OLDER_KEY) ->
              GeminiModel.OLDER_KEY;
          case null, default -> "no key";
        };
    // Behind an address on this machine there may be a gateway: whoever wants a key may charge.
    return new Payer(provider.name(), model, credential, !credential.equals("no key"));
  }

  private boolean isSet(String variable) {
    return !environment.getOrDefault(variable, "").isBlank();
  }

  @Override
  public String modelName(AgentChoice choice) {
    ProviderSettings provider = settings(choice.provider());
    return choice
        .model()
        .or(provider::model)
        .orElseGet(() ->
            switch (provider.kind()) {
              case "claude" -> CLAUDE_MODEL;
              case "openai" -> OPENAI_MODEL;
              case "gemini" -> GEMINI_MODEL;
              case "ollama" -> OLLAMA_MODEL;
              case COMMAND -> CommandModel.OWN_CHOICE;
              default -> provider.name();
            });
  }

  private ProviderSettings settings(String name) {
    ProviderSettings provider = settings.providers().get(name);
    if (provider == null) {
      throw new UsageException(
          "there is no provider '%s'; there are: %s"
              .formatted(
                  name,
                  String.join(", ", settings.providers().keySet().stream().sorted().toList())));
    }
    return provider;
  }

  private ChatModel makeRecorded(String name) {
    ChatModel model = make(settings(name));
    return record
        .<ChatModel>map(file -> new RecordingModel(model, cassette(file, name)))
        .orElse(model);
  }

  private CassetteFile cassette(Path file, String provider) {
    if (cassette.isEmpty()) {
      cassette =
          Optional.of(
              CassetteFile.open(
                  file,
                  provider,
                  modelName(new AgentChoice(provider, settings.agent().model())),
                  LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC),
                  notices));
    }
    return cassette.get();
  }

  private ChatModel make(ProviderSettings provider) {
    return switch (provider.kind()) {
      case "claude" -> claude(provider);
      case "openai" -> openai(provider);
      case "gemini" -> gemini(provider);
      case "ollama" -> ollama(provider);
      case "replay" -> replay(provider);
      default -> throw new IllegalStateException("a kind nobody makes: " + provider.kind());
    };
  }

  private ChatModel claude(ProviderSettings provider) {
    ClaudeModel model =
        new ClaudeModel(
            provider,
            name -> Optional.ofNullable(environment.get(name)),
            line(provider),
            Duration.ofSeconds(settings.retries().longestWaitSeconds()),
            clock);
    return ready(model, model.missing(), provider);
  }

  private ChatModel openai(ProviderSettings provider) {
    OpenAiModel model =
        new OpenAiModel(
            provider,
            name -> Optional.ofNullable(environment.get(name)),
            line(provider),
            Duration.ofSeconds(settings.retries().longestWaitSeconds()),
            clock);
    return ready(model, model.missing(), provider);
  }

  private ChatModel gemini(ProviderSettings provider) {
    GeminiModel model =
        new GeminiModel(
            provider,
            name -> Optional.ofNullable(environment.get(name)),
            line(provider),
            Duration.ofSeconds(settings.retries().longestWaitSeconds()),
            clock);
    return ready(model, model.missing(), provider);
  }

  private ChatModel ollama(ProviderSettings provider) {
    OllamaModel model =
        new OllamaModel(
            provider,
            name -> Optional.ofNullable(environment.get(name)),
            line(provider, OllamaModel.FIRST_BYTE),
            Duration.ofSeconds(settings.retries().longestWaitSeconds()),
            clock);
    return ready(model, model.missing(), provider);
  }

  private ProviderHttp line(ProviderSettings provider) {
    return line(provider, provider.timeouts().silence());
  }

  private ProviderHttp line(ProviderSettings provider, Duration firstByte) {
    var line = new ProviderHttp(provider.timeouts(), Pulse.ofMachine(), firstByte);
    lines.add(line);
    return line;
  }

  private static ChatModel ready(
      ChatModel model, Optional<String> missing, ProviderSettings provider) {
    missing.ifPresent(why -> {
      throw new EnvironmentException(
          "provider %s: %s. Set it, or name another provider with --provider."
              .formatted(provider.name(), why));
    });
    return model;
  }

  private ChatModel replay(ProviderSettings provider) {
    String file = provider.options().get("cassette");
    if (file == null) {
      throw new UsageException(
          "provider %s plays a recording, and none is named: give --cassette FILE, or write providers.%s.cassette"
              .formatted(provider.name(), provider.name()));
    }
    return ReplayModel.open(
        project.resolve(file),
        Match.of(provider.options().getOrDefault("match", "strict")),
        notices);
  }

  @Override
  public void close() {
    cassette.ifPresent(CassetteFile::close);
    lines.forEach(ProviderHttp::close);
  }
}
