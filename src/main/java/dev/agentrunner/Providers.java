package dev.agentrunner;

import dev.agentrunner.adapter.command.CommandModel;
import dev.agentrunner.adapter.gemini.GeminiModel;
import dev.agentrunner.adapter.http.HttpModel;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.Pulse;
import dev.agentrunner.adapter.recording.CassetteFile;
import dev.agentrunner.adapter.recording.Match;
import dev.agentrunner.adapter.recording.RecordingModel;
import dev.agentrunner.adapter.recording.ReplayModel;
import dev.agentrunner.adapter.text.TextModel;
import dev.agentrunner.adapter.yaml.ProviderKind;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.ModelPrice;
import dev.agentrunner.core.limit.QuotaPlan;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Models;
import dev.agentrunner.port.Payer;
import dev.agentrunner.port.StopSignal;
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

  /** What a configuration may name. A new provider is a line there and one in {@link HttpKind}. */
  static final List<ProviderKind> KINDS = ProviderKind.all();

  private static final String SETTING = "AGENT_RUNNER_PROVIDERS__";

  private static final Timeouts CHECKING =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(15));

  private final Settings settings;
  private final Path project;
  private final Optional<Path> record;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final Consumer<String> notices;
  private final Mask mask;
  private final Map<String, HttpKind> kinds;
  private final LocalAgents agents;
  private final Map<String, ChatModel> models = new HashMap<>();
  private final List<ProviderHttp> lines = new ArrayList<>();
  private Optional<CassetteFile> cassette = Optional.empty();
  private Optional<Prices> prices = Optional.empty();

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
      Mask mask,
      Function<Task, String> folders) {
    this.settings = settings;
    this.project = project;
    this.record = record;
    this.environment = environment;
    this.clock = clock;
    this.notices = notices;
    this.mask = mask;
    this.kinds = HttpKind.all(notices);
    this.agents = new LocalAgents(project, environment, folders, clock);
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
    // The usual variables too, as they hold keys though this configuration names others; and
    // settings that are variables, as a key can be one.
    KINDS.forEach(kind -> kind.usualVariable().ifPresent(left::remove));
    left.keySet().removeIf(name -> name.startsWith(SETTING));
    left.remove(GeminiModel.OLDER_KEY);
    settings.git().tokenVariable().ifPresent(left::remove);
    settings.telling().notifications().stream()
        .flatMap(one -> one.webhook().stream())
        .forEach(webhook -> {
          webhook.secretVariable().ifPresent(left::remove);
          if (webhook.address() instanceof KeySource.Variable(String name)) {
            left.remove(name);
          }
        });
    CommandModel.secrets().forEach(left::remove);
    return left;
  }

  /** What the agent's commands are held by. */
  Sandboxing sandboxing() {
    return settings.tools().sandbox();
  }

  @Override
  public synchronized ChatModel provider(String name, Task task) {
    ProviderSettings provider = settings(name);
    if (!isAgent(provider)) {
      return models.computeIfAbsent(name, this::makeRecorded);
    }
    if (record.isPresent()) {
      throw new UsageException(
          "--record: provider %s is an agent that works by its own hand, and a cassette could not do its deeds again; leave --record out, or name another provider"
              .formatted(provider.name()));
    }
    return agents.model(provider, task);
  }

  /** Ends every agent at once, without asking. Callable from any thread. */
  void endAgents() {
    agents.endAll();
  }

  private static boolean isAgent(ProviderSettings provider) {
    return provider.kind().equals(ProviderSettings.COMMAND);
  }

  @Override
  public Optional<String> account(String name) {
    ProviderSettings provider = settings(name);
    if (!asksOthers(provider)) {
      return Optional.empty();
    }
    String key =
        switch (provider.key().orElse(null)) {
          case KeySource.Variable(String variable) -> environment.getOrDefault(variable, "");
          case KeySource.Plain(String secret) -> secret;
          case null -> "";
        };
    // Agents are all of one kind; what tells them apart is whose command line it is.
    String kind =
        isAgent(provider)
            ? provider.options().getOrDefault("preset", provider.name())
            : provider.kind();
    return Optional.of(Account.of(kind, provider.baseUrl().orElse(""), key));
  }

  /** The subscription that pays for a provider; empty if none does, or none that is known. */
  Optional<QuotaPlan> plan(String name) {
    ProviderSettings provider = settings(name);
    if (!isAgent(provider)) {
      return Optional.empty();
    }
    try {
      return agents.payer(provider, modelOf(provider)).metered()
          ? Optional.empty()
          : new Subscriptions(prices().list().plans()).of(provider);
    } catch (UsageException | EnvironmentException nobodyPays) {
      return Optional.empty();
    }
  }

  @Override
  public Payer payer(AgentChoice choice) {
    ProviderSettings provider = settings(choice.provider());
    String model = modelName(choice);
    return switch (provider.kind()) {
      case ProviderSettings.COMMAND -> agents.payer(provider, model);
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
            Optional.ofNullable(kinds.get(provider.kind()))
                .map(HttpKind::usualModel)
                .orElse(isAgent(provider) ? CommandModel.OWN_CHOICE : provider.name()));
  }

  @Override
  public Cost cost(String provider, String model, Usage usage) {
    return prices()
        .of(settings(provider), model)
        .map(price -> price.of(usage))
        .orElse(Cost.UNKNOWN);
  }

  /** Read late: a run without replies needs none. */
  private synchronized Prices prices() {
    Prices known = prices.orElseGet(() -> Prices.shipped(settings.prices(), clock));
    prices = Optional.of(known);
    return known;
  }

  /**
   * @throws UsageException if there is none of that name
   */
  ProviderSettings settings(String name) {
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
        .<ChatModel>map(file -> new RecordingModel(model, cassette(file, name), mask))
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
    HttpKind overHttp = kinds.get(provider.kind());
    if (overHttp != null) {
      HttpModel model = overHttp(overHttp, provider);
      model
          .missing()
          .ifPresent(why -> {
            throw new EnvironmentException(
                "provider %s: %s. Set it, or name another provider with --provider."
                    .formatted(provider.name(), why));
          });
      return model.lacksTools() ? new TextModel(model) : model;
    }
    return switch (provider.kind()) {
      case "replay" -> replay(provider);
      default -> throw new IllegalStateException("a kind nobody makes: " + provider.kind());
    };
  }

  private HttpModel overHttp(HttpKind kind, ProviderSettings provider) {
    return make(kind.models(), line(provider.timeouts(), kind.firstByte()), provider);
  }

  private <T> T make(HttpKind.Maker<T> maker, ProviderHttp line, ProviderSettings provider) {
    return maker.make(
        provider,
        name -> Optional.ofNullable(environment.get(name)),
        line,
        Duration.ofSeconds(settings.retries().longestWaitSeconds()),
        clock);
  }

  private ProviderHttp line(Timeouts timeouts, Duration firstByte) {
    var line = new ProviderHttp(timeouts, Pulse.ofMachine(), firstByte);
    lines.add(line);
    return line;
  }

  /** Why a provider cannot be asked, and how to mend it. */
  Optional<String> missing(ProviderSettings provider) {
    try {
      if (isAgent(provider)) {
        return agents.checkup(provider).missing();
      }
      HttpKind overHttp = kinds.get(provider.kind());
      if (overHttp != null) {
        return overHttp(overHttp, provider)
            .missing()
            .map(why -> why + ". Set it, or name another variable with api_key_env.");
      }
      make(provider);
      return Optional.empty();
    } catch (UsageException | EnvironmentException wrong) {
      return Optional.of(String.valueOf(wrong.getMessage()));
    }
  }

  /**
   * What is found when a provider is looked at, but not asked for a reply.
   *
   * @throws UsageException if its settings do not hold together
   * @throws EnvironmentException if something it needs is missing
   */
  List<Finding> examine(ProviderSettings provider) {
    if (isAgent(provider)) {
      return agents.checkup(provider).examine(new StopSignal());
    }
    HttpKind overHttp = kinds.get(provider.kind());
    if (overHttp != null) {
      return make(overHttp.checkups(), line(CHECKING, Duration.ZERO), provider)
          .examine(modelOf(provider), new StopSignal());
    }
    make(provider);
    return List.of(Finding.ok("provider", "needs nothing from outside"));
  }

  /** Whether a reply of it takes more than a file of ours. */
  boolean asksOthers(ProviderSettings provider) {
    return isAgent(provider) || kinds.containsKey(provider.kind());
  }

  /** The model for a question that is about no task. */
  ChatModel outsideOfTasks(ProviderSettings provider) {
    return isAgent(provider) ? agents.model(provider) : make(provider);
  }

  String modelOf(ProviderSettings provider) {
    boolean chosen = provider.name().equals(settings.agent().provider());
    return modelName(
        new AgentChoice(provider.name(), chosen ? settings.agent().model() : Optional.empty()));
  }

  Optional<ModelPrice> price(ProviderSettings provider) {
    return prices().of(provider, modelOf(provider));
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
