package dev.agentrunner.adapter.process;

import static dev.agentrunner.adapter.process.Bench.LONG;
import static dev.agentrunner.adapter.process.Bench.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.core.task.Command.Program;
import dev.agentrunner.port.Programs;
import dev.agentrunner.port.Programs.Exited;
import dev.agentrunner.port.Programs.FellSilent;
import dev.agentrunner.port.Programs.Interrupted;
import dev.agentrunner.port.Programs.NotStarted;
import dev.agentrunner.port.Programs.TookTooLong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Talks with real programs; what is left of them is looked for in {@code /proc}. */
@EnabledOnOs(OS.LINUX)
class TalkTest {

  private static final Duration SOON = Duration.ofMillis(300);

  @TempDir private Path folder;
  private Bench bench;
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final List<String> complaints = new ArrayList<>();

  @BeforeEach
  void set_up() {
    bench =
        new Bench(
            folder, new SystemProcesses(Duration.ofMillis(200), Map.of("SECRET", "of the runner")));
  }

  @AfterEach
  void nothing_is_left() {
    assertThat(bench.alive()).isEmpty();
  }

  private Programs.End talk(String script, String input, Duration silence, Duration total) {
    return bench.processes.converse(
        new Programs.Talk(
            new Program(List.of("/bin/sh", "-c", script)),
            folder.toString(),
            Map.of("PATH", System.getenv("PATH"), "tag", bench.tag),
            input,
            silence,
            total),
        new Programs.Listener() {
          @Override
          public void line(String line) {
            lines.add(line);
          }

          @Override
          public void complaint(String line) {
            complaints.add(line);
          }

          @Override
          public void silence(Duration since) {}
        },
        bench.stop);
  }

  private Programs.End talk(String script) {
    return talk(script, "", LONG, LONG);
  }

  @Test
  void lines_and_complaints_come_apart_and_without_their_ends() {
    assertThat(talk("echo one; echo oops >&2; printf 'two\\r\\n\\nthree'; exit 3"))
        .isEqualTo(new Exited(3));

    assertThat(lines).containsExactly("one", "two", "", "three");
    assertThat(complaints).containsExactly("oops");
  }

  @Test
  void it_is_told_what_it_is_told_and_then_its_input_ends() {
    talk("cat; echo; echo end", "two\nlines", LONG, LONG);

    assertThat(lines).containsExactly("two", "lines", "end");
  }

  @Test
  void input_that_nobody_reads_holds_nothing_up() {
    assertThat(talk("echo ok", "x".repeat(5 << 20), LONG, LONG)).isEqualTo(new Exited(0));
  }

  @Test
  void it_gets_the_environment_it_is_given_and_no_more() {
    talk("env | cut -d= -f1 | sort");

    assertThat(lines).contains("PATH", "tag").doesNotContain("SECRET", "HOME");
  }

  @Test
  void one_that_says_nothing_for_long_is_ended() {
    assertThat(talk("echo hello; sleep $tag", "", SOON, LONG)).isEqualTo(new FellSilent(SOON));
  }

  @Test
  void one_that_goes_on_talking_is_ended_when_its_time_is_up() {
    assertThat(talk("while :; do echo still here; sleep 0.05; done", "", LONG, SOON))
        .isEqualTo(new TookTooLong(SOON));
  }

  /** A shell that was started with the signal ignored, as in the background, cannot heed it. */
  private static boolean interruptsAreHeeded() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .noneMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  @Test
  void one_that_is_stopped_is_interrupted_first_and_leaves_nobody() throws IOException {
    assumeTrue(interruptsAreHeeded(), "SIGINT is ignored here");
    var end =
        CompletableFuture.supplyAsync(
            () ->
                talk(
                    "trap 'echo interrupted; exit 1' INT; setsid sleep $tag & echo ready;"
                        + " while :; do sleep 0.05; done"),
            task -> Thread.ofPlatform().daemon().start(task));
    until(() -> lines.contains("ready"));

    bench.stop.request();

    assertThat(end.join()).isEqualTo(new Interrupted());
    assertThat(lines).contains("interrupted");
  }

  @Test
  void one_that_heeds_nothing_is_killed() {
    var end =
        CompletableFuture.supplyAsync(
            () -> talk("trap '' INT TERM; echo ready; while :; do sleep 0.05; done"),
            task -> Thread.ofPlatform().daemon().start(task));
    until(() -> lines.contains("ready"));

    bench.stop.request();

    assertThat(end.join()).isEqualTo(new Interrupted());
  }

  @Test
  void a_line_of_sixteen_mebibytes_arrives_whole_and_a_longer_one_is_left_out() {
    int most = SpokenLines.LINE_BYTES_MAX;
    talk(
        "head -c %d /dev/zero | tr '\\0' x; echo; head -c %d /dev/zero | tr '\\0' y; echo; echo end"
            .formatted(most, most + 1));

    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).hasSize(most);
    assertThat(lines.get(1)).contains("left out a line of " + (most + 1) + " bytes");
    assertThat(lines.getLast()).isEqualTo("end");
  }

  @Test
  void a_program_that_is_not_there_is_named() {
    Programs.End end =
        bench.processes.converse(
            new Programs.Talk(
                new Program(List.of("no-such-agent")), folder.toString(), Map.of(), "", LONG, LONG),
            new Programs.Listener() {
              @Override
              public void line(String line) {}

              @Override
              public void complaint(String line) {}

              @Override
              public void silence(Duration since) {}
            },
            bench.stop);

    assertThat(end).isInstanceOf(NotStarted.class).asString().contains("no-such-agent");
  }
}
