package dev.agentrunner.adapter.process;

import static dev.agentrunner.adapter.process.Bench.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.task.Sandboxing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BubblewrapTest extends ConfinementContract {

  @Override
  Sandboxing sandboxing() {
    return Sandboxing.BWRAP;
  }

  @Test
  void it_is_found_with_its_version() {
    Sandbox sandbox = new Sandboxes(Sandboxing.AUTO, System.getenv("PATH")).inForce();

    assertThat(sandbox).isInstanceOf(Sandbox.Bubblewrap.class);
    assertThat(sandbox.shown()).matches("bubblewrap \\d+\\.\\d+\\.\\d+ \\(/.*bwrap\\)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo x > top && mkdir made && mv top made/ && rm -r made",
        "echo x > $HOME/scratch && cat $HOME/scratch",
        "echo x > /tmp/scratch && echo x > /dev/shm/scratch",
        "test $(ls -A $HOME) = project",
        "test $(ls /proc | grep -c '^[0-9]') -lt 9",
      })
  void it_has_places_of_its_own(String line) {
    HookResult result = held.sh(line);

    assertThat(result.passed()).as(result.output()).isTrue();
    assertThat(held.home.resolve("scratch")).doesNotExist();
    assertThat(Path.of("/tmp/scratch")).doesNotExist();
  }

  @Test
  void what_may_be_written_may_be_a_folder_that_is_replaced_as_a_whole_within() {
    assertThat(held.sh("mv src old && mkdir src && echo x > src/a.py").passed()).isTrue();
  }

  @Test
  void nothing_to_push_into_the_terminal_is_there() {
    HookResult result =
        held.sh(
            "python3 -c 'import fcntl, termios; fcntl.ioctl(open(\"/dev/tty\"), termios.TIOCSTI,"
                + " b\"x\")'");

    assertThat(result.passed()).isFalse();
  }

  @Test
  void two_at_once_share_what_keeps_a_missing_folder_missing() throws IOException {
    held.readOnly.add(held.project.resolve("src/.git").toString());
    CompletableFuture<HookResult> longer =
        CompletableFuture.supplyAsync(
            () ->
                held.sh(
                    "echo > ready; until test -e go; do sleep 0.01; done; mkdir src/.git/hooks"),
            task -> Thread.ofPlatform().daemon().start(task));
    until(() -> Files.exists(held.project.resolve("ready")));

    assertThat(held.sh("true").passed()).isTrue();
    Files.writeString(held.project.resolve("go"), "");

    assertThat(longer.join().passed()).isFalse();
    assertThat(held.project.resolve("src/.git")).doesNotExist();
  }

  @Test
  void when_the_runner_is_killed_the_command_dies_with_it() throws IOException {
    Process runner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedRunner.class.getName(),
                ground.toString(),
                held.bench.tag)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    until(() -> held.bench.has("ready") || !runner.isAlive());
    assertThat(runner.isAlive()).isTrue();

    runner.destroyForcibly();

    until(() -> held.bench.alive().isEmpty());
  }

  @Test
  void a_thread_that_ends_early_does_not_take_it_along() throws IOException {
    var builder =
        new ProcessBuilder("bwrap", "--ro-bind", "/", "/", "--die-with-parent", "sleep", "0.5");

    Process process = StartingThread.start(builder, () -> {});

    assertThat(process.onExit().join().exitValue()).isZero();
  }

  @Test
  void without_the_program_nothing_confined_is_started() {
    Sandbox none = new Sandboxes(Sandboxing.BWRAP, "/no/such/folder").inForce();

    assertThat(none.shown()).startsWith("none: bubblewrap is not installed");
  }
}
