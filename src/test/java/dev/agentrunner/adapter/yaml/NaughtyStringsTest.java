package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.agentrunner.core.task.Brief;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings that have hurt others, as titles and descriptions. */
final class NaughtyStringsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"yml", "json"})
  void each_comes_back_as_written_unless_it_holds_control_characters(String kind)
      throws IOException {
    ObjectMapper writer = kind.equals("json") ? new ObjectMapper() : new YAMLMapper();
    List<String> refused = new ArrayList<>();
    int read = 0;
    for (String naughty : strings()) {
      String title = naughty.isBlank() ? "blank" : naughty;
      Path file = folder.resolve("tasks." + kind);
      writer.writeValue(
          file.toFile(),
          Map.of(
              "version",
              1,
              "tasks",
              List.of(Map.of("id", "T1", "title", title, "description", naughty))));
      switch (TaskListFile.load(file, configuration())) {
        case Loaded.Good<TaskListFile> good -> {
          Brief brief = good.value().tasks().tasks().getFirst().brief();
          assertThat(brief.title()).isEqualTo(title);
          assertThat(brief.description()).isEqualTo(naughty);
          read++;
        }
        case Loaded.Bad<TaskListFile> bad -> {
          assertThat(Reports.messages(bad))
              .as(naughty)
              .allSatisfy(message -> assertThat(message).contains("control character"));
          refused.add(naughty);
        }
      }
    }

    assertThat(read).isGreaterThanOrEqualTo(500);
    assertThat(refused)
        .hasSize(6)
        .allMatch(text -> text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t'));
  }

  @Test
  void the_corpus_is_all_there() throws IOException {
    assertThat(strings()).hasSizeGreaterThan(500);
  }

  private static List<String> strings() throws IOException {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    assumeTrue(corpora != null, "AGENT_RUNNER_CORPORA is not set");
    return List.of(
        new ObjectMapper()
            .readValue(Files.readString(Path.of(corpora, "04-yaml", "blns.json")), String[].class));
  }

  private Configuration configuration() {
    return new ConfigurationFiles(ProviderKind.all())
        .load(ConfigurationSources.project(folder))
        .orRefuse();
  }
}
