package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.LimitFinding;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code limits}. */
@Command(
    name = "limits",
    mixinStandardHelpOptions = true,
    description = "Look at how limits of agents' command lines are recognised.")
final class LimitsCommand implements Runnable {

  private static final int CAPTURE_BYTES_MAX = 64 << 20;
  private static final String STANDARD_INPUT = "-";

  private final Tools tools;

  @Spec private CommandSpec spec;

  LimitsCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
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
      throw new EnvironmentException("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(CAPTURE_BYTES_MAX + 1);
    if (bytes.length > CAPTURE_BYTES_MAX) {
      throw new UsageException("more than %d MiB".formatted(CAPTURE_BYTES_MAX >> 20));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
