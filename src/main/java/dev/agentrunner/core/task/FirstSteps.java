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
 * @param gate whether a task is done only when the tests pass
 * @param kind of project, for people, such as {@code Java (pom.xml)}; empty if nothing tells
 */
public record FirstSteps(
    String provider, Optional<String> tests, boolean gate, Optional<String> kind) {

  /** How a project is tested that has a certain file. */
  private record Custom(String file, String language, String command) {}

  private static final List<Custom> CUSTOMS =
      List.of(
          new Custom("mvnw", "Java", "./mvnw -q verify"),
          new Custom("pom.xml", "Java", "mvn -q verify"),
          new Custom("gradlew", "Java", "./gradlew check"),
          new Custom("build.gradle", "Java", "gradle check"),
          new Custom("build.gradle.kts", "Kotlin", "gradle check"),
          new Custom("build.sbt", "Scala", "sbt test"),
          new Custom("Cargo.toml", "Rust", "cargo test"),
          new Custom("go.mod", "Go", "go test ./..."),
          new Custom("pytest.ini", "Python", "pytest -q"),
          new Custom("tox.ini", "Python", "tox -q"),
          new Custom("pyproject.toml", "Python", "pytest -q"),
          new Custom("setup.py", "Python", "pytest -q"),
          new Custom("mix.exs", "Elixir", "mix test"),
          new Custom("composer.json", "PHP", "composer test"),
          new Custom("Gemfile", "Ruby", "bundle exec rake test"),
          new Custom("Package.swift", "Swift", "swift test"),
          new Custom("pubspec.yaml", "Dart", "dart test"),
          new Custom("deno.json", "TypeScript", "deno test"),
          new Custom("CMakeLists.txt", "C or C++", "ctest --output-on-failure"));

  /** How packages of JavaScript are tested, by the lock file of who manages them. */
  private static final List<Custom> SCRIPTS =
      List.of(
          new Custom("pnpm-lock.yaml", "JavaScript", "pnpm test"),
          new Custom("yarn.lock", "JavaScript", "yarn test"),
          new Custom("package.json", "JavaScript", "npm test"));

  /**
   * @param text what a file of the project holds, by its path; empty if there is none
   * @param isSet whether an environment variable holds something
   * @param isThere whether a program is installed
   */
  public static FirstSteps of(
      Function<String, Optional<String>> text, Predicate<String> isSet, Predicate<String> isThere) {
    Predicate<Custom> held = custom -> text.apply(custom.file()).isPresent();
    boolean scripted =
        text.apply("package.json").filter(json -> json.contains("\"test\"")).isPresent();
    Optional<Custom> custom = (scripted ? SCRIPTS : CUSTOMS).stream().filter(held).findFirst();
    Optional<String> tests =
        scripted || !isMade(text) ? custom.map(Custom::command) : Optional.of("make test");
    return new FirstSteps(
        provider(isSet, isThere),
        tests,
        true,
        custom.map(one -> "%s (%s)".formatted(one.language(), one.file())));
  }

  /** The variable that has the key of the provider; empty if it is none of those with a key. */
  public Optional<String> keyVariable() {
    return switch (provider) {
      case "claude" -> Optional.of("ANTHROPIC_API_KEY");
      case "openai" -> Optional.of("OPENAI_API_KEY");
      case "gemini" -> Optional.of("GEMINI_API_KEY");
      default -> Optional.empty();
    };
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

  private static boolean isMade(Function<String, Optional<String>> text) {
    return text.apply("Makefile")
        .filter(file -> file.lines().anyMatch(FirstSteps::isTest))
        .isPresent();
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
        .formatted(gate && tests.isPresent() ? "    post_hooks: [tests]\n" : "");
  }

  /** Single quotes, in which YAML takes everything as it is. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
