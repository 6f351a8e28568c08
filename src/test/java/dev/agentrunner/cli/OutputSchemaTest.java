package dev.agentrunner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Samples;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is printed for machines is as its published schema says, and nothing is left unsaid. */
final class OutputSchemaTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final JsonNode SHIPPED = shipped();

  /** As published, but taking no member that it does not name. */
  private static final Schema STRICT = schema(closed(SHIPPED.deepCopy()));

  @TempDir private Path folder;

  private static JsonNode shipped() {
    try {
      return MAPPER.readTree(Schemas.of("output"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Schema schema(JsonNode json) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(json);
  }

  private static JsonNode closed(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("type").asText().equals("object")
        && object.has("properties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(OutputSchemaTest::closed);
    return node;
  }

  private static void assertValid(String line) throws JsonProcessingException {
    assertThat(STRICT.validate(MAPPER.readTree(line))).as(line).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void every_event_is_as_the_schema_says(Class<?> kind) throws JsonProcessingException {
    var samples = new Samples(kind.getName().hashCode());
    var json = new EventJson(Bodies.INLINE);
    for (int i = 0; i < 50; i++) {
      assertValid(
          new String(json.write(Samples.RUN, Samples.recorded(i + 1, samples.event(kind))), UTF_8));
    }
  }

  static List<Class<?>> kinds() {
    return Samples.eventKinds();
  }

  @Test
  void every_type_of_event_is_told_of() {
    JsonNode event = SHIPPED.path("$defs").path("event");
    List<String> named =
        StreamSupport.stream(
                event.path("properties").path("type").path("enum").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    List<String> described =
        StreamSupport.stream(event.path("allOf").spliterator(), false)
            .map(one -> one.at("/if/properties/type/const").asText())
            .toList();

    assertThat(named).hasSize(Samples.eventKinds().size()).isEqualTo(described);
  }

  @Test
  void a_run_and_its_status_are_as_the_schema_says() throws JsonProcessingException {
    Script script =
        Script.ofFiles()
            .at("T1", 1, 1, Reaction.calls("No.", "read_file", Map.of("path", "nowhere")));
    try (var door = new ProgramDoor(folder, script)) {
      door.tasks(
          "T1, post_hooks: [second]",
          "T2, post_hooks: [fail], max_attempts: 1",
          "T3, depends_on: [T2]");

      Outcome run = door.run("run", "-o", "json");
      Outcome status = door.run("status", "-o", "json", "--verify");

      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.lines()).hasSizeGreaterThan(20);
      for (String line : run.lines()) {
        assertValid(line);
      }
      assertThat(run.lines().getLast()).startsWith("{\"type\":\"summary\",\"exit\":1,");
      assertThat(status.lines()).hasSize(1);
      assertValid(status.out());
      assertThat(status.out()).contains("\"evidence\":[{", "\"stale\":");
    }
  }

  @Test
  void a_run_that_waits_and_its_status_are_as_the_schema_says() throws JsonProcessingException {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1").configured("rate_limits: {claude: {max_tokens_day: 1}}\n");

      Outcome run = door.run("run", "-o", "json");
      Outcome status = door.run("status", "-o", "json");

      assertThat(run.exit()).isEqualTo(75);
      assertValid(run.lines().getLast());
      assertValid(status.out());
      assertThat(status.out()).contains("\"pause\":\"quota\"", "\"resume_at\":");
    }
  }

  @Test
  void what_the_schema_does_not_say_is_refused() throws JsonProcessingException {
    Schema published = schema(SHIPPED);

    assertThat(published.validate(MAPPER.readTree("{\"type\":\"summary\"}"))).isNotEmpty();
    assertThat(
            published.validate(
                MAPPER.readTree(
                    "{\"seq\":1,\"at\":\"2026-11-21T10:15:30.123Z\",\"run\":\"r\",\"type\":\"run.failed\",\"v\":1,\"data\":{\"reason\":5}}")))
        .isNotEmpty();
  }

  @Test
  void a_command_prints_it() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      Outcome printed = door.run("output", "schema");

      assertThat(printed.exit()).isZero();
      assertThat(printed.out()).isEqualTo(new String(Schemas.of("output"), UTF_8));
    }
  }
}
