package dev.agentrunner.cli;

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
      description = "How to show the run: auto, plain, quiet or json. Default: ${DEFAULT-VALUE}.",
      defaultValue = "auto")
  private Output output = Output.auto;

  Output output() {
    return output;
  }

  /** Settings given by flag, by dotted key. */
  Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>(set);
    Map<String, @Nullable String> named = new LinkedHashMap<>();
    named.put("provider", provider);
    named.put("model", model);
    named.put("providers.replay.cassette", cassette);
    named.put("providers.replay.match", match);
    named.forEach((key, value) -> {
      if (value != null) {
        flags.put(key, value);
      }
    });
    return flags;
  }

  Optional<String> record() {
    return Optional.ofNullable(record);
  }

  /** The same flags again, for the line that says how to go on. */
  List<String> again() {
    List<String> words = new ArrayList<>();
    if (provider != null) {
      words.add("--provider " + provider);
    }
    if (cassette != null) {
      words.add("--cassette " + cassette);
    }
    return words;
  }
}
