package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made to hurt, read by a program with 256 MiB of memory. */
final class HostileFilesTest {

  /** Cases of the corpus that are no attack, once they have said the version. */
  private static final Set<String> ACCEPTED =
      Set.of("yh-17", "yh-23", "yh-25", "yh-27", "yh-41", "yh-45");

  @TempDir Path folder;

  @Test
  void the_cases_of_the_corpus_end_as_they_should() throws Exception {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    assumeTrue(corpora != null, "AGENT_RUNNER_CORPORA is not set");
    JsonNode cases =
        new ObjectMapper()
            .readTree(Files.readString(Path.of(corpora, "04-yaml", "hostile_cases.json")));
    Path files = Files.createDirectory(folder.resolve("files"));
    Path canary = Files.createDirectory(folder.resolve("canary"));
    Files.createSymbolicLink(files.resolve("link"), canary);
    for (JsonNode one : cases) {
      Files.write(files.resolve(one.get("id").asText() + ".yml"), content(one));
    }

    Map<String, String> told = read(files);

    assertThat(told).hasSize(cases.size());
    for (JsonNode one : cases) {
      String id = one.get("id").asText();
      String outcome = told.get(id + ".yml");
      assertThat(outcome.equals("good")).as("%s: %s", id, outcome).isEqualTo(ACCEPTED.contains(id));
    }
    assertThat(told.get("yh-01.yml")).contains("aliases");
    assertThat(told.get("yh-13.yml")).contains(":3:1: key 'tasks' is here twice, first in line 2");
    assertThat(told.get("yh-19.yml")).contains("is not UTF-8");
  }

  @Test
  void what_others_thought_of_is_refused_too() throws Exception {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("a-brackets", "[".repeat(1_000_000));
    texts.put("b-braces", "{a: ".repeat(700_000));
    texts.put("c-dashes", "- ".repeat(1_000_000));
    texts.put("d-questions", "? ".repeat(1_000_000));
    texts.put("e-anchors", "&a ".repeat(900_000));
    texts.put("f-quote", "a: \"" + "x ".repeat(1_400_000));
    texts.put("g-escapes", "a: \"" + "\\x41".repeat(700_000));
    texts.put("h-many-values", "a: [" + "x,".repeat(1_400_000) + "]");
    texts.put("i-many-keys", keys(150_000));
    texts.put("j-one-key", "a: x\n".repeat(150_000));
    texts.put("k-one-line", "a".repeat(2_900_000));
    texts.put("l-colons", "a:".repeat(1_400_000));
    texts.put("m-comments", "#\n".repeat(1_400_000));
    texts.put("n-tags", "!a ".repeat(900_000));
    texts.put("o-block", "a: |\n" + " x\n".repeat(900_000));
    texts.put("p-spaces", " ".repeat(2_900_000) + "a: b");
    texts.put("q-lines", "\n".repeat(2_900_000) + "a: b");
    texts.put("r-documents", "---\n".repeat(700_000));
    texts.put("s-directives", "%TAG !a! b\n".repeat(200_000) + "---\na: b");
    texts.put("t-plain", "a: b\n" + " c\n".repeat(900_000));
    texts.put(
        "u-unknown-tasks", "version: 1\ntasks:\n" + "- {ident: T, titel: x}\n".repeat(30_000));
    texts.put(
        "v-hooks",
        "version: 1\ntasks:\n- {id: T, title: x, pre_hooks: [" + "h,".repeat(190_000) + "]}");
    texts.put("w-deep-indent", deep(3_000));
    texts.put("x-controls", "\u0001".repeat(2_900_000));
    texts.put("y-wide", "😀".repeat(1_400_000));
    texts.put("z-json.json", "{\"a\":".repeat(500_000));
    texts.put("zz-line.json", "{\"a\": [" + "\"x\",".repeat(190_000) + "]}");
    texts.put("zz-lines", ("a".repeat(490_000) + "\n").repeat(6));
    texts.put("zz-spaces", ("a: b" + " ".repeat(490_000) + "\n").repeat(6));
    texts.put("zz-few-values", "a: [" + "x,".repeat(190_000) + "]");
    texts.put("zz-keys", keys(90_000));
    texts.put("zz-number.json", "{\"a\": " + "1".repeat(2_900_000) + "}");
    texts.put("zz-string.json", "{\"" + "a".repeat(2_900_000) + "\": 1}");
    for (Map.Entry<String, String> text : texts.entrySet()) {
      String name = text.getKey().contains(".") ? text.getKey() : text.getKey() + ".yml";
      Files.writeString(folder.resolve(name), text.getValue());
    }

    Map<String, String> told = read(folder);

    assertThat(told).hasSize(texts.size());
    assertThat(told.values()).noneMatch("good"::equals);
  }

