package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.Given;
import dev.agentrunner.cli.Workbench.Sources;
import java.time.Duration;
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

  @Option(names = "--stop-on-first-failure", description = "Stop the run when a task has failed.")
  private boolean stopOnFirstFailure;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "Work on up to N tasks at once, each in a git worktree of its own; what they need is merged first. Default: 1.")
  private @Nullable Integer jobs;

  @Option(
      names = "--on-escalation",
      paramLabel = "WHAT",
      description =
          "What becomes of questions that nobody is there to answer: abort, park, skip or fail.")
  private @Nullable String onEscalation;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "HOW",
      description = {
        "How to show the run: auto, live, plain, quiet or json. Default: ${DEFAULT-VALUE}, which is live on a terminal and plain elsewhere.",
        "Keys while it is live: p pause after the tasks under way, s skip the first of them, r retry now, d diff so far, q stop, ? help."
      },
      defaultValue = "auto")
  private Output output = Output.auto;

  @Option(
      names = "--wait",
      paramLabel = "MAX",
      arity = "0..1",
      fallbackValue = "8d",
      converter = TimeSpan.class,
      description =
          "Wait for a quota that is used up, such as --wait=12h at most in all, and go on; without MAX, as long as a week's quota takes. Default: stop with exit code 75.")
  private Duration wait = Duration.ZERO;

  @Option(
      names = "--ignore-config-limits",
      description =
          "Ask models whatever rate_limits and budget say; what is spent is counted all the same.")
  private boolean ignoreLimits;

  Output output() {
    return output;
  }

  /** How far limits are heeded and waited for. */
  RunLauncher.Patience patience() {
    return new RunLauncher.Patience(wait, ignoreLimits);
  }

  /** Settings given by flag; the more particular flags last. */
  private List<Given> flags(boolean propose) {
    List<Given> flags = new ArrayList<>();
    if (propose) {
      flags.add(new Given("--propose", "propose", "true"));
    }
    set.forEach((key, value) -> flags.add(new Given("--set " + key, key, value)));
    add(flags, "--provider", "provider", provider);
    add(flags, "--model", "model", model);
    add(flags, "--cassette", "providers.replay.cassette", cassette);
    add(
        flags,
        "--stop-on-first-failure",
        "fail_safe.max_consecutive_failures",
        stopOnFirstFailure ? "1" : null);
    add(flags, "--jobs", "jobs", jobs == null ? null : String.valueOf(jobs));
    add(flags, "--on-escalation", "fail_safe.on_escalation", onEscalation);
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
    return sources(place, list, false);
  }

  /**
   * The same.
   *
   * @param propose whether every task is only to be proposed; otherwise it is as the files say
   */
  Sources sources(Place place, String list, boolean propose) {
    return new Sources(
        place.directory(),
        place.config(),
        Optional.of(list),
        flags(propose),
        Optional.ofNullable(record));
  }
}
