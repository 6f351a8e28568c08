package dev.agentrunner.core.tamper;

import dev.agentrunner.core.tamper.Suspicion.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Files that say what is checked, and how strictly. */
final class CheckFile {

  /** Told by the whole path; a name without a folder stands for it in any folder. */
  private static final Pattern CI =
      names(
          "\\.github/(?:workflows|actions)/.+",
          "\\.(?:forgejo|gitea)/workflows/.+",
          "\\.(?:circleci|woodpecker|buildkite|teamcity|azure-pipelines|gitlab|husky)/.+",
          "[^/]*\\.?gitlab-ci\\.ya?ml",
          "Jenkinsfile[^/]*",
          "\\.?azure-pipelines[^/]*\\.ya?ml",
          "\\.(?:woodpecker|travis|drone|cirrus)\\.ya?ml",
          "\\.?appveyor\\.ya?ml",
          "bitbucket-pipelines\\.yml",
          "cloudbuild\\.ya?ml",
          "buildspec\\.ya?ml",
          "\\.?codecov\\.ya?ml",
          "sonar-project\\.properties",
          "\\.pre-commit-config\\.ya?ml",
          "\\.?lefthook\\.ya?ml");

  private static final Pattern BUILD =
      names(
          "pom\\.xml",
          "(?:build|settings)\\.gradle(?:\\.kts)?",
          "gradle\\.properties",
          "gradle/wrapper/.+",
          "\\.mvn/.+",
          "(?:mvnw|gradlew)(?:\\.cmd|\\.bat)?",
          "package\\.json",
          "pyproject\\.toml",
          "setup\\.(?:cfg|py)",
          "(?:tox|\\.?pytest|\\.?mypy)\\.ini",
          "noxfile\\.py",
          "\\.coveragerc",
          "\\.?(?:ruff\\.toml|flake8|pylintrc)",
          "(?:GNUm|M|m)akefile",
          "[jJ]ustfile",
          "Taskfile\\.ya?ml",
          "CMakeLists\\.txt",
          "Cargo\\.toml",
          "\\.cargo/config(?:\\.toml)?",
          "clippy\\.toml",
          "go\\.(?:mod|work)",
          "\\.golangci\\.(?:ya?ml|toml|json)",
          "Gemfile|Rakefile|\\.rspec|\\.rubocop\\.yml|\\.simplecov",
          "(?:jest|vitest|vite|karma|playwright|cypress|ava|eslint|wdio)"
              + "\\.(?:config|conf|workspace)\\.\\w+",
          "\\.(?:mocharc|nycrc|c8rc|eslintrc|eslintignore|taprc)[^/]*",
          "tsconfig[^/]*\\.json",
          "biome\\.jsonc?",
          "[^/]*checkstyle[^/]*\\.xml",
          "[^/]*(?:pmd|spotbugs|findbugs)[^/]*\\.xml",
          "\\.?detekt[^/]*\\.ya?ml",
          "phpunit\\.xml(?:\\.dist)?|phpstan\\.neon(?:\\.dist)?|psalm\\.xml",
          "[^/]*\\.(?:csproj|fsproj|vbproj|runsettings)",
          "Directory\\.Build\\.(?:props|targets)",
          "mix\\.exs");

  /** What of a {@code package.json} decides about tests; its dependencies do not. */
  private static final List<String> MEMBERS =
      List.of(
          "scripts",
          "jest",
          "vitest",
          "mocha",
          "ava",
          "tap",
          "nyc",
          "c8",
          "eslintConfig",
          "eslintIgnore",
          "husky",
          "lint-staged",
          "pre-commit");

  private CheckFile() {}

  private static Pattern names(String... names) {
    return Pattern.compile("(?:^|.*/)(?:" + String.join("|", Arrays.asList(names)) + ")");
  }

  /** What it means if a file of that path is changed; empty if nothing. */
  static Optional<Kind> kind(String path) {
    if (CI.matcher(path).matches()) {
      return Optional.of(Kind.CI_TOUCHED);
    }
    return BUILD.matcher(path).matches() ? Optional.of(Kind.BUILD_TOUCHED) : Optional.empty();
  }

  /** How it was touched; empty if what decides about checks is as it was. */
  static Optional<String> touch(Revision file) {
    if (file.isGone()) {
      return Optional.of("deleted");
    }
    if (file.before().isEmpty()) {
      return Optional.of("added");
    }
    if (!file.fileName().equals("package.json") || !file.isReadable()) {
      return Optional.of("changed");
    }
    TopMembers before = TopMembers.of(file.before().orElse(""));
    TopMembers after = TopMembers.of(file.after().orElse(""));
    List<String> changed =
        new TreeSet<>(MEMBERS)
            .stream().filter(name -> !before.member(name).equals(after.member(name))).toList();
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of("changed in " + String.join(", ", changed));
  }
}
