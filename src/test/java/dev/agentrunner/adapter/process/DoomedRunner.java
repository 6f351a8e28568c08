package dev.agentrunner.adapter.process;

import dev.agentrunner.core.task.Sandboxing;
import java.io.IOException;
import java.nio.file.Path;

/** A program of its own that runs a confined command, to be killed meanwhile. */
final class DoomedRunner {

  private DoomedRunner() {}

  /**
   * @param arguments the ground, and the seconds that the command sleeps, which it is known by
   */
  public static void main(String[] arguments) throws IOException {
    var held = new HeldCommands(Path.of(arguments[0]), Sandboxing.BWRAP);
    held.sh("echo > ready; setsid sleep %s & sleep %s".formatted(arguments[1], arguments[1]));
  }
}
