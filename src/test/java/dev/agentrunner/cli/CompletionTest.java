package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Completion, in the shells that are there. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class CompletionTest {

  @TempDir private Path folder;

  private Path script(String shell) throws IOException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      Outcome printed = door.run("completion", shell);
      assertThat(printed.exit()).as(printed.err()).isZero();
      return Files.writeString(folder.resolve("completion." + shell), printed.out());
    }
  }

  private static String said(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }

  @Test
  void bash_completes_commands_and_options() throws Exception {
    assumeTrue(Files.exists(Path.of("/bin/bash")), "there is no bash");
    String complete =
        "source %s; COMP_WORDS=(agent-runner %s); COMP_CWORD=%d; _complete_agent-runner; echo \"${COMPREPLY[@]}\"";
    Path script = script("bash");

    assertThat(said("/bin/bash", "-c", complete.formatted(script, "exp", 1))).contains("explain");
    assertThat(said("/bin/bash", "-c", complete.formatted(script, "run --dry", 2)))
        .contains("--dry-run");
    assertThat(said("/bin/bash", "-c", complete.formatted(script, "run -o j", 3))).contains("json");
  }

  @Test
  void zsh_takes_the_script() throws Exception {
    assumeTrue(Files.exists(Path.of("/bin/zsh")), "there is no zsh");
    said("/bin/zsh", "-n", script("zsh").toString());
  }

  @Test
  void fish_is_told_every_command_with_its_options() throws Exception {
    Path script = script("fish");

    assertThat(Files.readString(script))
        .contains("-a 'explain' -d 'Say why a run stopped")
        .contains("-n '__fish_seen_subcommand_from run' -s n -l dry-run")
        .contains("-a 'auto live plain quiet json'")
        .contains("__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from")
        .doesNotContain("${DEFAULT-VALUE}");
    if (Files.exists(Path.of("/usr/bin/fish"))) {
      said("/usr/bin/fish", "--no-execute", script.toString());
    }
  }
}
