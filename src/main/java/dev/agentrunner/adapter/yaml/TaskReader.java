package dev.agentrunner.adapter.yaml;

import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Brief;
import dev.agentrunner.core.task.Delivery;
import dev.agentrunner.core.task.Gates;
import dev.agentrunner.core.task.GiveUp;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.OnTamper;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Makes tasks of trees that have been found in order. */
final class TaskReader {

  /** What one of those who have a say on the agent says. */
  private record Say(Optional<String> provider, Optional<String> model) {

    static Say of(Values values) {
      return new Say(values.text("provider"), values.text("model"));
    }
  }

  private final Values defaults;
  private final Configuration configuration;

  TaskReader(Values defaults, Configuration configuration) {
    this.defaults = defaults;
    this.configuration = configuration;
  }

  Task task(Values task) {
    return new Task(
        new TaskId(task.text("id").orElseThrow()),
        brief(task),
        either(task, values -> values.text("path")).orElse("."),
        protect(task),
        task.texts("depends_on").stream().distinct().map(TaskId::new).toList(),
        new Gates(
            hooks(task, "pre_hooks"),
            hooks(task, "post_hooks"),
            hooks(task, "defer"),
            onTamper(task)),
        agent(task),
        bounds(task),
        delivery(task));
  }

  /** What {@code task} amounts to, as far as the list and its hooks say. */
  String digest(Values written, Task task, Settings settings) {
    TaskDigest digest = new TaskDigest();
    digest.task(task);
    for (String key : List.of("provider", "model")) {
      either(written, values -> values.text(key)).ifPresent(text -> digest.add(key, text));
    }
    for (String key : List.of("max_attempts", "max_turns", "max_tokens")) {
      either(written, values -> values.whole(key))
          .ifPresent(number -> digest.add(key, String.valueOf(number)));
    }
    either(written, values -> values.time("max_time"))
        .ifPresent(time -> digest.add("max_time", String.valueOf(time.toMillis())));
    Stream.of(defaults, written)
        .flatMap(values -> values.texts("protect").stream())
        .distinct()
        .forEach(glob -> digest.add("protect", glob));
    task.gates().before().forEach(id -> digest.hook(settings.hook(id)));
    task.gates().after().forEach(id -> digest.hook(settings.hook(id)));
    task.gates().deferred().forEach(id -> digest.hook(settings.hook(id)));
    return digest.hex();
  }

  private OnTamper onTamper(Values task) {
    return configuration.isPinned("fail_safe.tamper")
        ? configuration.onTamper()
        : either(task, values -> values.text("tamper"))
            .map(SettingsReader::onTamper)
            .orElse(configuration.onTamper());
  }

  private Delivery delivery(Values task) {
    if (new Proposing(configuration, defaults).holdsFor(task)) {
      return Delivery.PROPOSED;
    }
    Delivery standard = configuration.settings().git().delivery();
    Delivery shared = SettingsReader.delivery(defaults.group("git")).or(standard);
    Delivery own = SettingsReader.delivery(task.group("git")).or(shared);
    return new Delivery(
        configuration.isPinned("git.commit") ? standard.commitAfter() : own.commitAfter(),
        configuration.isPinned("git.push") ? standard.push() : own.push());
  }

  private Brief brief(Values task) {
    Map<String, String> metadata = new LinkedHashMap<>(defaults.namedTexts("metadata"));
    metadata.putAll(task.namedTexts("metadata"));
    return new Brief(
        task.text("title").orElseThrow(),
        task.text("description").orElse(""),
        texts(task, "acceptance"),
        texts(task, "files"),
        metadata);
  }

  /** Whoever protects something, it is: nobody takes it back. */
  private List<String> protect(Values task) {
    return Stream.of(configuration.protect(), defaults.texts("protect"), task.texts("protect"))
        .flatMap(List::stream)
        .distinct()
        .toList();
  }

  private List<HookId> hooks(Values task, String key) {
    return texts(task, key).stream().map(HookId::new).toList();
  }

  /** An empty list is an answer too: it takes the defaults away. */
  private List<String> texts(Values task, String key) {
    return task.mapping().get(key).isPresent() ? task.texts(key) : defaults.texts(key);
  }

  private <T> Optional<T> either(Values task, Function<Values, Optional<T>> value) {
    return value.apply(task).or(() -> value.apply(defaults));
  }

  /**
   * The command line has the first say, then the task, the list, the configuration. A model counts
   * only if whoever named it had the same provider in mind.
   */
  private AgentChoice agent(Values task) {
    AgentChoice configured = configuration.settings().agent();
    Optional<String> provider = Optional.of(configured.provider());
    Say flags =
        new Say(
            provider.filter(_ -> configuration.isPinned("provider")),
            configured.model().filter(_ -> configuration.isPinned("model")));
    List<Say> says =
        List.of(flags, Say.of(task), Say.of(defaults), new Say(provider, configured.model()));
    String chosen = provider(says);
    for (int i = 0; i < says.size(); i++) {
      Optional<String> model = says.get(i).model();
      if (model.isPresent() && provider(says.subList(i, says.size())).equals(chosen)) {
        return new AgentChoice(chosen, model, fallback(task, chosen));
      }
    }
    return new AgentChoice(chosen, Optional.empty(), fallback(task, chosen));
  }

  /** Whoever names the provider on the command line wants that one and no other. */
  private List<String> fallback(Values task, String chosen) {
    if (configuration.isPinned("provider")) {
      return List.of();
    }
    boolean said =
        task.mapping().get("fallback").isPresent()
            || defaults.mapping().get("fallback").isPresent();
    List<String> names =
        said ? texts(task, "fallback") : configuration.settings().agent().fallback();
    return names.stream().filter(name -> !name.equals(chosen)).distinct().toList();
  }

  private static String provider(List<Say> says) {
    return says.stream().flatMap(say -> say.provider().stream()).findFirst().orElseThrow();
  }

  private Bounds bounds(Values task) {
    Bounds standard = configuration.bounds();
    long attempts =
        whole(task, "max_attempts", "fail_safe.max_attempts_per_task", standard.attempts());
    long turns = whole(task, "max_turns", "limits.max_turns", standard.turns());
    long tokens = whole(task, "max_tokens", "limits.max_tokens", standard.tokens());
    Duration time =
        configuration.isPinned("limits.max_time")
            ? standard.time()
            : either(task, values -> values.time("max_time")).orElse(standard.time());
    GiveUp giveUp =
        configuration.isPinned("fail_safe.on_give_up")
            ? standard.giveUp()
            : either(task, values -> values.text("on_give_up"))
                .map(SettingsReader::giveUp)
                .orElse(standard.giveUp());
    return new Bounds((int) attempts, (int) turns, tokens, time, giveUp);
  }

  private long whole(Values task, String key, String setting, long standard) {
    return configuration.isPinned(setting)
        ? standard
        : either(task, values -> values.whole(key)).orElse(standard);
  }
}
