package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Baseline;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Delivery;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.FailSafe.Unattended;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.core.task.GitSettings.AgentGit;
import dev.agentrunner.core.task.GiveUp;
import dev.agentrunner.core.task.Identity;
import dev.agentrunner.core.task.OnTamper;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.core.task.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes settings of a tree that has been completed and found in order. */
final class SettingsReader {

  private final Values root;
  private final List<ProviderKind> kinds;

  SettingsReader(Mapping tree, List<ProviderKind> kinds) {
    this.root = new Values(tree);
    this.kinds = kinds;
  }

  Settings settings(Optional<String> promptTemplate) {
    return new Settings(
        new AgentChoice(
            root.text("provider").orElseThrow(), root.text("model"), root.texts("fallback")),
        HookReader.read(root),
        providers(),
        failSafe(root.group("fail_safe")),
        retries(root.group("retries")),
        root.whole("output_tokens").orElseThrow().intValue(),
        ToolSettingsReader.read(root),
        promptTemplate,
        RatesReader.own(root),
        root.text("checkpoints").orElseThrow().equals("on"),
        git(root.group("git")),
        AllowanceReader.read(root),
        TellingReader.read(root),
        root.whole("jobs").orElseThrow().intValue());
  }

  List<String> protect() {
    return root.texts("protect");
  }

  private static GitSettings git(Values values) {
    return new GitSettings(
        values.text("branch"),
        delivery(values).or(Delivery.NONE),
        values.text("author").flatMap(Identity::of),
        values
            .text("agent")
            .map(word -> AgentGit.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(AgentGit.READ),
        values.text("username_env"),
        values.text("token_env"));
  }

  /** What somebody who has a say in it says. */
  record Wish(Optional<CommitAfter> commit, Optional<Boolean> push) {

    Delivery or(Delivery standard) {
      return new Delivery(commit.orElse(standard.commitAfter()), push.orElse(standard.push()));
    }
  }

  static Wish delivery(Values git) {
    return new Wish(
        git.text("commit").map(word -> CommitAfter.valueOf(word.toUpperCase(Locale.ROOT))),
        git.text("push").map("on"::equals));
  }

  Bounds bounds() {
    Values limits = root.group("limits");
    return new Bounds(
        root.group("fail_safe").whole("max_attempts_per_task").orElseThrow().intValue(),
        limits.whole("max_turns").orElseThrow().intValue(),
        limits.whole("max_tokens").orElseThrow(),
        limits.time("max_time").orElseThrow(),
        giveUp(root.group("fail_safe").text("on_give_up").orElseThrow()));
  }

  OnTamper onTamper() {
    return onTamper(root.group("fail_safe").text("tamper").orElseThrow());
  }

  static OnTamper onTamper(String word) {
    return OnTamper.valueOf(word.toUpperCase(Locale.ROOT));
  }

  static GiveUp giveUp(String word) {
    return GiveUp.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static FailSafe failSafe(Values values) {
    return new FailSafe(
        values.whole("max_consecutive_failures").orElseThrow().intValue(),
        values.text("on_escalation").map(word -> Unattended.valueOf(word.toUpperCase(Locale.ROOT))),
        baseline(values),
        values.text("dependants_of_skipped").filter("run"::equals).isEmpty());
  }

  private static Baseline baseline(Values values) {
    if (values.text("require_green_baseline").filter("true"::equals).isPresent()) {
      return Baseline.GREEN;
    }
    return values.text("baseline").filter("on"::equals).isPresent() ? Baseline.ON : Baseline.OFF;
  }

  private static Settings.Retries retries(Values values) {
    Duration longest = values.time("longest_wait").orElseThrow();
    return new Settings.Retries(
        values.whole("max").orElseThrow().intValue(), longest.plusMillis(999).toSeconds());
  }

  private Map<String, ProviderSettings> providers() {
    Map<String, ProviderSettings> providers = new LinkedHashMap<>();
    root.named("providers")
        .forEach((name, node) -> {
          if (node instanceof Mapping mapping) {
            providers.put(name, provider(name, new Values(mapping)));
          }
        });
    return providers;
  }

  private ProviderSettings provider(String name, Values values) {
    String kind = values.text("kind").orElse(name);
    Map<String, String> options = new HashMap<>();
    Map<String, List<String>> lists = new HashMap<>();
    kinds.stream()
        .filter(known -> known.name().equals(kind))
        .flatMap(known -> known.options().stream())
        .forEach(option -> {
          if (option.form() == ProviderKind.Form.LINE) {
            values.text(option.name()).ifPresent(text -> options.put(option.name(), text));
          } else if (values.mapping().get(option.name()).isPresent()) {
            lists.put(option.name(), values.texts(option.name()));
          }
        });
    Values timeouts = values.group("timeouts");
    return new ProviderSettings(
        name,
        kind,
        values.text("model"),
        values.text("base_url").map(SettingsReader::withoutSlash),
        key(values),
        new Timeouts(
            timeouts.time("connect").orElseThrow(),
            timeouts.time("silence").orElseThrow(),
            timeouts.time("total").orElseThrow()),
        options,
        lists);
  }

  private static Optional<KeySource> key(Values values) {
    return values
        .text("api_key_env")
        .<KeySource>map(KeySource.Variable::new)
        .or(() ->
            values
                .text("api_key")
                .map(text ->
                    text.startsWith("env:")
                        ? new KeySource.Variable(text.substring(4))
                        : new KeySource.Plain(text)));
  }

  private static String withoutSlash(String address) {
    String trimmed = address;
    while (trimmed.endsWith("/")) {
      trimmed = trimmed.substring(0, trimmed.length() - 1);
    }
    return trimmed;
  }
}
