package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.LimitFinding;
import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.core.limit.Forecast;
import dev.agentrunner.core.limit.PlanWindow;
import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.core.limit.QuotaWindow;
import dev.agentrunner.core.limit.Spent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.json.LimitsJson;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code limits}. */
@Command(
    name = "limits",
    mixinStandardHelpOptions = true,
    description = {
      "Show the limits you set for providers: what is used and left, and when it is back.",
      "",
      "Counts the calls of all your runs on this machine. Tells when the project's last list can be done at its pace.",
      "Of a subscription the windows are known, but not how much they allow: what you use elsewhere counts there too."
    },
    sortOptions = false)
final class LimitsCommand implements Callable<Integer> {

  /** How they are shown. */
  enum Output {
    plain,
    json
  }

  private static final int CAPTURE_BYTES_MAX = 64 << 20;
  private static final String STANDARD_INPUT = "-";

  private final Tools tools;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "HOW",
      description = "plain or json. Default: ${DEFAULT-VALUE}.",
      defaultValue = "plain")
  private Output output = Output.plain;

  @Mixin private Place place = new Place();

  LimitsCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    Workbench.Prepared prepared = tools.workbench().prepare(place.sources(Optional.empty()));
    prepared.warnings().forEach(tools.screen().err()::println);
    List<AccountLimits> limits = tools.workbench().limits(prepared);
    Optional<Work> work = lastRun(prepared.project()).flatMap(Work::left);
    if (output == Output.json) {
      byte[] json = LimitsJson.of(limits);
      tools.screen().out().write(json, 0, json.length);
      tools.screen().out().println();
      return ExitCode.DONE.number();
    }
    if (limits.isEmpty()) {
      tools
          .screen()
          .out()
          .println(
              "No limits are set and nobody was asked of late; rate_limits in the configuration sets some.");
    }
    limits.forEach(this::print);
    work.ifPresent(left -> print(left, limits));
    return ExitCode.DONE.number();
  }

  private Optional<RunState> lastRun(String project) {
    Workbench.History history = tools.workbench().history(project);
    return history.runs().stream().findFirst().map(history::state);
  }

  private void print(AccountLimits account) {
    PrintStream out = tools.screen().out();
    Instant now = tools.clock().instant();
    out.println(
        tools.screen().bold(account.provider())
            + (account.reserve() > 0
                ? tools.screen().dim("  (%.0f%% kept for you)".formatted(100 * account.reserve()))
                : ""));
    for (QuotaWindow window : account.windows()) {
      out.printf(
          "  %-34s %s used, %s left%s%n",
          window.quota().shown(),
          Words.tokens(window.used()),
          Words.tokens(window.left()),
          window
              .resetsAt()
              .map(at -> ", all back " + Words.moment(at, now, ZoneId.systemDefault()))
              .orElse(""));
    }
    for (QuotaReading reading : account.readings()) {
      out.printf(
          "  %-34s %s left%s, back %s%n",
          "the provider's " + Screen.harmless(reading.name()),
          Words.tokens(reading.left()),
          reading.limit() > 0 ? " of " + Words.tokens(reading.limit()) : "",
          Words.moment(reading.resetsAt(), now, ZoneId.systemDefault()));
    }
    for (PlanWindow window : account.plan()) {
      out.printf(
          "  %-34s %s and %s tokens used from here, left unknown%s%n",
          "%s of %s".formatted(window.name().replace('_', ' '), window.plan()),
          Words.count(window.calls(), "call"),
          Words.tokens(window.tokens()),
          window
              .resetsAt()
              .map(at -> ", resets " + Words.moment(at, now, ZoneId.systemDefault()))
              .orElse(""));
    }
    if (account.windows().isEmpty()) {
      out.println(
          "  no limits set; %s and %s tokens in the last week"
              .formatted(
                  Words.count(account.history().size(), "call"),
                  Words.tokens(account.history().stream().mapToLong(Spent::tokens).sum())));
    }
  }

  /**
   * What is left of a list, by what its finished tasks took on average.
   *
   * @param tasks not done yet
   */
  private record Work(String provider, int tasks, long calls, long tokens) {

    static Optional<Work> left(RunState run) {
      long done = 0;
      long calls = 0;
      long tokens = 0;
      int open = 0;
      for (TaskState task : run.tasks()) {
        if (!task.status().isFinal()) {
          open++;
        } else if (task.work().calls() > 0) {
          done++;
          calls += task.work().calls();
          tokens += task.usage().totalTokens();
        }
      }
      return done == 0 || open == 0
          ? Optional.empty()
          : Optional.of(
              new Work(
                  run.started().map(RunState.Start::provider).orElse(""),
                  open,
                  open * calls / done,
                  open * tokens / done));
    }
  }

  private void print(Work left, List<AccountLimits> limits) {
    Instant now = tools.clock().instant();
    Optional<Instant> due =
        limits.stream()
            .filter(account -> account.provider().equals(left.provider()))
            .flatMap(account ->
                Forecast.of(account.windows(), left.calls(), left.tokens(), account.reserve())
                    .stream())
            .max(Instant::compareTo);
    tools
        .screen()
        .out()
        .printf(
            "%s left of the last list, about %s tokens at its pace: %s%n",
            Words.count(left.tasks(), "task"),
            Words.tokens(left.tokens()),
            due.map(at -> "not before " + Words.moment(at, now, ZoneId.systemDefault()))
                .orElse("the limits allow it now"));
  }

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = {
        "Say which rule an agent's captured output meets, what that means, and when the quota is back.",
        "",
        "Exit code 1: no rule fits."
      })
  int test(
      @Parameters(paramLabel = "FILE", description = "What was captured; - for standard input.")
          String file,
      @Option(
              names = "--preset",
              paramLabel = "NAME",
              description =
                  "The agent it came from, whose protocol is then understood. Default: any, and the text is taken as its own words.")
          @Nullable String preset,
      @Option(
              names = "--patterns",
              paramLabel = "FILE",
              description =
                  "Patterns of your own, as under limit_patterns. Default: those that ship.")
          @Nullable String patterns) {
    LimitFinding found =
        tools
            .workbench()
            .limitIn(capture(file), Optional.ofNullable(preset), Optional.ofNullable(patterns));
    PrintStream out = tools.screen().out();
    out.printf("rule     %s (patterns of %s)%n", found.rule().orElse("none"), found.version());
    if (found.rule().isEmpty()) {
      return ExitCode.FAILED.number();
    }
    out.printf("class    %s%n", found.kind());
    found.resetsAt().ifPresent(at -> out.printf("resets   %s (%s)%n", at, distance(at)));
    out.printf("message  %s%n", Screen.harmless(found.message()));
    return ExitCode.DONE.number();
  }

  private String distance(Instant at) {
    Duration left = Duration.between(tools.clock().instant(), at);
    return left.isNegative() ? "over" : "in " + Words.duration(left);
  }

  private String capture(String file) {
    try {
      if (file.equals(STANDARD_INPUT)) {
        return text(tools.keyboard());
      }
      try (InputStream in = tools.workbench().input(file)) {
        return text(in);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot read %s: %s; see to its permissions".formatted(file, e.getMessage()), e);
    }
  }

  private static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(CAPTURE_BYTES_MAX + 1);
    if (bytes.length > CAPTURE_BYTES_MAX) {
      throw new UsageException(
          "more than %d MiB; give only the end of it".formatted(CAPTURE_BYTES_MAX >> 20));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
