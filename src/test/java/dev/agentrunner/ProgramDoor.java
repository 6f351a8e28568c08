package dev.agentrunner;

import dev.agentrunner.cli.CommandLineInterface;
import dev.agentrunner.cli.Platform;
import dev.agentrunner.cli.Screen;
import dev.agentrunner.testing.FakeProvider;
import dev.agentrunner.testing.Script;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The program's front door: arguments in; exit code, output and files out. Everything behind it is
 * the real thing, hooks included, but for the provider, who is a {@link FakeProvider}. The project
 * is in a folder with an awkward name.
 *
 * <p>Hooks to be named by tasks: {@code pass}, {@code fail}, {@code second}, which fails at the
 * first attempt, and {@code ready}, which passes once there is a file {@code ready} in the project.
 */
public final class ProgramDoor implements AutoCloseable {

  /** Must appear nowhere. */
  public static final String KEY = "sk-ant-planted-7f3a91c2";

  private final Path project;
  private final Path home;
  private final FakeProvider provider;
  private final Map<String, String> environment = new TreeMap<>(System.getenv());
  private String keyboard = "";

  /**
   * @param folder to make the project in
   */
  public ProgramDoor(Path folder, Script script) {
    this.project = awkward(folder);
    this.home = folder.resolve("home");
    this.provider = FakeProvider.playing(script);
    environment.put("HOME", home.toString());
    environment.put("FRONT_DOOR_KEY", KEY);
    // What a machine for checks sets must not change what is checked.
    environment.remove("GITHUB_ACTIONS");
    environment.remove("AGENT_RUNNER_LOG_LEVEL");
    write(
        ".agent-runner/config.yml",
        """
        provider: claude
        model: claude-test
        providers:
          claude:
            base_url: "%s"
            api_key_env: FRONT_DOOR_KEY
            timeouts: {silence: 20s}
        hooks:
          pass: "true"
          fail: "echo attempt $AGENT_RUNNER_ATTEMPT is no good; exit 3"
          second: "echo attempt $AGENT_RUNNER_ATTEMPT; test $AGENT_RUNNER_ATTEMPT -gt 1"
          ready: {command: "test -e ready", cwd: "."}
        retries: {max: 1}
        """
            .formatted(provider.address()));
    write("tasks.yml", "");
  }

  private static Path awkward(Path folder) {
    try {
      return folder.resolve("Müllers Projekt & Söhne");
    } catch (InvalidPathException asciiOnly) {
      return folder.resolve("Project & Sons");
    }
  }

  /** What the program did. */
  public record Outcome(int exit, String out, String err) {

    public List<String> lines() {
      return out.lines().toList();
    }
  }

  /** Adds lines to the configuration. */
  public ProgramDoor configured(String more) {
    write(".agent-runner/config.yml", read(".agent-runner/config.yml") + more);
    return this;
  }

  /** Sets the task list; each line is what goes between the braces of a task, the id first. */
  public ProgramDoor tasks(String... tasks) {
    StringBuilder list = new StringBuilder("version: 1\ntasks:\n");
    for (String task : tasks) {
      String id = task.split(",", 2)[0];
      list.append(
          "  - {id: %s, title: %s does it%s}%n".formatted(id, id, task.substring(id.length())));
    }
    write("tasks.yml", list.toString());
    return this;
  }

  /** Has a person sit at the terminal and type these lines. */
  public ProgramDoor attendedBy(String... lines) {
    keyboard = String.join("\n", lines) + "\n";
    return this;
  }

  /** Goes through the door. */
  public Outcome run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
    InstantSource clock = InstantSource.system();
    ProcessMask mask = new ProcessMask(environment);
    var program =
        new CommandLineInterface(
            new CommandLineInterface.Tools(
                new LocalWorkbench(project, environment, clock, errStream::println, mask),
                new Screen(outStream, errStream, false, !keyboard.isEmpty()).masked(mask),
                new ByteArrayInputStream(keyboard.getBytes(StandardCharsets.UTF_8)),
                clock,
                Version.line(),
                exit -> {
                  throw new AssertionError("halted with " + exit);
                }));
    int exit = program.run(arguments);
    return new Outcome(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The server side, with the same folder, environment and provider. */
  public Platform platform() {
    return new LocalWorkbench(
            project, environment, InstantSource.system(), note -> {}, new ProcessMask(environment))
        .platform();
  }

  public FakeProvider provider() {
    return provider;
  }

  /** Without the key in its environment. */
  public ProgramDoor withoutKey() {
    environment.remove("FRONT_DOOR_KEY");
    return this;
  }

  /** With a variable in its environment. */
  public ProgramDoor with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** What the program is started with. */
  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  public Path project() {
    return project;
  }

  public String read(String file) {
    try {
      return Files.readString(project.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ProgramDoor write(String file, String content) {
    try {
      Path path = project.resolve(file);
      Files.createDirectories(path.resolveSibling(""));
      Files.writeString(path, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ProgramDoor delete(String file) {
    try {
      Files.delete(project.resolve(file));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file of the project and what it holds, byte for byte. */
  public Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(project)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(
            project.relativize(path).toString(),
            Files.readString(path, StandardCharsets.ISO_8859_1));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The events of the newest run, a line each. */
  public List<String> events() {
    Map<String, String> logs = new TreeMap<>(files());
    logs.keySet().removeIf(name -> !name.endsWith("events.jsonl"));
    return logs.isEmpty()
        ? List.of()
        : Arrays.asList(((TreeMap<String, String>) logs).lastEntry().getValue().split("\n", -1));
  }

  @Override
  public void close() {
    provider.close();
  }
}
