package dev.agentrunner.core.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What other agents' tests say about commands, with the same verdicts. The cases are where {@code
 * AGENT_RUNNER_CORPORA} says, and the test is skipped where it says nothing.
 */
final class CommandCorpusTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void every_verdict_is_as_careful_as_theirs_and_no_stricter() throws IOException {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    assumeTrue(corpora != null, "AGENT_RUNNER_CORPORA is not set");
    Path cases = Path.of(corpora, "07-agent-safety", "command_policy_cases.jsonl");
    assumeTrue(Files.exists(cases), cases + " is not there");

    List<String> lines = Files.readAllLines(cases, UTF_8);

    assertThat(lines.stream().filter(line -> !line.isBlank()).map(CommandCorpusTest::wrong))
        .isNotEmpty()
        .allMatch(String::isEmpty, "with nothing wrong");
  }

  private static String wrong(String line) {
    try {
      JsonNode one = JSON.readTree(line);
      Verdict verdict = verdict(one);
      boolean fits =
          switch (one.path("verdict").asText()) {
            case "read_only_auto" -> verdict.equals(new Verdict.Allow(true));
            case "allow" -> verdict instanceof Verdict.Allow;
            // What can never be right is denied here without asking.
            case "ask", "needs_approval" -> !(verdict instanceof Verdict.Allow);
            default -> verdict instanceof Verdict.Deny;
          };
      return fits ? "" : verdict + " for " + line;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Verdict verdict(JsonNode one) {
    if (one.has("argv")) {
      return new CommandPolicy(CommandRules.NONE, List.of())
          .decide(texts(one.path("argv")).toList());
    }
    List<CommandPattern> allow =
        texts(one.path("allow_prefixes")).map(text -> new CommandPattern(text + " *")).toList();
    return new CommandPolicy(new CommandRules(allow, List.of(), List.of(), false), List.of())
        .decide(one.path("command").asText());
  }

  private static Stream<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
  }
}
