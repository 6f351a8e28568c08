package dev.agentrunner.adapter.command;

import java.util.List;

/**
 * A program of the user's own: what it prints is its answer, and its exit code says whether it is
 * done. {@code {model}} in its words becomes the model asked for.
 */
final class AnyProgram implements Dialect {

  @Override
  public List<String> program() {
    return List.of();
  }

  @Override
  public List<String> flags(Errand errand, Permissions permissions) {
    return List.of();
  }

  @Override
  public List<String> versionWords() {
    return List.of();
  }

  @Override
  public Hearing hearing(Errand errand) {
    return new Hearing() {
      private boolean speaking;

      @Override
      public boolean tellsItsEnd() {
        return false;
      }

      @Override
      public List<Signal> line(String line) {
        Signal said = new Signal.Said(line + "\n", speaking);
        speaking = true;
        return List.of(said);
      }
    };
  }
}
