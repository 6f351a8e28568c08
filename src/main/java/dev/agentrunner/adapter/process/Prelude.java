package dev.agentrunner.adapter.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Programs that are put before a command and turn into it, in the same process: one sets the {@link
 * Mark} as a limit, the other begins a session, so that a Ctrl+C on the terminal does not reach the
 * command.
 *
 * @param prlimit its path, where it works
 * @param setsid its path and arguments; empty where there is nothing of the kind
 */
record Prelude(Optional<String> prlimit, List<String> setsid) {

  /** For systems without setsid, such as macOS; tells of a failure as setsid does. */
  private static final String SETSID_IN_PERL =
      "use POSIX (); POSIX::setsid(); exec {$ARGV[0]} @ARGV;"
          + " print STDERR \"setsid: failed to execute $ARGV[0]: $!\\n\"; exit 127;";

  /** How setsid begins what it says; what follows is in the language of the user. */
  private static final String FAILED = "setsid: ";

  /** What was found, by where it was looked for: a server would try it anew for each run. */
  private static final Map<String, Prelude> FOUND = new ConcurrentHashMap<>();

  Prelude {
    setsid = List.copyOf(setsid);
  }

  static Prelude none() {
    return new Prelude(Optional.empty(), List.of());
  }

  /**
   * What this machine has, looked for in the folders of {@code path}. The first time, starts a
   * process to try it.
   */
  static Prelude found(String path) {
    Prelude known = FOUND.get(path);
    if (known != null) {
      return known;
    }
    Prelude found = lookedFor(path);
    if (!Thread.currentThread().isInterrupted()) {
      FOUND.put(path, found);
    }
    return found;
  }

  private static Prelude lookedFor(String path) {
    var whole = new Prelude(program("prlimit", path), setsidFound(path));
    return whole.prlimit.isEmpty() || whole.works()
        ? whole
        : new Prelude(Optional.empty(), whole.setsid);
  }

  private static List<String> setsidFound(String path) {
    return program("setsid", path)
        .map(setsid -> List.of(setsid, "--"))
        .or(() -> program("perl", path).map(perl -> List.of(perl, "-e", SETSID_IN_PERL, "--")))
        .orElse(List.of());
  }

  static Optional<String> program(String name, String path) {
    return List.of(path.split(File.pathSeparator)).stream()
        .map(folder -> Path.of(folder, name))
        .filter(file -> file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file))
        .map(Path::toString)
        .findFirst();
  }

  /** Some containers know the program but do not let it set limits. */
  private boolean works() {
    List<String> words = new ArrayList<>(before(Mark.random()));
    words.addAll(List.of("/bin/sh", "-c", ":"));
    try {
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      return builder.redirectOutput(Redirect.DISCARD).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  List<String> before(Mark mark) {
    List<String> words = new ArrayList<>();
    prlimit.ifPresent(program -> words.addAll(List.of(program, "--locks=" + mark.token() + ":")));
    words.addAll(setsid);
    return words;
  }

  boolean ownSession() {
    return !setsid.isEmpty();
  }

  /** Why the command was never reached, if {@code code} and {@code output} say so. */
  Optional<String> failure(int code, Supplier<String> output) {
    if (!ownSession() || (code != 126 && code != 127)) {
      return Optional.empty();
    }
    String line = output.get().strip();
    return line.startsWith(FAILED) && line.indexOf('\n') < 0
        ? Optional.of(line.substring(line.lastIndexOf(": ") + 2))
        : Optional.empty();
  }
}
