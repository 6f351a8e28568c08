package dev.agentrunner.port;

import java.util.List;
import java.util.Optional;

/**
 * A task's folder, as the agent may see it. Every path is a literal, relative to the folder, with
 * {@code /} between its parts; whatever leads out of the folder, through a link, a device or {@code
 * ..}, is refused, and so is writing to {@code .git} (under any alias) and {@code .agent-runner}.
 * Trouble the agent can bring about is an answer, not an exception.
 */
public interface Workspace {

  /** The whole content of a file. */
  Content read(String path);

  /**
   * Names of files below {@code path} ({@code ""} for the whole folder), sorted; files git would
   * ignore, {@code .git} and {@code .agent-runner} are left out.
   *
   * @param glob such as {@code src/**.py}, relative to the folder; empty for everything
   * @param max at most so many
   */
  Listing list(String path, Optional<String> glob, int max);

  /**
   * Puts {@code content} in place of whatever {@code path} held, atomically: a reader sees the old
   * file or the new one. The folders above are made where missing; the file keeps its permissions.
   *
   * @param expected SHA-256 in hex of what the file must hold now; empty if there must be no file
   * @return empty when done, otherwise the reason why nothing was touched
   */
  Optional<String> write(String path, byte[] content, Optional<String> expected);

  /** What a path holds. */
  sealed interface Content {

    /** A regular file. */
    record Bytes(byte[] bytes) implements Content {}

    /** Nothing is there. */
    record Missing() implements Content {}

    /** Not for the agent, or not a file it can use: a folder, a device, too large, outside. */
    record Refused(String reason) implements Content {}
  }

  /**
   * Files found.
   *
   * @param more whether there were more than asked for
   */
  record Listing(List<String> paths, boolean more, Optional<String> refused) {

    public Listing {
      paths = List.copyOf(paths);
    }
  }
}
