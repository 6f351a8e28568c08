package dev.agentrunner.port;

/** Another process is at work on the project. */
public final class BusyException extends EnvironmentException {

  private static final long serialVersionUID = 1L;

  public BusyException(String message) {
    super(message);
  }
}