  private static String keys(int count) {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < count; i++) {
      keys.append('k').append(i).append(": x\n");
    }
    return keys.toString();
  }

  private static String deep(int depth) {
    StringBuilder deep = new StringBuilder();
    for (int i = 0; i < depth && deep.length() < 2_900_000; i++) {
      deep.append(" ".repeat(i)).append("a:\n");
    }
    return deep.toString();
  }

  /** The case as it stands, with the version that our lists begin with. */
  private static byte[] content(JsonNode one) {
    String version = "version: 1\n";
    if (!one.get("yaml").isNull()) {
      String yaml = one.get("yaml").asText();
      String whole =
          switch (one.get("id").asText()) {
            case "yh-17" -> "\uFEFF" + version + yaml.substring(1);
            case "yh-41" -> yaml.replaceFirst("\\{", "{\"version\": 1, ");
            case "yh-45" -> yaml.replace("---\n", "---\n" + version);
            case "yh-29", "yh-33", "yh-35", "yh-37" -> yaml;
            default -> version + yaml;
          };
      return whole.getBytes(StandardCharsets.UTF_8);
    }
    String task = "tasks:\n  - id: T1\n    title: x\n";
    return switch (one.get("id").asText()) {
      case "yh-03" -> bytes(version + bomb());
      case "yh-07" -> bytes("[".repeat(100_000));
      case "yh-09" -> bytes("{a: ".repeat(20_000));
      case "yh-11" ->
          bytes(
              version
                  + "tasks:\n"
                  + "  - id: T1\n    title: x\n    description: y\n    path: .\n    files: []\n"
                      .repeat(100_000));
      case "yh-19" ->
          (version + "tasks:\n  - id: T1\n    title: \u00ff\u00fe\n")
              .getBytes(StandardCharsets.ISO_8859_1);
      case "yh-57" -> bytes(version + task + "    path: link\n");
      default -> throw new IllegalStateException("a new case: " + one);
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String bomb() {
    StringBuilder bomb = new StringBuilder("a: &a {k1: x, k2: x}\n");
    for (char c = 'b'; c <= 'z'; c++) {
      bomb.append("%c: &%c {k1: *%c, k2: *%c}\n".formatted(c, c, c - 1, c - 1));
    }
    return bomb.append("tasks: *z\n").toString();
  }

  private static Map<String, String> read(Path files) throws IOException, InterruptedException {
    Path output = Files.createTempFile("corpus", ".txt");
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-Xss512k",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  CorpusReading.class.getName(),
                  files.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
      List<String> lines = Files.readAllLines(output);
      assertThat(process.exitValue()).as("%s", lines).isZero();
      Map<String, String> told = new HashMap<>();
      for (String line : lines) {
        String[] parts = line.split("\t", 3);
        told.put(parts[0], parts[2]);
        // Processor time, which a busy machine does not change much.
        assertThat(Integer.parseInt(parts[1].replace(" ms", ""))).as(line).isLessThan(2_000);
      }
      return told;
    } finally {
      Files.delete(output);
    }
  }
}
