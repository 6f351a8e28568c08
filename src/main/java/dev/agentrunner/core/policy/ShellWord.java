package dev.agentrunner.core.policy;

/**
 * A word of a command.
 *
 * @param text as the command will see it; as it is written, where only a shell can tell
 * @param sure whether {@code text} is what the command will see: no variable, substitution or
 *     pattern of file names is in it that could make it another word
 */
record ShellWord(String text, boolean sure) {

  static ShellWord of(String text) {
    return new ShellWord(text, true);
  }

  /** Whatever a shell or {@code xargs} puts here, be it one word or many. */
  static ShellWord unknown(String written) {
    return new ShellWord(written, false);
  }
}
