package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.cli.CommandLineInterface;
import dev.agentrunner.cli.Screen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newcomer's first command, on a copy of the example that ships. */
class QuickstartTest {

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void copyExample() throws IOException {
    Path example = Path.of("examples/quickstart");
    try (Stream<Path> files = Files.walk(example)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path name = example.relativize(file);
        if (isExample(name)) {
          Path copy = folder.resolve(name.toString());
          Files.createDirectories(copy.getParent());
          if (Files.isRegularFile(file)) {
            Files.copy(file, copy);
          }
        }
      }
    }
  }

  /** What somebody's own run left behind is no part of it. */
  private static boolean isExample(Path name) {
    boolean kept = name.startsWith(".agent-runner");
    return !name.startsWith("work") && (!kept || name.endsWith("config.yml"));
  }

  private int run(String... args) {
    out.reset();
    err.reset();
    Screen screen =
        new Screen(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false);
    InstantSource clock = InstantSource.system();
    return new CommandLineInterface(
            new CommandLineInterface.Tools(
                new LocalWorkbench(
                    folder, Map.of("PATH", System.getenv("PATH")), clock, notice -> {}),
                screen,
                InputStream.nullInputStream(),
                clock,
                "agent-runner test",
                code -> {}))
        .run(args);
  }

  @Test
  void three_tasks_are_done_and_one_of_them_needs_a_second_attempt() throws IOException {
    assertThat(run("run", "tasks.yml")).as(err.toString(StandardCharsets.UTF_8)).isZero();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("+  count)")
        .contains("3 done.")
        .containsPattern("add-count +done +2 attempts");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("count: exit 1")
        .contains("attempt 2")
        .doesNotContain("\u001B");
    assertThat(Files.readString(folder.resolve("work/todo.sh"))).contains("NR != n'");
    assertThat(Files.readString(folder.resolve("project/todo.sh"))).contains("NR != n + 1'");
  }

  @Test
  void done_is_done() {
    run("run", "tasks.yml");

    assertThat(run("run", "tasks.yml")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Nothing to do");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void without_a_key_the_real_provider_is_refused_before_anything_is_started() {
    assertThat(run("run", "tasks.yml", "--provider", "claude")).isEqualTo(5);

    assertThat(err.toString(StandardCharsets.UTF_8)).contains("ANTHROPIC_API_KEY");
    assertThat(folder.resolve(".agent-runner/runs")).doesNotExist();
  }

  @Test
  void a_rehearsal_touches_nothing() {
    assertThat(run("run", "--dry-run", "tasks.yml")).isZero();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Nothing was asked, run or written")
        .contains("fresh-copy");
    assertThat(folder.resolve(".agent-runner/runs")).doesNotExist();
    assertThat(folder.resolve("work")).doesNotExist();
  }
}
