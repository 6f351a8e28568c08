package dev.agentrunner.core.task;

import java.util.Optional;

/**
 * Whom a commit is by.
 *
 * @param name without control characters and angle brackets, as is the address: both go into the
 *     header of a commit, where a line end would begin another field
 */
public record Identity(String name, String mail) {

  public Identity {
    if (name.isBlank() || !fits(name) || !fits(mail)) {
      throw new IllegalArgumentException("this cannot stand in a commit as a person");
    }
  }

  /** Reads {@code Name <mail>}; empty if it is not written so. */
  public static Optional<Identity> of(String written) {
    int open = written.indexOf('<');
    boolean oneLine = written.chars().noneMatch(Character::isISOControl);
    if (open < 1 || !written.endsWith(">") || !oneLine) {
      return Optional.empty();
    }
    String name = written.substring(0, open).strip();
    String mail = written.substring(open + 1, written.length() - 1).strip();
    return name.isEmpty() || mail.isEmpty() || !fits(name) || !fits(mail)
        ? Optional.empty()
        : Optional.of(new Identity(name, mail));
  }

  private static boolean fits(String text) {
    return text.chars().noneMatch(c -> c == '<' || c == '>' || Character.isISOControl(c));
  }
}
