package dev.agentrunner.adapter.process;

import dev.agentrunner.adapter.process.Sandbox.Bubblewrap;
import dev.agentrunner.adapter.process.Sandbox.Landlock;
import dev.agentrunner.adapter.process.Sandbox.Missing;
import dev.agentrunner.adapter.process.Sandbox.Off;
import dev.agentrunner.adapter.process.Sights.Unruly;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Command.Program;
import dev.agentrunner.core.task.Command.Shell;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.port.Confinement;
import dev.agentrunner.port.Processes.Job;
import dev.agentrunner.port.Programs.Talk;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts commands so that everything they start can be found again, or says in plain words why it
 * cannot.
 */
final class Launcher {

  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

  private static final boolean WINDOWS = File.separatorChar == '\\';
  private static final File NOTHING = new File(WINDOWS ? "NUL" : "/dev/null");
  private static final String PATH_DEFAULT = "/usr/bin:/bin";

  /**
   * What the launcher script notes of the user's own settings before it changes them, with the
   * setting as suffix.
   */
  private static final String ORIGINAL = "AGENT_RUNNER_ORIG_";

  private final Map<String, String> environment;
  private final Prelude prelude;
  private final Sandboxes sandboxes;
  private final Placeholders placeholders = new Placeholders();
  private final boolean proc = ProcFiles.usable();

  /**
   * @param environment the runner's own
   */
  Launcher(Map<String, String> environment, Prelude prelude, Sandboxes sandboxes) {
    this.environment = Map.copyOf(environment);
    this.prelude = prelude;
    this.sandboxes = sandboxes;
  }

  /**
   * @param environment the runner's own, as far as commands may have it
   */
  static Launcher ofThisMachine(Map<String, String> environment, Sandboxing sandboxing) {
    String path = environment.getOrDefault("PATH", PATH_DEFAULT);
    return new Launcher(
        environment,
        WINDOWS ? Prelude.none() : Prelude.found(path),
        new Sandboxes(sandboxing, path));
  }

  Sandbox sandbox() {
    return sandboxes.inForce();
  }

  /** What came of it. */
  sealed interface Launch {}

  /**
   * It runs; standard output and error come as one stream, in the order written.
   *
   * @param after to be done when all of it is gone
   */
  record Started(Process process, ProcessTree tree, Crowd crowd, Runnable after)
      implements Launch {}

  record Refused(String why) implements Launch {}

  Launch start(Job job) {
    Redirect nothing = Redirect.from(NOTHING);
    if (job.confinement().isPresent()) {
      Confinement confinement = job.confinement().get();
      Order order =
          new Order(job.command(), job.folder(), confinement.environment(), nothing, true);
      return start(order, mark -> startHeld(order, confinement, mark));
    }
    return startOpen(
        new Order(
            job.command(),
            job.folder(),
            withoutOriginals(environment, job.environment()),
            nothing,
            true));
  }

  /**
   * The program's input lies in a file: it may be left unread, and there is no thread to feed it.
   */
  Launch start(Talk talk) {
    try {
      Path input = Files.createTempFile("agent-runner-", ".txt");
      try {
        Files.writeString(input, talk.input());
        Map<String, String> child = new HashMap<>(talk.environment());
        return startOpen(
            new Order(talk.program(), talk.folder(), child, Redirect.from(input.toFile()), false));
      } finally {
        // Whoever has it open keeps it; where that is not so, it is left for the system to clear.
        Files.deleteIfExists(input);
      }
    } catch (IOException e) {
      return new Refused("its input could not be written: " + inPlainWords(e));
    }
  }

  /**
   * What to start.
   *
   * @param environment all of it, but for the mark
   * @param oneStream whether errors go where the output goes
   */
  private record Order(
      Command command,
      String folder,
      Map<String, String> environment,
      Redirect input,
      boolean oneStream) {}

  private interface Starter {
    Launch start(Mark mark) throws IOException;
  }

  private Launch startOpen(Order order) {
    return start(
        order,
        mark -> {
          Process process =
              builder(order, List.of(), marked(order.environment(), mark), mark).start();
          return new Started(process, tree(process, mark), Crowd.unbounded(), () -> {});
        });
  }

