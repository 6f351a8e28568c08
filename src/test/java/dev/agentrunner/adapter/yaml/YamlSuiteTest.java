package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The cases of yaml-test-suite, as far as they are in the corpus. */
final class YamlSuiteTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<JsonNode> CASES = new ArrayList<>();

  @BeforeAll
  static void readCases() throws IOException {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    assumeTrue(corpora != null, "AGENT_RUNNER_CORPORA is not set");
    CASES.clear();
    try (Stream<String> lines = Files.lines(Path.of(corpora, "04-yaml", "yaml_test_suite.jsonl"))) {
      for (String line : lines.toList()) {
        CASES.add(JSON.readTree(line));
      }
    }
  }

  @Test
  void no_case_is_more_than_can_be_told_with_its_line() {
    for (JsonNode one : CASES) {
      var faults = new Faults();
      Optional<Node> read = YamlTree.read(source(one), faults);
      if (faults.orElse(() -> read) instanceof Loaded.Bad<?> bad) {
        assertThat(bad.faults())
            .as(one.get("id").asText())
            .allSatisfy(fault -> {
              assertThat(fault.at()).isInstanceOf(Origin.InFile.class);
              assertThat(fault.cure()).isNotBlank();
            });
      }
    }
  }

  /** A parser that gets better or worse at its trade shows here. */
  @Test
  void as_many_cases_are_refused_and_loaded_as_the_decision_says() {
    List<String> accepted = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    List<String> different = new ArrayList<>();
    int compared = 0;
    for (JsonNode one : CASES) {
      String id = one.get("id").asText();
      var faults = new Faults();
      Optional<Node> read = YamlTree.read(source(one), faults);
      boolean good = faults.isEmpty();
      if (one.get("error").asBoolean()) {
        if (good) {
          accepted.add(id);
        }
      } else if (!good) {
        refused.add(id);
      } else if (one.has("json") && read.isPresent()) {
        compared++;
        if (!same(read.get(), one.get("json").asText())) {
          different.add(id);
        }
      }
    }

    assertThat(accepted).containsExactlyInAnyOrder("DK95/01", "G5U8", "SU5Z");
    assertThat(different).containsExactlyInAnyOrder("HM87/01", "JEF9/02", "Y2GN");
    assertThat(refused).hasSize(51);
    assertThat(compared).isEqualTo(103);
  }

  private static Source source(JsonNode one) {
    return new Source(one.get("id").asText() + ".yml", one.get("yaml").asText());
  }

  private static boolean same(Node read, String json) {
    try {
      return same(read, JSON.readTree(json));
    } catch (IOException several) {
      return false;
    }
  }

  /** As text: what the suite resolves to numbers, we leave as written. */
  private static boolean same(Node read, JsonNode expected) {
    return switch (read) {
      case Scalar scalar when expected.isNull() -> scalar.isNothing();
      case Scalar scalar when expected.isTextual() -> scalar.text().equals(expected.asText());
      case Scalar scalar -> expected.isValueNode() && scalar.plain();
      case Sequence list -> {
        boolean same = expected.isArray() && expected.size() == list.items().size();
        for (int i = 0; same && i < expected.size(); i++) {
          same = same(list.items().get(i), expected.get(i));
        }
        yield same;
      }
      case Mapping mapping -> {
        boolean same = expected.isObject() && expected.size() == mapping.entries().size();
        for (Entry entry : mapping.entries().values()) {
          JsonNode value = expected.get(entry.key().text());
          same = same && value != null && same(entry.value(), value);
        }
        yield same;
      }
    };
  }
}
