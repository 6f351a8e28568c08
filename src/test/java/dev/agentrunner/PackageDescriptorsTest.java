package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The descriptions for package managers are filled from a version and its digests. */
final class PackageDescriptorsTest {

  private static final Map<String, String> DIGESTS =
      Map.of(
          "agent-runner-1.2.3-linux-x64.tar.gz", "a".repeat(64),
          "agent-runner-1.2.3-macos-arm64.tar.gz", "b".repeat(64),
          "agent-runner-1.2.3-windows-x64.exe", "c".repeat(64));

  @TempDir private Path folder;

  @BeforeEach
  void a_shell_is_there() {
    assumeTrue(File.separatorChar == '/', "the script wants a POSIX shell");
  }

  private int fill(Stream<String> files) throws IOException, InterruptedException {
    Path sums = folder.resolve("SHA256SUMS");
    Files.write(sums, files.map(file -> DIGESTS.get(file) + "  " + file).toList());
    return new ProcessBuilder(
            List.of(
                "bin/package-descriptors.sh",
                "1.2.3",
                sums.toString(),
                folder.resolve("filled").toString(),
                "https://forge.example/agent-runner"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private String filled(String name) throws IOException {
    return Files.readString(folder.resolve("filled").resolve(name));
  }

  @Test
  void every_place_is_filled() throws IOException, InterruptedException {
    assertThat(fill(DIGESTS.keySet().stream())).isZero();

    assertThat(filled("agent-runner.rb"))
        .contains("version \"1.2.3\"", "a".repeat(64), "b".repeat(64))
        .contains("https://forge.example/agent-runner/releases/download/v1.2.3/")
        .doesNotContain("@");
    assertThat(filled("agent-runner.json")).contains("c".repeat(64)).doesNotContain("@");
    assertThat(new ObjectMapper().readTree(filled("agent-runner.json")).path("version").asText())
        .isEqualTo("1.2.3");
    assertThat(
            new ObjectMapper()
                .readTree(filled("jbang-catalog.json"))
                .at("/aliases/agent-runner/script-ref")
                .asText())
        .endsWith("/v1.2.3/agent-runner-1.2.3-all.jar");
  }

  @Test
  void a_file_without_a_digest_stops_it() throws IOException, InterruptedException {
    assertThat(fill(Stream.of("agent-runner-1.2.3-linux-x64.tar.gz"))).isNotZero();
    assertThat(folder.resolve("filled/agent-runner.rb")).doesNotExist();
  }
}
