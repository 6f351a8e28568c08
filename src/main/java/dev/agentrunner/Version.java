package dev.agentrunner;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which agent-runner this is. The build writes it down, from the pom, which is the one place to
 * change it.
 */
final class Version {

  private Version() {}

  /** What {@code --version} prints, such as {@code agent-runner 1.2.0}. */
  static String line() {
    // In the jar the manifest tells, which the JVM has read by now; opening a resource takes as
    // long as all else.
    String fromManifest = Version.class.getPackage().getImplementationVersion();
    return "agent-runner " + (fromManifest == null ? fromResource() : fromManifest);
  }

  private static String fromResource() {
    var properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("version.properties is missing from the program");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
