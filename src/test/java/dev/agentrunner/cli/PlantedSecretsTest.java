package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Asked;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Trouble;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets in every place where one can be, and a look at everything that is left behind: none of
 * them. The exceptions are where the user put them: the configuration, the project's own files, and
 * the header that a key is for.
 */
final class PlantedSecretsTest {

  private static final String ENVIRONMENT = "planted-environment-1b2c3d";
  private static final String PLAIN_KEY = "planted-plain-key-4e5f6a";
  private static final String HOOK_ENVIRONMENT = "planted-hook-env-7b8c9d";
  private static final String PROJECT_FILE = "ghp_plantedInAFile0123456789abcdefghij01";
  private static final String HOOK_OUTPUT = "glpat-plantedInOutput0123456789";
  private static final String REMOTE = "planted-remote-0a1b2c";
  private static final String SAID = "sk-proj-plantedInWords0123456789abcdef";
  private static final String ARGUMENT = "xoxb-1234-plantedInArguments";
  private static final String WRITTEN = "AKIAPLANTEDWRITE1234";
  private static final String FAILURE = "sk-ant-plantedInTheFailure0123";
  private static final String DESCRIPTION = "github_pat_11PLANTED0123456789_description";
  private static final String METADATA = "npm_plantedInMetadata0123456789abcdefghijkl";
  private static final String TEMPLATE = "AIzaPlantedInTheTemplate0123456789abcdefg";
  private static final String PEM_LINE = "MIIPlantedInAPrivateKey0123456789";

  private final Map<String, String> planted = new LinkedHashMap<>();
  private ProgramDoor door;

  @BeforeEach
  void plant(@TempDir Path folder) {
    for (String value :
        new String[] {
          ProgramDoor.KEY,
          ENVIRONMENT,
          PLAIN_KEY,
          HOOK_ENVIRONMENT,
          PROJECT_FILE,
          HOOK_OUTPUT,
          REMOTE,
          SAID,
          ARGUMENT,
          WRITTEN,
          FAILURE,
          DESCRIPTION,
          METADATA,
          TEMPLATE,
          PEM_LINE
        }) {
      planted.put(value, value);
    }
    planted.put(
        "base64", Base64.getEncoder().encodeToString(ENVIRONMENT.getBytes(StandardCharsets.UTF_8)));
    door = new ProgramDoor(folder, this::reply).with("DEPLOY_TOKEN", ENVIRONMENT);
    door.write(
        ".agent-runner/config.yml",
        door.read(".agent-runner/config.yml")
                .replace(
                    "hooks:\n",
                    """
                      spare: {kind: claude, model: m, api_key: %s}
                    hooks:
                      leak:
                        command: |
                          git init -q . && git remote add origin https://me:%s@example.com/x.git
                          git remote -v
                          echo $DEPLOY_TOKEN; printf %%s $DEPLOY_TOKEN | base64; echo %s $DB_PASSWORD
                          cat key.pem; echo %s
                          echo attempt $AGENT_RUNNER_ATTEMPT
                          env
                          test $AGENT_RUNNER_ATTEMPT -gt 1
                        env: {DB_PASSWORD: %s}
                    """
                        .formatted(PLAIN_KEY, REMOTE, HOOK_OUTPUT, PLAIN_KEY, HOOK_ENVIRONMENT))
            + "prompt_template: prompt.md\n");
    door.write(
        "prompt.md",
        "# {{title}}\n{{description}}\n{{metadata.note}}\n"
            + TEMPLATE
            + "\n{{git_status}}\n{{#last_failure}}\n## The attempt before this one failed\n{{last_failure}}\n{{/last_failure}}");
    door.write("secret.txt", "first\ntoken = %s\nlast\n".formatted(PROJECT_FILE));
    door.write(
        "key.pem",
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(PEM_LINE));
    door.tasks(
        "T1, description: \"use %s\", metadata: {note: %s}, post_hooks: [leak]"
            .formatted(DESCRIPTION, METADATA));
  }

