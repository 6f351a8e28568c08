package dev.agentrunner.adapter.process;

import dev.agentrunner.adapter.process.Sandbox.Bubblewrap;
import dev.agentrunner.adapter.process.Sights.Sight;
import dev.agentrunner.port.Confinement;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The box that bubblewrap is to make for a command.
 *
 * <p>Bubblewrap and what is put before it run outside of the box, so they get no environment at
 * all: a variable such as {@code LD_PRELOAD} could name a file that a confined command wrote, and
 * whatever bubblewrap is given can be read in {@code /proc/1/environ}. It reads what to do,
 * environment included, from a pipe, as command lines are shown to every user of the machine.
 */
final class Box {

  /**
   * Makes the pipe descriptor 3, and offers the command to the kernel first when memory runs out.
   */
  private static final String SCRIPT =
      "echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec \"$@\" 3<&0 </dev/null";

  /**
   * Others' files, and sockets of services: what can be read can be connected to, and those do as
   * they are told.
   */
  private static final List<Path> HIDDEN =
      List.of(Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/run"));

  private static final Path RESOLVER = Path.of("/etc/resolv.conf");
  private static final String FAILED = "bwrap: ";
  private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private final Bubblewrap program;
  private final Confinement confinement;
  private final Sights sights;
  private final Path folder;

  private Box(Bubblewrap program, Confinement confinement, Sights sights, Path folder) {
    this.program = program;
    this.confinement = confinement;
    this.sights = sights;
    this.folder = folder;
  }

  /**
   * @param folder where the command runs; shown to it if it were hidden
   * @throws IOException if there can be no such box, in words for people
   */
  static Box of(Bubblewrap program, Confinement confinement, String folder) throws IOException {
    Sights sights = Sights.of(confinement, HIDDEN);
    Path real = Path.of(folder).toRealPath();
    sights.show(real);
    if (confinement.network() && Files.exists(RESOLVER)) {
      sights.show(RESOLVER.toRealPath());
    }
    return new Box(program, confinement, sights, real);
  }

  /** What is to be put there as long as the command runs. */
  List<Path> missing() {
    return sights.missing();
  }

  /** Starts bubblewrap, to be followed by the words of the command. */
  List<String> words() {
    return List.of("/bin/sh", "-c", SCRIPT, "sandbox", program.program(), "--args", "3", "--");
  }

  /** Tells bubblewrap what to do. */
  void tell(Process process) {
    try (OutputStream out = process.getOutputStream()) {
      for (String word : instructions()) {
        out.write(word.getBytes(NATIVE));
        out.write(0);
      }
    } catch (IOException e) {
      // It has ended without listening; its exit code tells why.
    }
  }

  private List<String> instructions() {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"));
    sights.rules().forEach((path, sight) -> words.addAll(mount(path.toString(), sight)));
    words.addAll(List.of("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"));
    words.add("--unshare-cgroup-try");
    if (program.nestingOff()) {
      words.add("--disable-userns");
    }
    if (!confinement.network()) {
      words.add("--unshare-net");
    }
    words.addAll(List.of("--new-session", "--die-with-parent", "--cap-drop", "ALL", "--clearenv"));
    for (Map.Entry<String, String> variable : confinement.environment().entrySet()) {
      words.addAll(List.of("--setenv", variable.getKey(), variable.getValue()));
    }
    words.addAll(List.of("--chdir", folder.toString()));
    return words;
  }

  private List<String> mount(String path, Sight sight) {
    return switch (sight) {
      case WRITABLE -> List.of("--bind", path, path);
      case READ_ONLY -> List.of("--ro-bind", path, path);
      case HIDDEN ->
          Sights.isFolder(Path.of(path))
              ? List.of("--tmpfs", path)
              : List.of("--ro-bind", "/dev/null", path);
    };
  }

  /** Why the command was never reached, if {@code code} and {@code output} say so. */
  static Optional<String> failure(int code, Supplier<String> output) {
    if (code != 1) {
      return Optional.empty();
    }
    String line = output.get().strip();
    return line.startsWith(FAILED) && line.indexOf('\n') < 0
        ? Optional.of("the sandbox could not be made: " + line.substring(FAILED.length()))
        : Optional.empty();
  }
}
