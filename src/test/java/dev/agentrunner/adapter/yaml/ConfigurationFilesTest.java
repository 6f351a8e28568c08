package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.When;
import dev.agentrunner.port.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigurationFilesTest {

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private final List<Flag> flags = new ArrayList<>();
  private Optional<Path> named = Optional.empty();

  @Test
  void an_agent_may_be_silent_for_longer_than_an_api_unless_somebody_says_otherwise() {
    project(
        """
        providers:
          mine: {kind: command, preset: codex, args: [-c, "a=b c"], env: HOME}
          short: {kind: command, preset: codex, timeouts: {silence: 5s}}
        """);

    var providers = load().orRefuse().settings().providers();

    assertThat(providers.get("codex").timeouts().silence()).isEqualTo(Duration.ofMinutes(10));
    assertThat(providers.get("mine").timeouts().total()).isEqualTo(Duration.ofMinutes(60));
    assertThat(providers.get("mine").lists())
        .isEqualTo(Map.of("args", List.of("-c", "a=b c"), "env", List.of("HOME")));
    assertThat(providers.get("short").timeouts().silence()).isEqualTo(Duration.ofSeconds(5));
    assertThat(providers.get("short").timeouts().total()).isEqualTo(Duration.ofMinutes(60));
  }

  @Test
  void without_any_file_the_built_in_settings_hold() {
    Configuration configuration = load().orRefuse();

    Settings settings = configuration.settings();
    assertThat(settings.agent()).isEqualTo(new AgentChoice("claude", Optional.empty()));
    assertThat(settings.providers())
        .containsOnlyKeys(
            "claude",
            "openai",
            "gemini",
            "ollama",
            "replay",
            "claude-code",
            "codex",
            "gemini-cli",
            "opencode",
            "aider",
            "goose")
        .containsEntry(
            "claude",
            new ProviderSettings(
                "claude",
                "claude",
                Optional.empty(),
                Optional.empty(),
                Optional.of(new KeySource.Variable("ANTHROPIC_API_KEY")),
                new Timeouts(Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofMinutes(30)),
                Map.of()));
    assertThat(settings.hooks()).isEmpty();
    assertThat(settings.failSafe()).isEqualTo(new FailSafe(2, Optional.empty()));
    assertThat(settings.retries()).isEqualTo(new Settings.Retries(5, 60));
    assertThat(settings.outputTokensMax()).isEqualTo(16_000);
    assertThat(settings.promptTemplate()).isEmpty();
    assertThat(configuration.bounds())
        .isEqualTo(new Bounds(3, 50, 2_000_000, Duration.ofMinutes(30)));
    assertThat(configuration.files()).isEmpty();
  }

  @Test
  void everything_that_can_be_written_is_read() {
    write("project/prompt.md", "Do {{title}}");
    project(
        """
        provider: work
        model: m1
        providers:
          work:
            kind: claude
            model: m2
            base_url: https://models.example.com/
            api_key_env: WORK_KEY
            timeouts: {connect: 250ms, silence: 90s, total: 1h}
            cache: off
        hooks:
          short: make test
          block: {command: "a\\nb", timeout: 5m, cwd: sub, env: {A: "1", B: yes}, sandbox: true}
          words: {command: [git, commit, -m, ""]}
        fail_safe: {max_attempts_per_task: 5, max_consecutive_failures: 7, on_escalation: skip}
        limits: {max_turns: 10, max_tokens: 1000, max_time: 1d}
        retries: {max: 0, longest_wait: 1500ms}
        output_tokens: 99
        prompt_template: prompt.md
        """);

    Configuration configuration = load().orRefuse();

    Settings settings = configuration.settings();
    assertThat(settings.agent()).isEqualTo(new AgentChoice("work", Optional.of("m1")));
    assertThat(settings.providers().get("work"))
        .isEqualTo(
            new ProviderSettings(
                "work",
                "claude",
                Optional.of("m2"),
                Optional.of("https://models.example.com"),
                Optional.of(new KeySource.Variable("WORK_KEY")),
                new Timeouts(Duration.ofMillis(250), Duration.ofSeconds(90), Duration.ofHours(1)),
                Map.of("cache", "off")));
    assertThat(settings.hook(new HookId("short")))
        .isEqualTo(
            new Hook(
                new HookId("short"),
                new Command.Shell("make test"),
                Duration.ofMinutes(10),
                Optional.empty(),
                Map.of()));
    assertThat(settings.hook(new HookId("block")))
        .isEqualTo(
            new Hook(
                new HookId("block"),
                new Command.Shell("a\nb"),
                Duration.ofMinutes(5),
                Optional.of("sub"),
                Map.of("A", "1", "B", "yes"),
                new When.Always(),
                Optional.empty(),
                true));
    assertThat(settings.hook(new HookId("words")).command())
        .isEqualTo(new Command.Program(List.of("git", "commit", "-m", "")));
    assertThat(settings.failSafe())
        .isEqualTo(new FailSafe(7, Optional.of(FailSafe.Unattended.SKIP)));
    assertThat(settings.retries()).isEqualTo(new Settings.Retries(0, 2));
    assertThat(settings.outputTokensMax()).isEqualTo(99);
    assertThat(settings.promptTemplate()).contains("Do {{title}}");
    assertThat(configuration.bounds()).isEqualTo(new Bounds(5, 10, 1000, Duration.ofDays(1)));
  }

  @Test
  void what_says_more_about_this_run_wins_key_by_key() {
    home("limits: {max_turns: 1, max_tokens: 1, max_time: 1h}\nmodel: home\noutput_tokens: 1");
    project("limits: {max_turns: 2, max_tokens: 2}\nmodel: project");
    environment.put("AGENT_RUNNER_LIMITS__MAX_TURNS", "3");
    environment.put("AGENT_RUNNER_MODEL", "environment");
    flags.add(new Flag("--model", "model", "flag"));

    Configuration configuration = load().orRefuse();

    assertThat(configuration.settings().agent().model()).contains("flag");
    assertThat(configuration.bounds()).isEqualTo(new Bounds(3, 3, 2, Duration.ofHours(1)));
    assertThat(origin(configuration, "model")).isEqualTo("flag --model");
    assertThat(origin(configuration, "limits.max_turns"))
        .isEqualTo("env AGENT_RUNNER_LIMITS__MAX_TURNS");
    assertThat(origin(configuration, "limits.max_tokens")).endsWith("config.yml:1");
    assertThat(origin(configuration, "limits.max_time")).isEqualTo("~/.agent-runner/config.yml:1");
    assertThat(origin(configuration, "output_tokens")).isEqualTo("~/.agent-runner/config.yml:3");
    assertThat(origin(configuration, "retries.max")).isEqualTo("default");
  }

  @Test
  void a_hook_is_laid_over_another_key_by_key_and_its_words_are_replaced_whole() {
    home("hooks: {h: {command: [a, b, c], timeout: 1m}}");
    project("hooks: {h: [d]}");

    Hook hook = load().orRefuse().settings().hook(new HookId("h"));

    assertThat(hook.command()).isEqualTo(new Command.Program(List.of("d")));
    assertThat(hook.timeout()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void a_key_without_a_value_says_nothing() {
    home("model: m\nhooks: {h: x}");
    project("model:\nhooks:\nproviders:\n  claude:\n");

    Configuration configuration = load().orRefuse();

    assertThat(configuration.settings().agent().model()).contains("m");
    assertThat(configuration.settings().hooks()).hasSize(1);
  }

  @Test
  void a_named_file_takes_the_place_of_the_projects_and_may_be_json() {
    project("model: project");
    named = Optional.of(write("other.json", "{\"model\": \"json\", \"output_tokens\": 5}"));

    assertThat(load().orRefuse().settings().agent().model()).contains("json");
  }

  @Test
  void a_named_file_that_is_not_there_is_a_fault() {
    named = Optional.of(folder.resolve("none.yml"));

    assertThat(Reports.messages(load()))
        .containsExactly(folder.resolve("none.yml") + ": there is no such file");
  }

  @Test
  void home_is_read_once_where_it_is_the_project_too() {
    project("hooks: {h: x}");

    var sources =
        new ConfigurationSources(
            folder.resolve("project"),
            Optional.empty(),
            Optional.of(folder.resolve("project")),
            Map.of(),
            List.of());

    assertThat(files().load(sources).orRefuse().files()).hasSize(1);
  }

  @Test
  void names_of_the_users_own_are_recognised_in_variables_and_flags() {
    project("hooks: {unit-tests: a, a.b: c}\nproviders: {claude: {model: x}}");
    environment.put("AGENT_RUNNER_HOOKS__UNIT_TESTS__TIMEOUT", "1m");
    environment.put("AGENT_RUNNER_HOOKS__UNIT_TESTS__ENV__Path", "p");
    environment.put("AGENT_RUNNER_HOOKS__NEW", "run");
    environment.put("AGENT_RUNNER_PROVIDERS__CLAUDE__BASE_URL", "http://localhost:1");
    flags.add(new Flag("--set", "hooks.a.b.timeout", "2m"));

    Settings settings = load().orRefuse().settings();

    assertThat(settings.hook(new HookId("unit-tests")).timeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.hook(new HookId("unit-tests")).environment()).containsEntry("Path", "p");
    assertThat(settings.hook(new HookId("new")).command()).isEqualTo(new Command.Shell("run"));
    assertThat(settings.hook(new HookId("a.b")).timeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.providers().get("claude").baseUrl()).contains("http://localhost:1");
  }

  @Test
  void an_unknown_variable_is_warned_of_and_a_reserved_or_empty_one_is_not() {
    environment.put("AGENT_RUNNER_FAIL_SAFE_MAX_ATTEMPTS_PER_TASK", "1");
    environment.put("AGENT_RUNNER_CORPORA", "/x");
    environment.put("AGENT_RUNNER_ORIG_LC_ALL", "C");
    environment.put("AGENT_RUNNER_TASK_ID", "T1");
    environment.put("AGENT_RUNNER_MODEL", "");

    Loaded<Configuration> loaded = load();

    assertThat(loaded.orRefuse().settings().agent().model()).isEmpty();
    assertThat(loaded.warnings()).hasSize(1);
    assertThat(FaultReport.warning(loaded.warnings().getFirst()))
        .startsWith("env AGENT_RUNNER_FAIL_SAFE_MAX_ATTEMPTS_PER_TASK: warning: not a setting")
        .contains("did you mean 'AGENT_RUNNER_FAIL_SAFE__MAX_ATTEMPTS_PER_TASK'?");
  }

  @Test
  void faults_of_all_sources_are_told_at_once() {
    home("modle: x");
    project("output_tokens: many\nlimits: {max_time: 5}");
    environment.put("AGENT_RUNNER_RETRIES__MAX", "-1");
    flags.add(new Flag("--set", "limit.max_turns", "4"));

    assertThat(Reports.messages(load()))
        .satisfiesExactlyInAnyOrder(
            m -> assertThat(m).isEqualTo("~/.agent-runner/config.yml:1:1: unknown key 'modle'"),
            m ->
                assertThat(m).endsWith("config.yml:1:16: output_tokens: 'many' is no whole number"),
            m ->
                assertThat(m).endsWith("config.yml:2:20: max_time: '5' is a number without a unit"),
            m ->
                assertThat(m)
                    .isEqualTo("env AGENT_RUNNER_RETRIES__MAX: max: '-1' is no whole number"),
            m -> assertThat(m).isEqualTo("flag --set: there is no setting 'limit.max_turns'"));
    assertThatThrownBy(() -> load().orRefuse())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("did you mean 'model'?")
        .hasMessageContaining("did you mean 'limits.max_turns'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          provider: cluade                      | unknown provider 'cluade'
          providers: {x: {model: y}}            | provider 'x' has no kind
          providers: {x: {kind: gpt}}           | kind cannot be 'gpt'
          providers: {replay: {cache: off}}     | a provider of kind 'replay' has no 'cache'
          providers: {claude: {cache: 2h}}      | cache cannot be '2h'
          providers: {claude: {effort: minimal}} | effort of a provider of kind 'claude' cannot be 'minimal'
          providers: {openai: {effort: huge}}   | effort cannot be 'huge'
          providers: {claude: {base_url: ftp://x}}         | 'base_url' does not begin with https://
          providers: {claude: {base_url: "https://u:p@x"}} | 'base_url' holds a user name or password
          providers: {claude: {base_url: localhost}}       | 'base_url' does not begin with https://
          providers: {claude: {base_url: "http://"}}       | 'base_url' is no web address
          providers: {claude: {api_key: "env:1X"}}         | 'api_key' names no environment variable
          providers: {claude: {api_key: env:A, api_key_env: B}} | both 'api_key_env' and 'api_key'
          providers: {claude: {timeouts: {total: 0s}}}     | total: '0s' is no time at all
          providers: {claude: {timeouts: {total: 99d}}}    | total: '99d' is too long
          providers: {claude: {timeouts: {total: 1h30m}}}  | total: '1h30m' is no length of time
          providers: {a b: {kind: claude}}      | 'a b' is no provider id
          providers: [claude]                   | 'providers' must be a mapping, and is a list
          hooks: {../x: y}                      | '../x' is no hook id
          hooks: {h: }                          | 'h' has no value
          hooks: {h: {timeout: 1m}}             | 'command' is missing in 'h'
          hooks: {h: {command: ""}}             | 'command' is empty
          hooks: {h: []}                        | 'h' is an empty list
          hooks: {h: {command: {a: b}}}         | 'command' must be a line or a list
          hooks: {h: {command: a, env: {1A: x}}} | '1A' is no name of an environment variable
          hooks: {h: {command: a, env: {A: [x]}}} | 'A' must be text, and is a list
          hooks: {h: "a\\0b"}                   | 'h' holds the control character \\x00
          fail_safe: {max_attempts_per_task: 0} | max_attempts_per_task cannot be 0
          fail_safe: {on_escalation: ask}       | on_escalation cannot be 'ask'
          fail_safe: 3                          | 'fail_safe' must be a mapping, and is text
          limits: {max_turns: 1e3}              | max_turns: '1e3' is no whole number
          limits: {max_turns: 010}              | max_turns: '010' is no whole number
          limits: {max_turns: 99999999999999999999} | max_turns cannot be 99999999999999999999
          prompt_template: none.md              | there is no file
          limit: {}                             | unknown key 'limit'
          """)
  void a_fault_is_told_once_and_where_it_is(String text, String message) {
    project(text);

    assertThat(Reports.messages(load()))
        .singleElement()
        .asString()
        .contains("config.yml:1:", ": " + message);
  }

  @Test
  void a_file_that_cannot_be_read_is_not_blamed_for_what_it_may_define() {
    project("hooks: [\n");
    environment.put("AGENT_RUNNER_PROVIDER", "mine");

    assertThat(Reports.messages(load())).hasSize(1);
  }

  @Test
  void a_higher_layer_may_name_the_key_in_the_other_way() {
    project("providers: {claude: {api_key: env:MINE}}");

    assertThat(load().orRefuse().settings().providers().get("claude").key())
        .contains(new KeySource.Variable("MINE"));
  }

  @Test
  void a_key_in_plain_text_is_warned_of_and_shown_nowhere() {
    project(
        "providers: {claude: {api_key: hunter2hunter2}}\nhooks: {h: {command: x, env: {MY_TOKEN: hunter2}}}");

    Loaded<Configuration> loaded = load();

    assertThat(loaded.orRefuse().settings().providers().get("claude").key())
        .contains(new KeySource.Plain("hunter2hunter2"));
    assertThat(FaultReport.warning(loaded.warnings().getFirst()))
        .contains("config.yml:1:31: warning: a key in plain text")
        .doesNotContain("hunter2");
    assertThat(loaded.orRefuse().shown().toString())
        .contains("key=providers.claude.api_key, value=***")
        .doesNotContain("hunter2hunter2, ")
        .doesNotContain("value=hunter2");
  }

  @Test
  void a_model_named_for_one_provider_is_not_asked_of_another() {
    project("provider: claude\nmodel: sonnet");
    flags.add(new Flag("--provider", "provider", "replay"));

    Loaded<Configuration> loaded = load();

    assertThat(loaded.orRefuse().settings().agent())
        .isEqualTo(new AgentChoice("replay", Optional.empty()));
    assertThat(Reports.warnings(loaded))
        .singleElement()
        .asString()
        .endsWith(
            "config.yml:2:8: this model is for provider 'claude' and is not asked of 'replay'");
  }

  @Test
  void a_model_and_a_provider_from_one_place_go_together() {
    project("model: sonnet");
    environment.put("AGENT_RUNNER_PROVIDER", "replay");
    environment.put("AGENT_RUNNER_MODEL", "m");

    assertThat(load().orRefuse().settings().agent())
        .isEqualTo(new AgentChoice("replay", Optional.of("m")));
  }

  @Test
  void a_config_file_by_nearly_the_right_name_is_warned_of() {
    write("project/.agent-runner/config.yaml", "model: x");

    assertThat(load().warnings())
        .singleElement()
        .extracting(Fault::cure)
        .isEqualTo("call it config.yml");
  }

  private String origin(Configuration configuration, String key) {
    return configuration.shown().stream()
        .filter(setting -> setting.key().equals(key))
        .map(setting -> setting.origin().shown())
        .findFirst()
        .orElseThrow();
  }

  private Loaded<Configuration> load() {
    return files()
        .load(
            new ConfigurationSources(
                folder.resolve("project"),
                named,
                Optional.of(folder.resolve("home")),
                environment,
                flags));
  }

  private static ConfigurationFiles files() {
    return new ConfigurationFiles(ProviderKind.all());
  }

  private void home(String text) {
    write("home/.agent-runner/config.yml", text);
  }

  private void project(String text) {
    write("project/.agent-runner/config.yml", text);
  }

  private Path write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException trouble) {
      throw new UncheckedIOException(trouble);
    }
  }
}
