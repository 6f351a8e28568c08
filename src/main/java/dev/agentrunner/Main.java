package dev.agentrunner;

import dev.agentrunner.cli.CommandLineInterface;
import java.util.Set;

/** Starts the program and ends it with the exit code of what was asked. */
public final class Main {

  private static final Set<String> VERSION_FLAGS = Set.of("--version", "-V");

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String[] args) {
    // Scripts ask for the version often: answered before picocli or Jackson are loaded.
    if (args.length == 1 && VERSION_FLAGS.contains(args[0])) {
      System.out.println(Version.line());
      return 0;
    }
    return new CommandLineInterface(Version.line()).run(args);
  }
}
