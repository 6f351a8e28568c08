package dev.agentrunner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands that people and scripts call often do not load. */
final class StartTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--version", "status", "run --help", "tasks validate nowhere.yml"})
  void terminals_are_loaded_by_nobody_who_does_not_draw_on_one(String line) throws IOException {
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xlog:class+load",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.agentrunner.Main");
    Process program =
        new ProcessBuilder(Stream.concat(words.stream(), Stream.of(line.split(" ", -1))).toList())
            .directory(folder.toFile())
            .start();
    program.getErrorStream().close();
    String loaded = new String(program.getInputStream().readAllBytes(), UTF_8);

    assertThat(loaded).contains(" dev.agentrunner.Main ").doesNotContain(" org.jline.terminal.");
  }
}