  private Launch start(Order order, Starter starter) {
    Optional<String> fault = folderFault(order.folder()).or(() -> programFault(order));
    if (fault.isPresent()) {
      return new Refused(fault.get());
    }
    try {
      Launch launch = starter.start(Mark.random());
      if (launch instanceof Started started) {
        LOG.debug(
            "process {} started in {}: {}",
            started.process().pid(),
            order.folder(),
            shown(order.command()));
      }
      return launch;
    } catch (Unruly e) {
      return new Refused("it cannot be confined: " + e.getMessage());
    } catch (IOException e) {
      return new Refused(shown(order.command()) + ": " + inPlainWords(e));
    } catch (IllegalArgumentException e) {
      // Its message quotes the value, which may be a secret.
      return new Refused(
          "a name or value in the environment holds a NUL character, or a name a \"=\"");
    }
  }

  private Launch startHeld(Order order, Confinement confinement, Mark mark) throws IOException {
    return switch (sandboxes.inForce()) {
      case Bubblewrap bubblewrap -> startBoxed(order, confinement, bubblewrap, mark);
      case Landlock landlock -> startFenced(order, confinement, landlock, mark);
      case Off() -> {
        Map<String, String> child = marked(confinement.environment(), mark);
        Process process =
            builder(order, Limits.before(prelude.prlimit(), confinement), child, mark).start();
        yield new Started(
            process, tree(process, mark), new Crowd(confinement.processesMax()), () -> {});
      }
      case Missing(String why) ->
          new Refused(
              why
                  + "; a confined command is not started without, unless the sandbox is set to off");
    };
  }

  private Started startBoxed(Order order, Confinement confinement, Bubblewrap program, Mark mark)
      throws IOException {
    refuseOdd(confinement.environment());
    Box box = Box.of(program, confinement, order.folder());
    List<String> before = new ArrayList<>(box.words());
    before.addAll(Limits.before(prelude.prlimit(), confinement));
    placeholders.put(box.missing());
    boolean begun = false;
    try {
      ProcessBuilder builder = builder(order, before, Map.of(), mark).redirectInput(Redirect.PIPE);
      Process process = StartingThread.start(builder, () -> {});
      box.tell(process);
      begun = true;
      return new Started(
          process,
          new BoxedTree(process.pid(), tree(process, mark)),
          new Crowd(confinement.processesMax()),
          () -> placeholders.remove(box.missing()));
    } finally {
      if (!begun) {
        placeholders.remove(box.missing());
      }
    }
  }

  private Started startFenced(Order order, Confinement confinement, Landlock kernel, Mark mark)
      throws IOException {
    Fence fence = Fence.of(kernel, confinement, order.folder());
    boolean begun = false;
    try {
      Map<String, String> child = marked(fence.environment(), mark);
      ProcessBuilder builder =
          builder(order, Limits.before(prelude.prlimit(), confinement), child, mark);
      Process process = StartingThread.start(builder, fence::close);
      begun = true;
      return new Started(
          process, tree(process, mark), new Crowd(confinement.processesMax()), fence::takeDown);
    } finally {
      if (!begun) {
        fence.takeDown();
      }
    }
  }

  private ProcessBuilder builder(
      Order order, List<String> before, Map<String, String> child, Mark mark) {
    List<String> words = new ArrayList<>(prelude.before(mark));
    words.addAll(before);
    words.addAll(words(order.command()));
    var builder =
        new ProcessBuilder(words)
            .directory(new File(order.folder()))
            .redirectInput(order.input())
            .redirectErrorStream(order.oneStream());
    builder.environment().clear();
    builder.environment().putAll(child);
    return builder;
  }

  /** As a process builder does: these do not go through one. */
  private static void refuseOdd(Map<String, String> environment) {
    environment.forEach((name, value) -> {
      if (name.isEmpty() || name.contains("=") || (name + value).indexOf('\0') >= 0) {
        throw new IllegalArgumentException(name);
      }
    });
  }

  private static Map<String, String> marked(Map<String, String> environment, Mark mark) {
    Map<String, String> marked = new HashMap<>(environment);
    mark.putInto(marked);
    return marked;
  }

