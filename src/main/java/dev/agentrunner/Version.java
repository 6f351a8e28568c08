package dev.agentrunner;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which agent-runner this is, as the build wrote it down; the pom is the one place to change it.
 */
final class Version {

  private Version() {}

  /** What {@code --version} prints, such as {@code agent-runner 1.2.0}. */
  static String line() {
    var properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("version.properties is missing from the program");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "agent-runner " + properties.getProperty("version");
  }
}
