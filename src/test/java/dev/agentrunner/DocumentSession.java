package dev.agentrunner;

import dev.agentrunner.cli.CommandLineInterface;
import dev.agentrunner.cli.Screen;
import dev.agentrunner.testing.ExampleCopy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A reader who types what a page says, line by line. Where a line only calls the program, it is
 * called in this process; all else goes to the shell. The id of any run stands for that of the last
 * one. No key is there, and nobody to be asked.
 */
final class DocumentSession {

  private static final Pattern CALL =
      Pattern.compile(
          "((?:[A-Z_]+=[^ ]* )*)(?:\\./)?agent-runner((?: (?:[^ \"'|>&;$`]+|\"[^\"$`]*\"|'[^']*'))*)");
  private static final Pattern RUN = Pattern.compile("\\d{8}-\\d{6}-[0-9a-f]{4}");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^ ]+)");

  private final Path ground;
  private final Map<String, String> environment = new TreeMap<>();
  private Path folder;
  private int copies;

  /** What came of one line, both streams as one. */
  record Result(int exit, String said) {}

  DocumentSession(Path ground) throws IOException {
    this.ground = ground;
    this.folder = Files.createDirectories(ground.resolve("top"));
    ExampleCopy.all(folder.resolve("examples"));
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", Files.createDirectories(ground.resolve("home")).toString());
  }

  void begin(String example) throws IOException {
    copies++;
    folder = ExampleCopy.of(example, ground.resolve("copy" + copies).resolve(example));
  }

  Result type(String line) throws IOException, InterruptedException {
    String typed = RUN.matcher(line.replaceFirst(" +#.*$", "")).replaceAll(_ -> lastRun());
    if (typed.startsWith("cd ")) {
      folder = folder.resolve(typed.substring(3)).normalize();
      return new Result(Files.isDirectory(folder) ? 0 : 1, "");
    }
    var call = CALL.matcher(typed);
    return call.matches() ? call(call.toMatchResult()) : shell(typed);
  }

  private String lastRun() {
    String[] runs = folder.resolve(".agent-runner/runs").toFile().list();
    return runs == null ? "none" : Arrays.stream(runs).sorted().reduce("none", (a, b) -> b);
  }

  private Result call(MatchResult call) {
    Map<String, String> variables = new TreeMap<>(environment);
    for (String setting : call.group(1).split(" ", -1)) {
      if (!setting.isEmpty()) {
        String[] parts = setting.split("=", 2);
        variables.put(parts[0], parts[1]);
      }
    }
    List<String> words = new ArrayList<>();
    WORD.matcher(call.group(2))
        .results()
        .map(word -> word.group().replaceAll("^[\"']|[\"']$", ""))
        .forEach(words::add);
    var said = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    InstantSource clock = InstantSource.system();
    ProcessMask mask = new ProcessMask(variables);
    int exit =
        new CommandLineInterface(
                new CommandLineInterface.Tools(
                    new LocalWorkbench(folder, variables, clock, stream::println, mask),
                    new Screen(stream, stream, false, false).masked(mask),
                    new ByteArrayInputStream(new byte[0]),
                    clock,
                    "agent-runner 0.1.0",
                    code -> {}))
            .run(words.toArray(String[]::new));
    return new Result(exit, said.toString(StandardCharsets.UTF_8));
  }

  private Result shell(String line) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", line).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), said);
  }
}
