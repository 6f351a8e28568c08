package dev.agentrunner.adapter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.task.Sandboxing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of others, as far as they are commands with a plain outcome; the rest have tests here. */
class SandboxCasesTest {

  @TempDir private Path ground;

  @Test
  void every_command_comes_out_as_its_case_says() throws IOException {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    assumeTrue(corpora != null, "AGENT_RUNNER_CORPORA is not set");
    Sandbox sandbox = new Sandboxes(Sandboxing.BWRAP, System.getenv("PATH")).inForce();
    assumeTrue(sandbox instanceof Sandbox.Bubblewrap, sandbox::shown);
    Path file = Path.of(corpora, "07-agent-safety/sandbox_cases.json");
    var held = new HeldCommands(ground, Sandboxing.BWRAP);
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      for (JsonNode one : new ObjectMapper().readTree(file.toFile())) {
        String command = one.path("command").asText();
        HookResult result =
            held.sh(command.replace("PORT", Integer.toString(server.getLocalPort())));
        switch (one.path("expect").asText()) {
          case "ok" -> assertThat(result.passed()).as(one + result.output()).isTrue();
          case "denied" -> assertThat(result.passed()).as(one + result.output()).isFalse();
          case "NoNewPrivs: 1" -> assertThat(result.output()).contains("NoNewPrivs:\t1");
          default -> assertThat(result.output()).as(one.toString()).doesNotContain("sk-planted");
        }
      }
    }
  }
}
