package dev.agentrunner.adapter.files;

import java.util.Locale;
import java.util.Optional;

/**
 * A name that is not for the agent, wherever it stands in a path. What some file system takes for
 * the same name is closed too: a folder that is checked out on Linux may be opened on another
 * system tomorrow.
 */
enum ClosedName {
  GIT(".git", "git~1", "belongs to git"),
  OWN(".agent-runner", "agent-~1", "belongs to the runner of this task");

  private final String name;
  private final String shortName;
  private final String reason;

  ClosedName(String name, String shortName, String reason) {
    this.name = name;
    this.shortName = shortName;
    this.reason = reason;
  }

  /** Which of them {@code part} is another spelling of; empty for an ordinary name. */
  static Optional<ClosedName> of(String part) {
    for (String piece : part.split("\\\\", -1)) {
      for (ClosedName closed : values()) {
        if (closed.isSpelled(piece)) {
          return Optional.of(closed);
        }
      }
    }
    return Optional.empty();
  }

  String reason() {
    return name + " " + reason + " and is closed to you";
  }

  private boolean isSpelled(String piece) {
    // NTFS: what follows a colon names a stream of the same file.
    int colon = piece.indexOf(':');
    String spelled = visible(colon < 0 ? piece : piece.substring(0, colon));
    if (spelled.equals(shortName)) {
      return true;
    }
    return spelled.startsWith(name) && isDropped(spelled.substring(name.length()));
  }

  /** Without the code points that HFS+ overlooks, and in small letters. */
  private static String visible(String piece) {
    StringBuilder kept = new StringBuilder(piece.length());
    piece.codePoints().filter(c -> !isOverlooked(c)).forEach(kept::appendCodePoint);
    return kept.toString().toLowerCase(Locale.ROOT);
  }

  private static boolean isOverlooked(int c) {
    return (c >= 0x200C && c <= 0x200F)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x206A && c <= 0x206F)
        || c == 0xFEFF;
  }

  /**
   * Whether Windows drops this end of a name: one dot, or dots and spaces with a space among them.
   * Source: isNormalizedGit in JGit's ObjectChecker, read 2026-11.
   */
  private static boolean isDropped(String end) {
    boolean dotsAndSpaces = end.chars().allMatch(c -> c == '.' || c == ' ');
    return dotsAndSpaces && (end.length() < 2 || end.indexOf(' ') >= 0);
  }
}
