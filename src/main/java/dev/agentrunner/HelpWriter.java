package dev.agentrunner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the pages of {@code --help} into a file, when the program is built. */
final class HelpWriter {

  private HelpWriter() {}

  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), Wiring.commandLine(code -> {}).helpPages());
  }
}
