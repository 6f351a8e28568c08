package dev.agentrunner.port;

import java.util.List;
import java.util.Optional;

/**
 * A task's folder, as the agent may see it. Every path is a literal, relative to the folder, with
 * {@code /} between its parts; whatever leads out of the folder, through a link, a device or {@code
 * ..}, is refused, and so is {@code .git} (under any alias) and {@code .agent-runner}. Trouble the
 * agent can bring about is an answer, not an exception; what is refused is said in words that tell
 * the agent what to do instead.
 */
public interface Workspace {

  /** The whole content of a file. */
  Content read(String path);

  /**
   * Names of files below {@code path} ({@code ""} for the whole folder), sorted; what {@code
   * .gitignore} files rule out, {@code .git} and {@code .agent-runner} are left out. A {@code path}
   * that is itself ruled out is listed all the same. A name that is no text is given with its odd
   * bytes as {@code \xFF}.
   *
   * @param glob relative to the folder, such as {@code src/**} for all below {@code src}; one
   *     without a slash, such as {@code *.{js,ts}}, is for names at any depth; empty for everything
   * @param max at most so many
   */
  Listing list(String path, Optional<String> glob, int max);

  /**
   * Lines that hold {@code pattern}, in the files that {@link #list} would name, in that order.
   * Files that are not text or are too large to {@link #read} are passed over.
   *
   * @param pattern a regular expression, looked for within each line; taken literally if it is not
   *     a valid one
   * @param glob as for {@link #list}
   * @param max at most so many lines
   */
  Matches search(String pattern, Optional<String> glob, int max);

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
   * @param more whether there may be more: more than asked for, or the folder is too large to be
   *     gone through
   * @param refused why nothing could be listed
   */
  record Listing(List<String> paths, boolean more, Optional<String> refused) {

    public Listing {
      paths = List.copyOf(paths);
    }
  }

  /**
   * Lines found.
   *
   * @param more whether there may be more: more than asked for, or not everything could be gone
   *     through
   * @param refused why nothing could be searched, or why the search was given up after what was
   *     found
   */
  record Matches(List<Match> found, boolean more, Optional<String> refused) {

    public Matches {
      found = List.copyOf(found);
    }
  }

  /**
   * A line found.
   *
   * @param line its number, from 1
   * @param text the line without its ending, cut where it is long
   */
  record Match(String path, int line, String text) {}
}
