package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.Given;
import dev.agentrunner.cli.Workbench.Sources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that choose who works and how it is shown; shared by the commands that run tasks. */
final class RunOptions {

  /** How a run is shown. */
  enum Output {
    auto,
    live,
    plain,
    quiet,
    json
  }

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "Provider to ask, one of those configured, for every task.")
  private @Nullable String provider;

  @Option(names = "--model", paramLabel = "NAME", description = "Model to ask for.")
  private @Nullable String model;

  @Option(
      names = "--cassette",
      paramLabel = "FILE",
      description = "Recording that the replay provider plays.")
  private @Nullable String cassette;

  @Option(
      names = "--match",
      paramLabel = "HOW",
      description =
          "How the replay provider compares requests: strict (they must be the recorded ones) or loose (by task, attempt and turn).")
  private @Nullable String match;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Record the model's replies to a cassette.")
  private @Nullable String record;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set any configuration key for this run, such as limits.max_turns=20.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "HOW",
      description = {
        "How to show the run: auto, live, plain, quiet or json. Default: ${DEFAULT-VALUE}, which is live on a terminal and plain elsewhere.",
        "Keys while it is live: p pause after the task, s skip the task, r retry now, d diff so far, q stop, ? help."
      },
      defaultValue = "auto")
  private Output output = Output.auto;

  Output output() {
    return output;
  }

  /** Settings given by flag; the more particular flags last. */
  private List<Given> flags() {
    List<Given> flags = new ArrayList<>();
    set.forEach((key, value) -> flags.add(new Given("--set " + key, key, value)));
    add(flags, "--provider", "provider", provider);
    add(flags, "--model", "model", model);
    add(flags, "--cassette", "providers.replay.cassette", cassette);
    add(flags, "--match", "providers.replay.match", match);
    return flags;
  }

  private static void add(List<Given> flags, String name, String key, @Nullable String value) {
    if (value != null) {
      flags.add(new Given(name, key, value));
    }
  }

  /** Where a run of {@code list} reads from. */
  Sources sources(Place place, String list) {
    return new Sources(
        place.directory(), place.config(), Optional.of(list), flags(), Optional.ofNullable(record));
  }
}
