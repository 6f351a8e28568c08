package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Consequence;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.When;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/** Makes hooks of trees that have been completed and found in order. */
final class HookReader {

  private HookReader() {}

  static SequencedMap<HookId, Hook> read(Values parent) {
    SequencedMap<HookId, Hook> hooks = new LinkedHashMap<>();
    parent
        .named("hooks")
        .forEach((name, node) -> {
          if (node instanceof Mapping mapping) {
            HookId id = new HookId(name);
            hooks.put(id, hook(id, new Values(mapping)));
          }
        });
    return hooks;
  }

  /** What stands under {@code command}. */
  static Command command(Values values) {
    return values
        .scalar("command")
        .<Command>map(line -> new Command.Shell(line.text()))
        .orElseGet(() ->
            new Command.Program(values.scalars("command").stream().map(Scalar::text).toList()));
  }

  private static Hook hook(HookId id, Values values) {
    return new Hook(
        id,
        command(values),
        values.time("timeout").orElseThrow(),
        values.text("cwd"),
        values.namedTexts("env"),
        when(values.group("when")),
        values.text("on_failure").map(word -> Consequence.valueOf(word.toUpperCase(Locale.ROOT))),
        values.text("sandbox").orElseThrow().equals("true"));
  }

  private static When when(Values values) {
    if (values.mapping().get("changed").isPresent()) {
      return new When.Changed(values.texts("changed"));
    }
    return values.text("case").filter("on_failure"::equals).isPresent()
        ? new When.OnFailure()
        : new When.Always();
  }
}
