package dev.agentrunner.server;

import java.util.regex.Pattern;

/** Names that clients give to things. */
final class Names {

  static final int MAX = 64;

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
  private static final Pattern OPTION = Pattern.compile("[a-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

  private Names() {}

  /** Whether it can name a project or a workflow, and stand in a path. */
  static boolean isPlain(String name) {
    return PLAIN.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }

  static boolean isLabel(String name) {
    return LABEL.matcher(name).matches();
  }

  /** Whether it can be the dotted key of a setting. */
  static boolean isOption(String name) {
    return name.length() <= 200 && OPTION.matcher(name).matches();
  }
}
