package dev.agentrunner.cli;

/** How much is told on standard error of what goes on inside, besides what a command prints. */
enum LogLevel {
  error,
  warn,
  info,
  debug,
  trace;

  private static final String PROPERTY = "org.slf4j.simpleLogger.";

  /**
   * Makes it so; too late once anything was logged. Libraries are heard below {@link #warn} with
   * {@link #trace} only.
   */
  void hold() {
    boolean ours = this == info || this == debug;
    System.setProperty(PROPERTY + "defaultLogLevel", (ours ? warn : this).name());
    System.setProperty(PROPERTY + "log.dev.agentrunner", name());
  }
}
