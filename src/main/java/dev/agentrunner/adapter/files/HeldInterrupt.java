package dev.agentrunner.adapter.files;

/**
 * Puts an interrupt of this thread off until the end of a block. A channel that is in use by an
 * interrupted thread is closed for good, in the middle of what it does; whoever wants a run to stop
 * says so elsewhere.
 */
record HeldInterrupt(boolean interrupted) implements AutoCloseable {

  static HeldInterrupt hold() {
    return new HeldInterrupt(Thread.interrupted());
  }

  @Override
  public void close() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
