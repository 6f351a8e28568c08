package dev.agentrunner;

/** Starts the program and ends it with the exit code of what was asked. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // Scripts ask for the version often: answered before picocli or Jackson are loaded, and without
    // exit, which looks for a logger first.
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      System.out.println(Version.line());
      return;
    }
    System.exit(Wiring.commandLine(Runtime.getRuntime()::halt).run(args));
  }
}
