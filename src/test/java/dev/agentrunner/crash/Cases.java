package dev.agentrunner.crash;

import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Tries out one misfortune after another, each on a ground of its own with three tasks. */
final class Cases {

  private final Program program;
  private final Path folder;
  private final PrintStream out;
  private int broken;

  Cases(Program program, Path folder, PrintStream out) {
    this.program = program;
    this.folder = folder;
    this.out = out;
  }

  /** What is done to a run. */
  interface Misfortune {
    void on(Trial trial) throws IOException, InterruptedException;
  }

  void tryOut(String name, Misfortune misfortune) throws IOException, InterruptedException {
    tryOut(name, Script.ofEdits().at(Ground.LIMITED, 1, 1, Reaction.limits(1)), misfortune);
  }

  void tryOut(String name, Script script, Misfortune misfortune)
      throws IOException, InterruptedException {
    var trial =
        new Trial(
            name,
            Ground.of(folder.resolve(name.replace(' ', '-')), 3, script).withAll(),
            program,
            out);
    misfortune.on(trial);
    if (trial.conclude()) {
      out.println("  holds: " + name);
    } else {
      broken++;
    }
  }

  void leaveOut(String name, String why) {
    out.printf("  LEFT OUT: %s: %s%n", name, why);
  }

  int broken() {
    return broken;
  }
}
