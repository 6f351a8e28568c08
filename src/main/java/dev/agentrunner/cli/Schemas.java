package dev.agentrunner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The JSON Schemas that ship with the program. */
final class Schemas {

  private Schemas() {}

  /** The schema called {@code name}: {@code config}, {@code tasks} or {@code output}. */
  static byte[] of(String name) {
    String resource = "/dev/agentrunner/schema/" + name + ".schema.json";
    try (InputStream in = Schemas.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("missing from the program: " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
