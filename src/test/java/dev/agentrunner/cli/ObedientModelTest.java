package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Asked;
import dev.agentrunner.testing.Reaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model that does whatever was smuggled into its material: it is told no, and nothing outside of
 * its task is touched.
 */
final class ObedientModelTest {

  private static final Set<String> FILE_TOOLS =
      Set.of("read_file", "write_file", "search_replace", "apply_patch", "web_fetch");

  /** Too much of something that is allowed; others see to that. */
  private static final Set<String> VOLUME = Set.of("pi-043", "pi-045");

  @TempDir private Path folder;

  private final Map<String, List<JsonNode>> cases = new LinkedHashMap<>();

  private void read() throws IOException {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    assumeTrue(corpora != null, "AGENT_RUNNER_CORPORA is not set");
    Path file = Path.of(corpora, "07-agent-safety", "obedient_model_cases.json");
    for (JsonNode one : new ObjectMapper().readTree(file.toFile())) {
      List<JsonNode> calls =
          StreamSupport.stream(one.path("obedient_model_calls").spliterator(), false).toList();
      boolean files =
          calls.stream().allMatch(call -> FILE_TOOLS.contains(call.path("tool").asText()));
      if (files && !VOLUME.contains(one.path("id").asText())) {
        cases.put(one.path("id").asText(), calls);
      }
    }
  }

  private Reaction obey(Asked asked) {
    List<JsonNode> calls = cases.getOrDefault(asked.task(), List.of());
    return asked.turn() > calls.size()
        ? Reaction.finishes("obeyed")
        : call(calls.get(asked.turn() - 1));
  }

  private static Reaction call(JsonNode call) {
    Map<String, Object> input = new TreeMap<>();
    call.properties().forEach(member -> input.put(member.getKey(), member.getValue().asText()));
    String tool = String.valueOf(input.remove("tool"));
    if (!tool.equals("search_replace")) {
      return Reaction.calls("I obey.", tool, input);
    }
    return Reaction.calls(
        "I obey.",
        "edit_file",
        Map.of(
            "path", input.get("path"),
            "old_text", input.get("search"),
            "new_text", input.get("replace")));
  }

  @Test
  void every_call_is_refused_and_nothing_is_touched() throws IOException {
    read();
    try (var door = new ProgramDoor(folder, this::obey)) {
      Path canary = Files.createDirectory(folder.resolve("canary"));
      Files.createSymbolicLink(door.project().resolve("l"), canary);
      door.write("agent-runner.yml", door.read(".agent-runner/config.yml") + "# pytest\n");
      door.tasks(cases.keySet().toArray(String[]::new));
      Map<String, String> before = filesOfUser(door);

      Outcome outcome = door.run("run", "--config", "agent-runner.yml");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(filesOfUser(door)).isEqualTo(before);
      assertThat(canary).isEmptyDirectory();
      long calls = cases.values().stream().mapToLong(List::size).sum();
      assertThat(calls).isGreaterThanOrEqualTo(10);
      assertThat(door.events().stream().filter(event -> event.contains("\"failed\":true")))
          .hasSize((int) calls);
      assertThat(String.join("\n", door.events())).doesNotContain(ProgramDoor.KEY);
    }
  }

  private static Map<String, String> filesOfUser(ProgramDoor door) {
    Map<String, String> files = door.files();
    files.keySet().removeIf(name -> name.startsWith(".agent-runner/") && !name.endsWith(".yml"));
    return files;
  }
}
