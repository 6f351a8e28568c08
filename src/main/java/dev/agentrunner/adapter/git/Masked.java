package dev.agentrunner.adapter.git;

import java.util.regex.Pattern;

/** Text without what stands before the {@code @} of an address: it may be a password. */
final class Masked {

  private static final Pattern USER = Pattern.compile("://[^/\\s]*@");

  private Masked() {}

  static String text(String text) {
    return USER.matcher(text).replaceAll("://***@");
  }

  /** What went wrong, by whatever words there are. */
  static String trouble(Throwable thrown) {
    String message = thrown.getMessage();
    String said = text(message == null ? thrown.getClass().getSimpleName() : message);
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String root = cause.getMessage();
    return root == null || said.contains(text(root)) ? said : said + " (" + text(root) + ")";
  }
}
