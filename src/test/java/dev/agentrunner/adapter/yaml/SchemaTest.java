package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas that ship say what the tables of keys say. */
final class SchemaTest {

  private static final Path FOLDER = Path.of("src/main/resources/dev/agentrunner/schema");

  @Test
  void the_schema_of_the_configuration_is_the_one_the_keys_make() throws IOException {
    assertShipped(
        "config.schema.json",
        SchemaDocument.of(
            "config", "Settings of agent-runner", ConfigurationKeys.all(ProviderKind.all())));
  }

  @Test
  void the_schema_of_task_lists_is_the_one_the_keys_make() throws IOException {
    assertShipped(
        "tasks.schema.json",
        SchemaDocument.of("tasks", "A list of tasks for agent-runner", TaskKeys.all()));
  }

  @Test
  void the_examples_are_valid() throws IOException {
    assertThat(schema("config").validate(yaml(Files.readString(Path.of("example.config.yml")))))
        .isEmpty();
    assertThat(schema("tasks").validate(yaml(Files.readString(Path.of("tasks.example.yml")))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version: 1",
        "version: 2\ntasks: [{id: A, title: a}]",
        "version: 1\ntasks: []",
        "version: 1\ntasks: [{id: A}]",
        "version: 1\ntasks: [{id: a/b, title: a}]",
        "version: 1\ntasks: [{id: A, title: a, desciption: b}]",
        "version: 1\ndefaults: {title: a}\ntasks: [{id: A, title: a}]",
        "version: 1\ntasks: [{id: A, title: a, max_time: 90}]",
        "version: 1\nhooks: {h: {timeout: 5m}}\ntasks: [{id: A, title: a}]"
      })
  void what_the_reader_refuses_the_schema_refuses(String list) throws IOException {
    assertThat(schema("tasks").validate(yaml(list))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "version: 1\nhooks: {h: echo}\ntasks: [{id: 1, title: 2, pre_hooks: h, depends_on: []}]",
      })
  void what_the_reader_takes_the_schema_takes(String document) throws IOException {
    String name = document.startsWith("version") ? "tasks" : "config";
    assertThat(schema(name).validate(yaml(document))).isEmpty();
  }

  @Test
  void a_provider_has_one_key_only() throws IOException {
    assertThat(
            schema("config")
                .validate(yaml("providers: {claude: {api_key: env:A, api_key_env: B}}")))
        .isNotEmpty();
  }

  private static Schema schema(String name) throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(FOLDER.resolve(name + ".schema.json")));
  }

  private static JsonNode yaml(String text) throws JsonProcessingException {
    return new YAMLMapper().readTree(text);
  }

  /** With {@code -Dschema.write=true} the file is written anew instead. */
  private static void assertShipped(String name, Map<String, Object> schema) throws IOException {
    String text =
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    if (Boolean.getBoolean("schema.write")) {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve(name), text);
    }
    assertThat(Files.readString(FOLDER.resolve(name))).isEqualTo(text);
  }
}
