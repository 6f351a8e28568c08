package dev.agentrunner.adapter.process;

import dev.agentrunner.adapter.process.Sandbox.Bubblewrap;
import dev.agentrunner.adapter.process.Sandbox.Landlock;
import dev.agentrunner.adapter.process.Sandbox.Missing;
import dev.agentrunner.adapter.process.Sandbox.Off;
import dev.agentrunner.core.task.Sandboxing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what can hold commands on this machine, once and when first asked: a program that is
 * there may still not be allowed to do its work, so it is tried. Safe for use by many threads.
 */
public final class Sandboxes {

  private static final String PROGRAM = "bwrap";
  private static final int LANDLOCK_ABI_LEAST = 4;

  private final Sandboxing wanted;
  private final String path;
  private Optional<Sandbox> found = Optional.empty();

  /**
   * @param path folders to look for programs in, as in {@code PATH}
   */
  public Sandboxes(Sandboxing wanted, String path) {
    this.wanted = wanted;
    this.path = path;
  }

  /** What is in force; the first call may start a program. */
  public synchronized Sandbox inForce() {
    Sandbox sandbox = found.orElseGet(this::find);
    found = Optional.of(sandbox);
    return sandbox;
  }

  private Sandbox find() {
    return switch (wanted) {
      case OFF -> new Off();
      case BWRAP -> bubblewrap();
      case LANDLOCK -> landlock();
      case AUTO -> bubblewrap() instanceof Bubblewrap works ? works : landlockInstead();
    };
  }

  private Sandbox landlockInstead() {
    return switch (landlock()) {
      case Missing(String why) when bubblewrap() instanceof Missing(String whyNot) ->
          new Missing(whyNot + "; " + why);
      case Sandbox landlock -> landlock;
    };
  }

  private Sandbox bubblewrap() {
    Optional<String> program = Prelude.program(PROGRAM, path);
    if (program.isEmpty()) {
      return new Missing(
          "bubblewrap is not installed (no " + PROGRAM + " in PATH; apt-get install bubblewrap)");
    }
    Tried nestingOff = tried(program.get(), "--disable-userns");
    Tried tried = nestingOff.code == 0 ? nestingOff : tried(program.get());
    if (tried.code != 0) {
      return new Missing(program.get() + " does not work here: " + tried.said);
    }
    String version = outcome(List.of(program.get(), "--version")).said;
    return new Bubblewrap(
        program.get(), version.substring(version.lastIndexOf(' ') + 1), nestingOff.code == 0);
  }

  private static Tried tried(String program, String... more) {
    List<String> words = new ArrayList<>(List.of(program));
    words.addAll(List.of(more));
    words.addAll(List.of("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"));
    words.addAll(List.of("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc"));
    words.addAll(List.of("--unshare-uts", "--cap-drop", "ALL", "--die-with-parent", "--"));
    words.addAll(List.of("/bin/sh", "-c", ":"));
    return outcome(words);
  }

  private record Tried(int code, String said) {}

  private static Tried outcome(List<String> words) {
    try {
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().clear();
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Tried(process.waitFor(), said.strip());
    } catch (IOException e) {
      return new Tried(-1, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Tried(-1, "interrupted while it was tried");
    }
  }

  private static Sandbox landlock() {
    int abi = LandlockCalls.abi();
    if (abi >= LANDLOCK_ABI_LEAST) {
      return new Landlock(abi);
    }
    return new Missing(
        abi <= 0
            ? "this machine has no Landlock"
            : "its Landlock is version %d, too old to hold back connections (%d does)"
                .formatted(abi, LANDLOCK_ABI_LEAST));
  }
}
