package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.adapter.yaml.Shape.Group;
import dev.agentrunner.adapter.yaml.Shape.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples at the top of the repository are true. */
final class ExamplesTest {

  private static final Path CONFIG = Path.of("example.config.yml");
  private static final Path TASKS = Path.of("tasks.example.yml");

  @Test
  void they_load_together_without_faults_or_warnings() {
    Loaded<Configuration> configuration = configuration();
    assertThat(Reports.messages(configuration)).isEmpty();
    assertThat(configuration.warnings()).isEmpty();

    Loaded<TaskListFile> tasks = TaskListFile.load(TASKS, configuration.orRefuse());
    assertThat(Reports.messages(tasks)).isEmpty();
    assertThat(tasks.warnings()).isEmpty();
  }

  @Test
  void the_quick_start_loads_without_faults_or_warnings() {
    Path folder = Path.of("examples", "quickstart");
    Loaded<Configuration> configuration =
        new ConfigurationFiles(ProviderKind.all()).load(ConfigurationSources.project(folder));
    assertThat(Reports.messages(configuration)).isEmpty();
    assertThat(configuration.warnings()).isEmpty();

    assertThat(
            Reports.messages(
                TaskListFile.load(folder.resolve("tasks.yml"), configuration.orRefuse())))
        .isEmpty();
  }

  @Test
  void they_show_every_key() throws IOException {
    String config = Files.readString(CONFIG);
    assertThat(names(ConfigurationKeys.all(ProviderKind.all())))
        .allSatisfy(name -> assertThat(config).containsPattern("\\b" + name + ":"));

    String tasks = Files.readString(TASKS);
    List<String> taskKeys = TaskKeys.all().keys().stream().flatMap(k -> names(k).stream()).toList();
    assertThat(taskKeys)
        .filteredOn(name -> !names(ConfigurationKeys.hooks()).contains(name))
        .allSatisfy(name -> assertThat(tasks).containsPattern("\\b" + name + ":"));
  }

  @Test
  void what_the_example_says_of_defaults_is_so() {
    Configuration example = configuration().orRefuse();
    Configuration standard =
        new ConfigurationFiles(ProviderKind.all())
            .load(ConfigurationSources.project(Path.of("none")))
            .orRefuse();

    assertThat(example.bounds()).isEqualTo(standard.bounds());
    assertThat(example.settings().retries()).isEqualTo(standard.settings().retries());
    assertThat(example.settings().outputTokensMax())
        .isEqualTo(standard.settings().outputTokensMax());
    assertThat(example.settings().providers().get("claude").timeouts())
        .isEqualTo(standard.settings().providers().get("claude").timeouts());
  }

  private static Loaded<Configuration> configuration() {
    return new ConfigurationFiles(ProviderKind.all())
        .load(
            new ConfigurationSources(
                Path.of(""), Optional.of(CONFIG), Optional.empty(), Map.of(), List.of()));
  }

  private static List<String> names(Shape.Member key) {
    return Stream.concat(Stream.of(key.name()), names(key.shape()).stream()).toList();
  }

  private static List<String> names(Shape shape) {
    return switch (shape) {
      case Group group -> group.keys().stream().flatMap(key -> names(key).stream()).toList();
      case Named named -> names(named.value());
      case Shape.Items items -> names(items.item());
      case Shape.Text _, Shape.Choice _, Shape.Whole _, Shape.Time _, Shape.CommandLine _ ->
          List.of();
    };
  }
}
