package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.core.edit.Change;
import dev.agentrunner.core.edit.EditFormat;
import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.engine.EditReply;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code apply}. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Make the edits of a model's reply, or of any diff, in a folder: all of them or none.",
      "",
      "Exit code 1: the edits do not fit, and nothing was touched."
    },
    sortOptions = false)
final class ApplyCommand implements Callable<Integer> {

  /** More than any model says, and than any diff a person reads. */
  private static final int REPLY_BYTES_MAX = 16 << 20;

  private static final String STANDARD_INPUT = "-";

  /** How the edits are written. */
  enum Format {
    AUTO,
    SEARCH_REPLACE,
    UDIFF,
    PATCH,
    WHOLE;

    Optional<EditFormat> meant() {
      return switch (this) {
        case AUTO -> Optional.empty();
        case SEARCH_REPLACE -> Optional.of(EditFormat.SEARCH_REPLACE);
        case UDIFF -> Optional.of(EditFormat.UNIFIED_DIFF);
        case PATCH -> Optional.of(EditFormat.PATCH);
        case WHOLE -> Optional.of(EditFormat.WHOLE_FILES);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Tools tools;

  @Parameters(paramLabel = "FILE", description = "What holds the edits; - for standard input.")
  private String file = STANDARD_INPUT;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "The folder to make them in; nothing outside of it is touched.")
  private String folder = "";

  @Option(names = "--dry-run", description = "Show what would change and write nothing.")
  private boolean dryRun;

  @Option(
      names = "--format",
      paramLabel = "HOW",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
      defaultValue = "auto")
  private Format format = Format.AUTO;

  ApplyCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    Workspace workspace = tools.workbench().workspace(folder);
    EditReply reply = new EditReply(reply(), format.meant());
    return switch (dryRun ? reply.tryOn(workspace) : reply.applyTo(workspace)) {
      case EditReply.Outcome.Done(List<Change> changes) -> {
        print(changes);
        yield ExitCode.DONE.number();
      }
      case EditReply.Outcome.Refused(String reason) -> {
        tools.screen().err().println("agent-runner: " + Screen.harmless(reason));
        yield ExitCode.FAILED.number();
      }
    };
  }

  private byte[] reply() {
    try {
      if (file.equals(STANDARD_INPUT)) {
        return reply(tools.keyboard());
      }
      try (InputStream in = tools.workbench().input(file)) {
        return reply(in);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot read %s: %s; see to its permissions".formatted(file, e.getMessage()), e);
    }
  }

  private byte[] reply(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(REPLY_BYTES_MAX + 1);
    if (bytes.length > REPLY_BYTES_MAX) {
      throw new UsageException(
          "%s has more than %d MiB, too much for a reply; split it"
              .formatted(file, REPLY_BYTES_MAX >> 20));
    }
    return bytes;
  }

  private void print(List<Change> changes) {
    PrintStream out = tools.screen().out();
    for (Change change : changes) {
      ColouredDiff.lines(diff(change), tools.screen()).forEach(out::println);
    }
    out.println();
    changes.forEach(change -> out.println(Screen.harmless(line(change))));
    String count = Words.count(changes.size(), "file");
    out.println(
        dryRun ? "%s would change. Nothing was written.".formatted(count) : count + " changed.");
  }

  private String diff(Change change) {
    Workbench workbench = tools.workbench();
    return switch (change) {
      case Change.Written written ->
          workbench.diff(written.path(), written.before(), Optional.of(written.after()));
      case Change.Moved moved ->
          workbench.diff(moved.from(), Optional.of(moved.before()), Optional.empty())
              + workbench.diff(moved.path(), moved.replaced(), Optional.of(moved.after()));
      case Change.Deleted deleted ->
          workbench.diff(deleted.path(), Optional.of(deleted.before()), Optional.empty());
    };
  }

  private static String line(Change change) {
    return switch (change) {
      case Change.Written written when written.before().isEmpty() ->
          "new      " + written.path() + mode(written.mode());
      case Change.Written written -> "changed  " + written.path() + mode(written.mode());
      case Change.Moved moved ->
          "moved    %s to %s%s".formatted(moved.from(), moved.path(), mode(moved.mode()));
      case Change.Deleted deleted -> "removed  " + deleted.path();
    };
  }

  private static String mode(Optional<FileMode> mode) {
    return mode.map(m -> m == FileMode.EXECUTABLE ? ", executable" : ", not executable").orElse("");
  }
}
