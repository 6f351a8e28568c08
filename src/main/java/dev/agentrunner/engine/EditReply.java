package dev.agentrunner.engine;

import dev.agentrunner.core.edit.Change;
import dev.agentrunner.core.edit.EditFormat;
import dev.agentrunner.core.edit.EditPlan;
import dev.agentrunner.core.edit.EditResult;
import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.port.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A reply whose edits are to be made in a folder: all of them or none, as far as several files can
 * be changed at once. Files are changed one after the other; where one cannot be, those before it
 * are put back as they were.
 *
 * @param format in which it is written; empty to see for oneself
 */
public record EditReply(byte[] text, Optional<EditFormat> format) {

  /** What came of it. */
  public sealed interface Outcome {

    /**
     * Everything was done, or could be.
     *
     * @param changes at least one
     */
    record Done(List<Change> changes) implements Outcome {

      public Done {
        changes = List.copyOf(changes);
      }

      /** The changes by digest; a file that got another name is there under both. */
      public List<FileChange> recorded() {
        return changes.stream().flatMap(EditReply::recorded).toList();
      }
    }

    /** Nothing was done; {@code reason} tells the model why. */
    record Refused(String reason) implements Outcome {}
  }

  /** The reply cannot be carried out. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    RefusedException(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }

  /** Says what would be done, and touches nothing. */
  public Outcome tryOn(Workspace workspace) {
    return outcome(() -> changes(workspace));
  }

  public Outcome applyTo(Workspace workspace) {
    return outcome(() -> {
      List<Change> changes = changes(workspace);
      FileEdits edits = new FileEdits(workspace);
      edits.make(changes).ifPresent(EditReply::refuse);
      return changes;
    });
  }

  /** What gives the changes that were made, or refuses. */
  private interface Attempt {
    List<Change> changes();
  }

  private static Outcome outcome(Attempt attempt) {
    try {
      return new Outcome.Done(attempt.changes());
    } catch (RefusedException e) {
      return new Outcome.Refused(e.reason);
    }
  }

  private List<Change> changes(Workspace workspace) {
    EditPlan plan =
        switch (EditPlan.read(text, format)) {
          case EditPlan.Reading.Planned(EditPlan read) -> read;
          case EditPlan.Reading.Unreadable(String reason) -> throw new RefusedException(reason);
        };
    Map<String, byte[]> files = files(plan, workspace);
    List<Change> changes =
        switch (plan.applyTo(path -> Optional.ofNullable(files.get(path)))) {
          case EditResult.Changed(List<Change> planned) -> planned;
          case EditResult.Refused refused -> throw new RefusedException(refused.message());
        };
    changes.stream()
        .filter(change -> mode(change).equals(Optional.of(FileMode.LINK)))
        .map(change -> change.path() + " would become a symbolic link; links are not made here.")
        .findFirst()
        .ifPresent(EditReply::refuse);
    return changes;
  }

  private static Map<String, byte[]> files(EditPlan plan, Workspace workspace) {
    Map<String, byte[]> files = new TreeMap<>();
    List<String> refused = new ArrayList<>();
    for (String path : plan.paths()) {
      switch (workspace.read(path)) {
        case Workspace.Content.Bytes(byte[] bytes) -> files.put(path, bytes);
        case Workspace.Content.Missing() -> {}
        case Workspace.Content.Refused(String reason) -> refused.add(path + ": " + reason);
      }
    }
    if (!refused.isEmpty()) {
      refuse("Nothing was changed.\n" + String.join("\n", refused));
    }
    return files;
  }

  private static void refuse(String reason) {
    throw new RefusedException(reason);
  }

  static Optional<FileMode> mode(Change change) {
    return switch (change) {
      case Change.Written written -> written.mode();
      case Change.Moved moved -> moved.mode();
      case Change.Deleted deleted -> Optional.empty();
    };
  }

  private static Stream<FileChange> recorded(Change change) {
    return switch (change) {
      case Change.Written written ->
          Stream.of(
              new FileChange(
                  written.path(),
                  written.before().map(Digest::of),
                  Optional.of(Digest.of(written.after()))));
      case Change.Moved moved ->
          Stream.of(
              new FileChange(
                  moved.from(), Optional.of(Digest.of(moved.before())), Optional.empty()),
              new FileChange(
                  moved.path(),
                  moved.replaced().map(Digest::of),
                  Optional.of(Digest.of(moved.after()))));
      case Change.Deleted deleted ->
          Stream.of(
              new FileChange(
                  deleted.path(), Optional.of(Digest.of(deleted.before())), Optional.empty()));
    };
  }
}
