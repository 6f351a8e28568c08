package dev.agentrunner.adapter.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.HookResult.NotStarted;
import dev.agentrunner.core.task.Command.Shell;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.port.Processes.Job;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class NoSandboxTest {

  @TempDir private Path ground;

  @Test
  void where_none_is_wanted_a_command_still_has_its_own_environment() throws IOException {
    var held = new HeldCommands(ground, Sandboxing.OFF);

    HookResult result = held.sh("env; echo x > $OUT/file");

    assertThat(result.passed()).isTrue();
    assertThat(result.output()).contains("PROJ=").doesNotContain("SECRET_KEY");
    assertThat(held.bench.processes.sandbox().shown()).startsWith("off");
  }

  @Test
  void where_one_is_wanted_and_missing_nothing_is_started() throws IOException {
    var held = new HeldCommands(ground, Sandboxing.OFF);
    var launcher =
        new Launcher(
            System.getenv(),
            Prelude.found("/usr/bin:/bin"),
            new Sandboxes(Sandboxing.BWRAP, "/no/such/folder"));
    var processes = new SystemProcesses(Duration.ZERO, launcher);
    var job =
        new Job(
            new Shell("echo x > $OUT/file"),
            held.project.toString(),
            Map.of(),
            Bench.LONG,
            Optional.of(held.confinement()));

    HookResult result = processes.run(job, _ -> {}, new StopSignal());

    assertThat(result.end()).isInstanceOf(NotStarted.class);
    assertThat(result.verdict()).contains("bubblewrap is not installed", "set to off");
    assertThat(held.outside.resolve("file")).hasContent(HeldCommands.CANARY);
  }
}
