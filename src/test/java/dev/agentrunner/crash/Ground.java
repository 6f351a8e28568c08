package dev.agentrunner.crash;

import dev.agentrunner.testing.FakeProvider;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A project to be run and killed in: some tasks with a file each, a hook before and after, and a
 * provider of its own that says one edit and the end for each. Two things go wrong on purpose: the
 * first attempt at {@link #FLAWED} fails its post-hook, and the provider refuses the first question
 * about {@link #LIMITED} for a second.
 *
 * <p>The hooks write down themselves that they were run, a line {@code stage task attempt pid} each
 * in one write, so that nobody has to believe the program.
 */
final class Ground implements AutoCloseable {

  static final String FLAWED = "T02";
  static final String LIMITED = "T03";

  private static final String MARK = "AGENT_RUNNER_CRASH_GROUND";
  private static final String FILLING = "-- some line that stays as it is\n".repeat(200);
  private static final Patience SILENCE = new Patience(Duration.ofSeconds(20));

  private final Path folder;
  private final List<String> tasks;
  private final FakeProvider provider;

  private int jobs = 1;

  private Ground(Path folder, List<String> tasks, FakeProvider provider) {
    this.folder = folder;
    this.tasks = tasks;
    this.provider = provider;
  }

  /**
   * @param folder to be made
   * @param count of tasks, at least three
   */
  static Ground of(Path folder, int count) throws IOException {
    return of(folder, count, Script.ofEdits().at(LIMITED, 1, 1, Reaction.limits(1)));
  }

  /** The same with limits, reports, and a commit for each task where there is git. */
  static Ground ofAll(Path folder, int count) throws IOException, InterruptedException {
    return of(folder, count).withAll();
  }

  Ground withAll() throws IOException, InterruptedException {
    Files.writeString(
        folder.resolve(".agent-runner/config.yml"),
        """
        rate_limits: {claude: {max_requests_hour: 100000, max_tokens_week: 100000000}}
        report: [{format: markdown, file: report.md}, {format: junit, file: junit.xml}]
        git: {commit: task, author: "Ada <ada@example.com>"}
        protect: [kept.txt]
        """,
        StandardOpenOption.APPEND);
    Files.writeString(folder.resolve("work/kept.txt"), "as it was\n");
    Books.layRepository(folder.resolve("work"));
    return this;
  }

  /**
   * With so many tasks at once, and with work of the user's own that nobody else may touch: one
   * change in the index, one that is not, and a file that git does not know.
   */
  Ground withJobs(int many) throws IOException, InterruptedException {
    if (many > 1) {
      jobs = many;
      Files.writeString(
          home().resolve("config.yml"), "jobs: " + many + "\n", StandardOpenOption.APPEND);
      Books.leaveWork(folder.resolve("work"));
    }
    return this;
  }

  int jobs() {
    return jobs;
  }

  static Ground of(Path folder, int count, Script script) throws IOException {
    List<String> tasks = IntStream.rangeClosed(1, count).mapToObj("T%02d"::formatted).toList();
    var ground = new Ground(folder, tasks, FakeProvider.playing(script));
    ground.lay();
    return ground;
  }

  private void lay() throws IOException {
    Files.createDirectories(folder.resolve(".agent-runner"));
    Files.createDirectories(folder.resolve("work"));
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(
        folder.resolve(".agent-runner/config.yml"),
        """
        provider: claude
        model: claude-test
        providers:
          claude: {base_url: "%1$s", api_key_env: CRASH_KEY}
        hooks:
          before: "sh %2$s/hook.sh before"
          after: "sh %2$s/hook.sh after"
        """
            .formatted(provider.address(), folder));
    Files.writeString(
        folder.resolve("hook.sh"),
        """
        echo "$1 $AGENT_RUNNER_TASK_ID $AGENT_RUNNER_ATTEMPT $$" >>"$CRASH_HOOKS"
        if [ -e "%2$s/$1-$AGENT_RUNNER_TASK_ID.sh" ]; then
          . "%2$s/$1-$AGENT_RUNNER_TASK_ID.sh"
        fi
        if [ "$1" = after ]; then
          if [ "$AGENT_RUNNER_TASK_ID $AGENT_RUNNER_ATTEMPT" = "%1$s 1" ]; then
            echo "attempt 1 is not good enough"
            exit 1
          fi
          grep -q "^attempt $AGENT_RUNNER_ATTEMPT$" "$AGENT_RUNNER_TASK_ID.txt"
        fi
        """
            .formatted(FLAWED, folder));
    StringBuilder list =
        new StringBuilder(
            """
            version: 1
            defaults: {path: work, pre_hooks: [before], post_hooks: [after]}
            tasks:
            """);
    for (int i = 0; i < tasks.size(); i++) {
      String task = tasks.get(i);
      String needs = i % 3 == 2 ? ", depends_on: [" + tasks.get(i - 1) + "]" : "";
      list.append("  - {id: %s, title: %s changes a line%s}%n".formatted(task, task, needs));
      Files.writeString(file(task), content(0));
    }
    Files.writeString(folder.resolve("tasks.yml"), list);
  }

  /** What the file of a task holds after that attempt; 0 for what it held to begin with. */
  static String content(int attempt) {
    return FILLING + "attempt " + attempt + "\n" + FILLING;
  }

  Path folder() {
    return folder;
  }

  List<String> tasks() {
    return tasks;
  }

  FakeProvider provider() {
    return provider;
  }

  Path file(String task) {
    return folder.resolve("work").resolve(task + ".txt");
  }

  /** Everything the program has printed here so far. */
  Path output() {
    return folder.resolve("output.txt");
  }

  Path home() {
    return folder.resolve(".agent-runner");
  }

  Map<String, String> environment() {
    return Map.of(
        "CRASH_KEY",
        "sk-planted-0123456789",
        "CRASH_HOOKS",
        folder.resolve("hooks.log").toString(),
        MARK,
        folder.toString(),
        "HOME",
        folder.resolve("home").toString());
  }

  /** Where the calls of all runs are counted. */
  Path usage() {
    return folder.resolve("home/.agent-runner/usage");
  }

  /** What the hooks wrote, a line each. */
  List<String> hookLines() throws IOException {
    Path log = folder.resolve("hooks.log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /**
   * Has a hook do something more.
   *
   * @param hook such as {@code before-T02}
   * @param script in the language of the shell; sees the variables of hooks
   */
  void hookAlso(String hook, String script) throws IOException {
    Files.writeString(folder.resolve(hook + ".sh"), script + "\n");
  }

  void hookNoMore(String hook) throws IOException {
    Files.delete(folder.resolve(hook + ".sh"));
  }

  /** The logs of all runs begun here. */
  List<Path> logs() throws IOException {
    Path runs = home().resolve("runs");
    if (!Files.exists(runs)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(runs)) {
      return paths.map(run -> run.resolve("events.jsonl")).filter(Files::exists).sorted().toList();
    }
  }

  /** The log of the only run. */
  Path log() throws IOException {
    return logs().getFirst();
  }

  /** Files that only exist while another one is being written. */
  List<Path> leftOvers() throws IOException {
    return below(folder)
        .filter(path ->
            path.getFileName().toString().matches(".*\\.(tmp|new|part|lock|claim).*|tmp_.*"))
        // The lock of an account is there for good, as that of the project is.
        .filter(path -> !path.startsWith(usage()) || path.toString().endsWith(".new"))
        .toList();
  }

  private static Stream<Path> below(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).toList().stream();
    }
  }

  /** Processes that were started, however far down, by a program that was started here. */
  List<Long> processes() {
    byte[] mark = (MARK + "=" + folder + "\0").getBytes(StandardCharsets.UTF_8);
    List<Long> found = new ArrayList<>();
    ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> pid != ProcessHandle.current().pid() && carries(pid, mark))
        .forEach(found::add);
    return found;
  }

  private static boolean carries(long pid, byte[] mark) {
    try {
      String environment =
          Files.readString(
              Path.of("/proc", String.valueOf(pid), "environ"), StandardCharsets.ISO_8859_1);
      return environment.contains(new String(mark, StandardCharsets.ISO_8859_1));
    } catch (IOException gone) {
      return false;
    }
  }

  /**
   * Waits until nothing that was started here runs any more and the provider has taken in all that
   * was sent to it. A hook whose runner was killed may go on for a moment.
   */
  void awaitSilence() throws InterruptedException {
    Instant end = Instant.now().plus(SILENCE.now());
    while (!(processes().isEmpty() && provider.idle()) && Instant.now().isBefore(end)) {
      Thread.sleep(2);
    }
  }

  @Override
  public void close() {
    provider.close();
  }

  /** Removes it, unless it is to be looked at. */
  void remove() {
    close();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
