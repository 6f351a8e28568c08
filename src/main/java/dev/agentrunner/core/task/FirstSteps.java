package dev.agentrunner.core.task;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a project can begin with, as far as its files and the environment tell.
 *
 * @param provider who could work on tasks
 * @param tests the command that tests the project; empty if none is known
 */
public record FirstSteps(String provider, Optional<String> tests) {

  /** How a project is tested that has a certain file. */
  private record Custom(String file, String command) {}

  private static final List<Custom> CUSTOMS =
      List.of(
          new Custom("mvnw", "./mvnw -q verify"),
          new Custom("pom.xml", "mvn -q verify"),
          new Custom("gradlew", "./gradlew check"),
          new Custom("build.gradle", "gradle check"),
          new Custom("build.gradle.kts", "gradle check"),
          new Custom("Cargo.toml", "cargo test"),
          new Custom("go.mod", "go test ./..."),
          new Custom("pytest.ini", "pytest -q"),
          new Custom("tox.ini", "tox -q"),
          new Custom("pyproject.toml", "pytest -q"),
          new Custom("mix.exs", "mix test"),
          new Custom("composer.json", "composer test"),
          new Custom("Gemfile", "bundle exec rake test"),
          new Custom("CMakeLists.txt", "ctest --output-on-failure"));

  /**
   * @param text what a file of the project holds, by its path; empty if there is none
   * @param isSet whether an environment variable holds something
   * @param isThere whether a program is installed
   */
  public static FirstSteps of(
      Function<String, Optional<String>> text, Predicate<String> isSet, Predicate<String> isThere) {
    return new FirstSteps(provider(isSet, isThere), tests(text));
  }

  private static String provider(Predicate<String> isSet, Predicate<String> isThere) {
    if (isSet.test("ANTHROPIC_API_KEY")) {
      return "claude";
    }
    if (isSet.test("OPENAI_API_KEY")) {
      return "openai";
    }
    if (isSet.test("GEMINI_API_KEY")) {
      return "gemini";
    }
    if (isThere.test("claude")) {
      return "claude-code";
    }
    if (isThere.test("codex")) {
      return "codex";
    }
    return isThere.test("ollama") ? "ollama" : "claude";
  }

  private static Optional<String> tests(Function<String, Optional<String>> text) {
    boolean node = text.apply("package.json").filter(json -> json.contains("\"test\"")).isPresent();
    if (node) {
      return Optional.of("npm test");
    }
    boolean make =
        text.apply("Makefile")
            .filter(file -> file.lines().anyMatch(FirstSteps::isTest))
            .isPresent();
    if (make) {
      return Optional.of("make test");
    }
    return CUSTOMS.stream()
        .filter(custom -> text.apply(custom.file()).isPresent())
        .map(Custom::command)
        .findFirst();
  }

  private static boolean isTest(String line) {
    return line.startsWith("test:") || line.startsWith("test :");
  }

  /** The configuration to begin with. */
  public String configuration() {
    String hooks =
        tests
            .map(command ->
                """
                hooks:
                  # A task is done when the hooks that it names pass.
                  tests: {command: %s, timeout: 15m}
                """
                    .formatted(quoted(command)))
            .orElse(
                """
                # A task is done when the hooks that it names pass. Say how your project is tested:
                # hooks:
                #   tests: {command: "make test", timeout: 15m}
                """);
    return """
    # Settings of agent-runner for this project. Every key is shown in
    # example.config.yml; agent-runner config show --origin says what holds.
    provider: %s
    %sfail_safe: {max_attempts_per_task: 3, max_consecutive_failures: 2}
    """
        .formatted(provider, hooks);
  }

  /** The list to begin with: one task, to be rewritten. */
  public String list() {
    return """
    version: 1
    tasks:
      - id: first
        title: Say here in one line what is to be done
        description: >
          Say here what you would tell a colleague: what is wrong or wanted, where it is,
          and how to see that it is done.
    %s\
    """
        .formatted(tests.isPresent() ? "    post_hooks: [tests]\n" : "");
  }

  /** Single quotes, in which YAML takes everything as it is. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
