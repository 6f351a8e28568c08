package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.core.task.HookId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** What can be wrong between tasks, and between tasks and what they name. */
final class TaskCheck {

  private static final int CYCLE_SHOWN_MAX = 20;

  private final Configuration configuration;
  private final Faults faults;
  private final Values defaults;
  private final List<Values> tasks;
  private final Map<String, Scalar> ids = new LinkedHashMap<>();
  private final Collection<String> hooks = new TreeSet<>();

  TaskCheck(Mapping root, Configuration configuration, Faults faults) {
    this.configuration = configuration;
    this.faults = faults;
    this.defaults = new Values(root).group("defaults");
    this.tasks = TaskListFile.tasks(root);
    hooks.addAll(new Values(root).group("hooks").mapping().entries().keySet());
    configuration.settings().hooks().keySet().stream().map(HookId::value).forEach(hooks::add);
  }

  void check() {
    ids();
    names(defaults);
    for (Values task : tasks) {
      if (faults.isFull()) {
        return;
      }
      names(task);
      dependencies(task);
    }
    cycles();
  }

  private void ids() {
    Map<String, Scalar> folders = new HashMap<>();
    for (Values task : tasks) {
      task.scalar("id").ifPresent(id -> id(id, folders));
    }
  }

  private void id(Scalar id, Map<String, Scalar> folders) {
    ids.putIfAbsent(id.text(), id);
    Scalar first = folders.putIfAbsent(id.text().toLowerCase(Locale.ROOT), id);
    if (first == null) {
      return;
    }
    boolean same = first.text().equals(id.text());
    faults.add(
        id.at(),
        same
            ? "id %s is taken by the task in line %s"
                .formatted(Printable.quoted(id.text()), line(first))
            : "id %s differs from %s in line %s by case only, and would share its folder"
                .formatted(
                    Printable.quoted(id.text()), Printable.quoted(first.text()), line(first)),
        "give each task an id of its own");
  }

  private static String line(Scalar scalar) {
    return scalar.at() instanceof Origin.InFile at ? String.valueOf(at.line()) : "?";
  }

  private void names(Values values) {
    values.scalars("pre_hooks").forEach(this::hook);
    values.scalars("post_hooks").forEach(this::hook);
    values.scalars("defer").forEach(this::hook);
    values
        .scalar("provider")
        .ifPresent(name ->
            ProviderCheck.known(name, configuration.settings().providers().keySet(), faults));
    values
        .scalars("fallback")
        .forEach(name ->
            ProviderCheck.known(name, configuration.settings().providers().keySet(), faults));
  }

  private void hook(Scalar name) {
    if (!hooks.contains(name.text()) && !faults.isFull()) {
      faults.add(
          name.at(),
          "unknown hook " + Printable.quoted(name.text()),
          Spelling.advice(
              name.text(),
              hooks,
              "define it under 'hooks:' here or in config.yml;" + " there are:"));
    }
  }

  private void dependencies(Values task) {
    String own = task.text("id").orElse("");
    for (Scalar name : task.scalars("depends_on")) {
      if (name.text().equals(own)) {
        faults.add(
            name.at(), "task %s waits for itself".formatted(Printable.quoted(own)), "take it out");
      } else if (!ids.containsKey(name.text()) && !faults.isFull()) {
        faults.add(
            name.at(),
            "unknown task " + Printable.quoted(name.text()),
            Spelling.advice(name.text(), ids.keySet(), "there are:"));
      }
    }
  }

  private void cycles() {
    Map<String, Values> byId = new LinkedHashMap<>();
    tasks.forEach(task -> task.text("id").ifPresent(id -> byId.putIfAbsent(id, task)));
    Map<String, List<String>> waitsFor = new LinkedHashMap<>();
    byId.forEach((id, task) ->
        waitsFor.put(
            id,
            task.texts("depends_on").stream()
                .filter(other -> !other.equals(id) && byId.containsKey(other))
                .distinct()
                .toList()));
    for (List<String> cycle : new Dependencies(waitsFor).cycles()) {
      Values first = byId.getOrDefault(cycle.getFirst(), defaults);
      String next = cycle.get(1 % cycle.size());
      first.scalars("depends_on").stream()
          .filter(name -> name.text().equals(next))
          .findFirst()
          .ifPresent(name ->
              faults.add(
                  name.at(),
                  "tasks wait for each other: " + shown(cycle),
                  "take one of these dependencies out"));
    }
  }

  private static String shown(List<String> cycle) {
    List<String> shown = new ArrayList<>(cycle.stream().map(Printable::of).toList());
    if (shown.size() > CYCLE_SHOWN_MAX) {
      shown.subList(CYCLE_SHOWN_MAX, shown.size()).clear();
      shown.add("…");
    }
    shown.add(shown.getFirst());
    return String.join(" → ", shown);
  }
}
