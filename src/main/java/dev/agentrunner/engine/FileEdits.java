package dev.agentrunner.engine;

import dev.agentrunner.core.edit.Change;
import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Workspace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Makes changes to the files of a folder, and takes them back where not all can be made. */
final class FileEdits {

  /** One thing done to a file, or undone; empty when it worked, otherwise the reason. */
  private interface Act {
    Optional<String> perform();
  }

  private final Workspace workspace;
  private final Deque<Act> undoing = new ArrayDeque<>();

  FileEdits(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Empty when all were made; otherwise the reason why none was, or which could not be undone.
   *
   * @throws EnvironmentException if the machine is at fault; says the same
   */
  Optional<String> make(List<Change> changes) {
    Optional<String> trouble = changes.stream().flatMap(c -> stale(c).stream()).findFirst();
    if (trouble.isPresent()) {
      return trouble.map("Nothing was changed. "::concat);
    }
    try {
      return makeAll(changes).map(this::undone);
    } catch (EnvironmentException e) {
      throw new EnvironmentException(undone(String.valueOf(e.getMessage())), e);
    }
  }

  private Optional<String> makeAll(List<Change> changes) {
    Optional<String> trouble = Optional.empty();
    for (Change change : changes) {
      trouble = trouble.or(() -> make(change));
    }
    // Last, as what a file was before cannot be seen and so not be put back.
    for (Change change : changes) {
      trouble = trouble.or(() -> setMode(change));
    }
    return trouble;
  }

  /** Why {@code change} does not fit any more, if the files are not what it expects. */
  private Optional<String> stale(Change change) {
    return switch (change) {
      case Change.Written written -> stale(written.path(), written.before());
      case Change.Moved moved ->
          stale(moved.from(), Optional.of(moved.before()))
              .or(() -> stale(moved.path(), moved.replaced()));
      case Change.Deleted deleted -> stale(deleted.path(), Optional.of(deleted.before()));
    };
  }

  private Optional<String> stale(String path, Optional<byte[]> expected) {
    return switch (workspace.read(path)) {
      case Workspace.Content.Bytes(byte[] bytes)
          when expected.map(so -> Arrays.equals(so, bytes)).orElse(false) ->
          Optional.empty();
      case Workspace.Content.Missing() when expected.isEmpty() -> Optional.empty();
      case Workspace.Content.Refused(String reason) -> Optional.of(path + ": " + reason);
      default -> Optional.of(path + " changed meanwhile.");
    };
  }

  private Optional<String> make(Change change) {
    return switch (change) {
      case Change.Written written -> write(written.path(), written.before(), written.after());
      case Change.Moved moved ->
          moved
              .replaced()
              .flatMap(replaced -> delete(moved.path(), replaced))
              .or(() -> move(moved.from(), moved.path(), moved.before()))
              .or(() -> write(moved.path(), Optional.of(moved.before()), moved.after()));
      case Change.Deleted deleted -> delete(deleted.path(), deleted.before());
    };
  }

  private Optional<String> write(String path, Optional<byte[]> before, byte[] after) {
    return act(
        () -> workspace.write(path, after, before.map(Digest::of)),
        () ->
            before
                .map(old -> workspace.write(path, old, Optional.of(Digest.of(after))))
                .orElseGet(() -> workspace.delete(path, Digest.of(after))));
  }

  private Optional<String> delete(String path, byte[] before) {
    return act(
        () -> workspace.delete(path, Digest.of(before)),
        () -> workspace.write(path, before, Optional.empty()));
  }

  private Optional<String> move(String from, String to, byte[] content) {
    return act(
        () -> workspace.move(from, to, Digest.of(content)),
        () -> workspace.move(to, from, Digest.of(content)));
  }

  private Optional<String> setMode(Change change) {
    return EditReply.mode(change)
        .flatMap(mode -> workspace.makeExecutable(change.path(), mode == FileMode.EXECUTABLE));
  }

  private Optional<String> act(Act act, Act undo) {
    Optional<String> trouble = act.perform();
    if (trouble.isEmpty()) {
      undoing.push(undo);
    }
    return trouble;
  }

  private String undone(String trouble) {
    List<String> left = new ArrayList<>();
    while (!undoing.isEmpty()) {
      try {
        undoing.pop().perform().ifPresent(left::add);
      } catch (EnvironmentException e) {
        left.add(String.valueOf(e.getMessage()));
      }
    }
    return left.isEmpty()
        ? "Nothing was changed. " + trouble
        : "%s\nNot everything could be put back as it was: %s"
            .formatted(trouble, String.join("; ", left));
  }
}