  private ProcessTree tree(Process process, Mark mark) {
    return proc
        ? new LinuxTree(process.pid(), prelude.ownSession(), mark)
        : new PortableTree(process.toHandle());
  }

  /** Why a command that ended so never ran; empty if it did, as far as one can tell. */
  Optional<String> failure(Job job, int code, Supplier<String> output) {
    Optional<String> unmade =
        job.confinement().isPresent() && sandboxes.inForce() instanceof Bubblewrap
            ? Box.failure(code, output)
            : Optional.empty();
    return unmade.or(() -> failure(job.command(), code, output));
  }

  Optional<String> failure(Talk talk, int code, Supplier<String> output) {
    return failure(talk.program(), code, output);
  }

  private Optional<String> failure(Command command, int code, Supplier<String> output) {
    return prelude
        .failure(code, output)
        .map(why ->
            shown(command)
                + ": "
                + why
                + "; if it is a script, see whether its first line names a program that exists");
  }

  private static List<String> words(Command command) {
    return switch (command) {
      case Shell(String line) ->
          WINDOWS ? List.of("cmd", "/c", line) : List.of("/bin/sh", "-c", line);
      case Program(List<String> words) -> words;
    };
  }

  private static Map<String, String> withoutOriginals(
      Map<String, String> environment, Map<String, String> added) {
    Map<String, String> child = new HashMap<>(environment);
    child.keySet().removeIf(name -> name.startsWith(ORIGINAL));
    String locale = environment.get(ORIGINAL + "LC_ALL");
    if (locale != null) {
      child.remove("LC_ALL");
      if (!locale.isEmpty()) {
        child.put("LC_ALL", locale);
      }
    }
    child.putAll(added);
    return child;
  }

  private static Optional<String> folderFault(String folder) {
    var file = new File(folder);
    if (file.isDirectory()) {
      return Optional.empty();
    }
    return Optional.of((file.exists() ? "not a folder: " : "no such folder: ") + folder);
  }

  /**
   * Found out beforehand, as a program that was put before another cannot say it in a way that is
   * sure to be understood.
   */
  private static Optional<String> programFault(Order order) {
    if (WINDOWS || !(order.command() instanceof Program(List<String> words))) {
      return Optional.empty();
    }
    String name = words.getFirst();
    try {
      Path folder = Path.of(order.folder());
      return name.contains("/")
          ? fileFault(folder.resolve(name), name)
          : searchFault(name, folder, order.environment().getOrDefault("PATH", PATH_DEFAULT));
    } catch (InvalidPathException e) {
      return Optional.of("no such program: " + name);
    }
  }

  private static Optional<String> fileFault(Path file, String name) {
    if (!Files.exists(file)) {
      return Optional.of("no such program: " + name);
    }
    if (Files.isDirectory(file)) {
      return Optional.of("a folder, not a program: " + name);
    }
    return Files.isExecutable(file)
        ? Optional.empty()
        : Optional.of("not executable: " + name + " (chmod +x would make it so)");
  }

  private static Optional<String> searchFault(String name, Path folder, String path) {
    Optional<String> fault = Optional.of("no such program: " + name + " (looked in PATH)");
    if (name.isEmpty()) {
      return Optional.of("the program has no name");
    }
    for (String place : path.split(":", -1)) {
      Path file = folder.resolve(place).resolve(name);
      if (Files.isRegularFile(file)) {
        fault = fileFault(file, file.toString());
      }
      if (fault.isEmpty()) {
        return fault;
      }
    }
    return fault;
  }

  private static String shown(Command command) {
    return switch (command) {
      case Shell(String line) -> line;
      case Program(List<String> words) -> words.getFirst();
    };
  }

  /**
   * Such as {@code Argument list too long}, out of {@code Cannot run program "…": Exec failed,
   * error: 7 (Argument …)}.
   */
  private static String inPlainWords(IOException e) {
    String message = String.valueOf(e.getMessage()).strip();
    int open = message.lastIndexOf('(');
    return open >= 0 && message.endsWith(")")
        ? message.substring(open + 1, message.length() - 1)
        : message;
  }
}