  @AfterEach
  void close() {
    door.close();
  }

  private Reaction reply(Asked asked) {
    return switch (asked.turn()) {
      case 1 ->
          asked.time() == 1 && asked.attempt() == 1
              ? new Reaction.Refuses(
                  Trouble.OVERLOADED, "no room for " + FAILURE, Optional.of(Duration.ZERO))
              : Reaction.calls("It is " + SAID, "read_file", Map.of("path", "secret.txt"));
      case 2 ->
          Reaction.calls(
              "I search.", "search_text", Map.of("pattern", ARGUMENT + "|token|Planted"));
      case 3 ->
          Reaction.calls(
              "I change the first line.",
              "edit_file",
              Map.of(
                  "path", "secret.txt",
                  "old_text", asked.attempt() == 1 ? "first" : "second",
                  "new_text", asked.attempt() == 1 ? "second" : "third"));
      case 4 ->
          Reaction.calls("I write.", "write_file", Map.of("path", "new.txt", "content", WRITTEN));
      case 5 ->
          Reaction.calls(
              "I replace.",
              "edit_file",
              Map.of(
                  "path", "secret.txt",
                  "old_text", "[masked github token]",
                  "new_text", "nothing"));
      default -> Reaction.finishes("done with " + SAID);
    };
  }

  @Test
  void secrets_are_nowhere_but_where_the_user_put_them() {
    Outcome run = door.run("run", "--record", "cassette.yml");

    assertThat(run.exit()).as(run.err() + run.out()).isZero();
    assertThat(run.err()).contains("[masked anthropic key]");
    assertClean("run", run);
    assertClean("state", door.run("debug", "state"));
    assertClean("prompt", door.run("debug", "prompt", "T1"));
    assertClean("log", door.run("log", "--json"));
    assertClean("status", door.run("status"));
    assertClean("config", door.run("config", "show", "--origin"));
    door.files().entrySet().stream()
        .filter(file ->
            file.getKey().startsWith(".agent-runner") || file.getKey().equals("cassette.yml"))
        .filter(file -> !file.getKey().endsWith("config.yml"))
        .forEach(file -> assertClean(file.getKey(), file.getValue()));
    door.provider().requests().forEach(asked -> assertClean("question", asked.body().toString()));
    assertThat(door.provider().requests()).hasSizeGreaterThan(10);
    assertThat(String.join("\n", door.events()))
        .contains(
            "[masked DEPLOY_TOKEN]", "[masked DB_PASSWORD]", "[masked key of provider spare]");
  }

  @Test
  void a_file_with_a_secret_is_edited_around_it() {
    door.run("run");

    assertThat(door.read("secret.txt"))
        .isEqualTo("third\ntoken = %s\nlast\n".formatted(PROJECT_FILE));
    assertThat(door.files()).doesNotContainKey("new.txt");
    assertThat(String.join("\n", door.events()))
        .contains("[masked github token] only stands for a secret")
        .contains("[masked aws key id] only stands for a secret");
  }

  @Test
  void hooks_do_not_have_the_keys_of_providers() {
    door.with("ANTHROPIC_API_KEY", "planted-usual-key")
        .with("AGENT_RUNNER_PROVIDERS__SPARE__API_KEY", PLAIN_KEY);

    assertThat(door.run("run").exit()).isZero();

    assertThat(String.join("\n", door.events()))
        .contains("DB_PASSWORD=")
        .doesNotContain("FRONT_DOOR_KEY", "ANTHROPIC_API_KEY", "PROVIDERS__SPARE");
  }

  private void assertClean(String what, Outcome outcome) {
    assertClean(what + ", out", outcome.out());
    assertClean(what + ", err", outcome.err());
  }

  private void assertClean(String what, String text) {
    planted.values().forEach(value -> assertThat(text).as(what).doesNotContain(value));
  }
}
