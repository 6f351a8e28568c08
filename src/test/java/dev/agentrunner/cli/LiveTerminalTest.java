package dev.agentrunner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program on a terminal of its own, made by script(1), with somebody who presses keys. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class LiveTerminalTest {

  private static final String LONG =
      "  long: {command: 'until test -e finished; do echo still at it; sleep 0.1; done', cwd: .}\n";

  private static final String MODES = "stty -a | tail -n +2 >%s\n";

  @TempDir private Path folder;

  @BeforeEach
  void onlyWhereThereIsScript() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script(1)");
  }

  /** A terminal in which a shell runs {@code lines}; {@code run} there is {@code agent-runner}. */
  private final class Terminal implements AutoCloseable {

    private final Process process;
    private final StringBuilder seen = new StringBuilder();

    Terminal(ProgramDoor door, String lines) throws IOException {
      String program =
          "env --default-signal=INT,TERM '%s' -XX:TieredStopAtLevel=1 -Xshare:auto --enable-native-access=ALL-UNNAMED -cp '%s' dev.agentrunner.Main"
              .formatted(
                  Path.of(System.getProperty("java.home"), "bin", "java"),
                  System.getProperty("java.class.path"));
      Path script =
          Files.writeString(
              Files.createTempFile(folder, "session", ".sh"),
              "trap : INT\nstty rows 24 cols 80\n" + lines.replace("agent-runner", program));
      ProcessBuilder builder =
          new ProcessBuilder("script", "-qe", "-c", "sh " + script, "/dev/null")
              .directory(door.project().toFile())
              .redirectErrorStream(true);
      builder.environment().putAll(door.environment());
      builder.environment().keySet().removeAll(List.of("CI", "NO_COLOR"));
      builder.environment().put("TERM", "xterm-256color");
      process = builder.start();
    }

    /** Reads on until {@code text} was seen, colours aside. */
    Terminal until(String text) throws IOException {
      InputStream out = process.getInputStream();
      byte[] buffer = new byte[4096];
      while (!seen.toString().replaceAll("\u001B\\[[0-9;]*m", "").contains(text)) {
        int read = out.read(buffer);
        assertThat(read).as("the end came without '%s', after:%n%s", text, seen).isPositive();
        seen.append(new String(buffer, 0, read, UTF_8));
      }
      return this;
    }

    Terminal type(String keys) throws IOException {
      seen.setLength(0);
      OutputStream in = process.getOutputStream();
      in.write(keys.getBytes(UTF_8));
      in.flush();
      return this;
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private ProgramDoor withLongHook() {
    ProgramDoor door =
        new ProgramDoor(folder, Script.ofFiles()).tasks("T1, pre_hooks: [long]", "T2");
    String config = door.read(".agent-runner/config.yml");
    return door.write(".agent-runner/config.yml", config.replace("hooks:\n", "hooks:\n" + LONG));
  }

  private static void modesAreAsBefore(ProgramDoor door) {
    assertThat(door.read("after")).isEqualTo(door.read("before")).contains("icanon");
  }

  private static String around(String commands) {
    return MODES.formatted("before") + commands + MODES.formatted("after") + "echo all over\n";
  }

  @Test
  void keys_act_while_a_hook_takes_long() throws Exception {
    try (ProgramDoor door = withLongHook();
        Terminal terminal = new Terminal(door, around("agent-runner run; echo exit $?\n"))) {
      terminal.until("still at it").until("? help");
      terminal.type("?").until("show or hide this").type("?").until("pre-hook long");
      terminal.type("p").until("pausing after T1").type("s").until("p go on");
      terminal.type("p").until("exit 3").until("all over");

      assertThat(door.events().toString())
          .contains("skipped by key", "paused by key", "gone on by key", "run.completed");
      modesAreAsBefore(door);
    }
  }

  @Test
  void changes_are_shown_without_secrets() throws Exception {
    try (ProgramDoor door = withLongHook().tasks("T1, post_hooks: [long]");
        Terminal terminal = new Terminal(door, "agent-runner run; echo exit $?\n")) {
      terminal.until("  | still at it");
      door.write("mine.txt", "key: " + ProgramDoor.KEY + "\nand more\n");
      terminal.type("d").until("T1 so far:").until("+and more");

      assertThat(terminal.seen.toString()).doesNotContain(ProgramDoor.KEY).contains("[masked");
      terminal.type("q").until("exit 130");
    }
  }

  @Test
  void q_stops_in_good_order() throws Exception {
    try (ProgramDoor door = withLongHook();
        Terminal terminal = new Terminal(door, around("agent-runner run; echo exit $?\n"))) {
      terminal.until("still at it");
      terminal.type("q").until("Next: agent-runner resume").until("exit 130").until("all over");

      assertThat(door.events().toString()).contains("asked to stop");
      modesAreAsBefore(door);
    }
  }

  @Test
  void ctrl_c_is_q() throws Exception {
    try (ProgramDoor door = withLongHook();
        Terminal terminal = new Terminal(door, around("agent-runner run; echo exit $?\n"))) {
      terminal.until("still at it");
      terminal
          .type("\u0003")
          .until("Next: agent-runner resume")
          .until("exit 130")
          .until("all over");

      modesAreAsBefore(door);
    }
  }

  @Test
  void an_editor_has_the_terminal_to_itself() throws Exception {
    Path editor =
        Files.writeString(
            folder.resolve("editor.sh"),
            "stty -a | tail -n +2 >during; echo editing now; read line; echo \"$line\" >\"$1\"\n");
    try (ProgramDoor door =
            new ProgramDoor(folder, Script.ofFiles())
                .with("VISUAL", "sh '" + editor + "'")
                .tasks("T1, post_hooks: [second], max_attempts: 1");
        Terminal terminal = new Terminal(door, around("agent-runner run; echo exit $?\n"))) {
      terminal.until("[e]dit prompt").type("e\r").until("editing now");
      terminal.type("Use red, please quit\r").until("told").until("exit 0").until("all over");

      assertThat(door.read("during")).isEqualTo(door.read("before"));
      assertThat(door.events().toString()).contains("\"advice\":\"Use red, please quit\"");
      modesAreAsBefore(door);
    }
  }

  @Test
  void an_exception_leaves_the_terminal_as_it_was() throws Exception {
    try (ProgramDoor door = withLongHook();
        Terminal terminal = new Terminal(door, around("agent-runner run; echo exit $?\n"))) {
      terminal.until("still at it");
      Path runs = door.project().resolve(".agent-runner/runs");
      Files.move(runs, folder.resolve("away"));
      door.write("finished", "");
      terminal.until("exit 5").until("all over");

      modesAreAsBefore(door);
    }
  }

  @Test
  void after_a_kill_the_next_start_puts_the_terminal_right() throws Exception {
    try (ProgramDoor door = withLongHook();
        Terminal terminal =
            new Terminal(
                door,
                "agent-runner run\nstty -a | grep -o -e -icanon\nagent-runner run; echo exit $?; stty -a | grep -o -e '-*icanon' | sed 's/^/now: /'\n")) {
      terminal.until("still at it");
      terminal
          .process
          .descendants()
          .filter(one -> one.info().command().orElse("").endsWith("/java"))
          .forEach(ProcessHandle::destroyForcibly);
      terminal.type("").until("-icanon").until("still at it");
      terminal.type("q").until("exit 130").until("now: icanon");
    }
  }

  @Test
  void another_terminal_can_look_on() throws Exception {
    String twice = "agent-runner status --watch; agent-runner status --watch; echo exit $?\n";
    try (ProgramDoor door = withLongHook();
        Terminal run = new Terminal(door, "agent-runner run; echo exit $?\n").until("still at it");
        Terminal other = new Terminal(door, around(twice))) {
      other.until("  | still at it").until("q leave").type("q").until("Logs:").until("q leave");
      door.write("finished", "");
      run.until("exit 0");
      other.until("T2  T2 does it").until("exit 0").until("all over");

      modesAreAsBefore(door);
    }
  }
}
