package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.testing.ExampleCopy;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The larger examples do what their own pages say, on copies. */
final class ShippedExamplesTest {

  private static final Pattern STEP =
      Pattern.compile("(?m)^ +- (?:run: )?agent-runner (.*)$|&& agent-runner (.*)$");

  @TempDir private Path folder;

  private FrontDoor copyOf(String example) throws IOException {
    return new FrontDoor(ExampleCopy.of(example, folder.resolve(example)));
  }

  private static boolean isInstalled(String... program) throws IOException, InterruptedException {
    boolean there =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, program[0])));
    return there
        && new ProcessBuilder(program)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
  }

  @Test
  void the_small_project_is_done_where_pytest_is_there() throws Exception {
    assumeTrue(isInstalled("python3", "-c", "import pytest"), "there is no pytest");
    FrontDoor door = copyOf("small-project");

    assertThat(door.run("run")).as(door.err()).isZero();

    assertThat(door.out()).contains("3 done.").containsPattern("add-discount +done +2 attempts");
    assertThat(folder.resolve("small-project/prices.py"))
        .content()
        .contains("price * quantity", "amount * (100 - percent) / 100");
    assertThat(door.run("run")).isZero();
    assertThat(door.out()).startsWith("Nothing to do");
  }

  @Test
  void the_small_project_says_so_where_pytest_is_missing() throws IOException {
    Path python = Files.createDirectories(folder.resolve("bin")).resolve("python3");
    Files.writeString(python, "#!/bin/sh\necho \"No module named pytest\" >&2\nexit 1\n");
    assertThat(python.toFile().setExecutable(true)).isTrue();
    FrontDoor door = copyOf("small-project").withPath(python.getParent());

    assertThat(door.run("run")).isEqualTo(4);

    assertThat(door.err()).contains("pytest is missing: python3 -m pip install pytest");
    assertThat(door.out())
        .contains("A person must decide", "Next: agent-runner resume", "0 tokens");
  }

  @Test
  void each_part_of_the_monorepo_passes_its_own_gate() throws Exception {
    assumeTrue(isInstalled("python3", "--version"), "there is no python3");
    FrontDoor door = copyOf("monorepo");

    assertThat(door.run("run")).as(door.err()).isZero();

    assertThat(door.out()).contains("3 done.").containsPattern("web-link +done +2 attempts");
    assertThat(door.err())
        .contains("api-tests: passed", "web-links: passed", "deploys: passed")
        .contains("index.html links to health.html, which is not there");
  }

  @Test
  void the_maven_project_is_done_with_a_jdk_alone() throws Exception {
    Path jdk = Path.of(System.getProperty("java.home"), "bin");
    assumeTrue(Files.isExecutable(jdk.resolve("javac")), "there is no javac");
    FrontDoor door = copyOf("java-maven").withPath(jdk);

    assertThat(door.run("run")).as(door.err()).isZero();

    assertThat(door.err()).contains("checks: passed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"github-actions.yml", "gitlab-ci.yml", "crontab"})
  void the_steps_of_a_job_go_through_one_after_another(String file) throws IOException {
    FrontDoor door = copyOf("ci");
    List<String> steps =
        STEP.matcher(Files.readString(Path.of("examples", "ci", file)))
            .results()
            .map((MatchResult found) -> found.group(1) == null ? found.group(2) : found.group(1))
            .toList();

    assertThat(steps).hasSizeGreaterThan(1);
    for (String step : steps) {
      assertThat(door.run(step.split(" ", -1))).as("%s%n%s", step, door.err()).isZero();
    }

    assertThat(folder.resolve("ci/notice.txt")).hasContent("Copyright 2026, the shop");
    assertThat(folder.resolve("ci/report.xml")).content().contains("tests=\"1\" failures=\"0\"");
  }

  @Test
  void every_example_has_a_page_or_stands_in_the_readme() throws IOException {
    try (Stream<Path> examples = Files.list(Path.of("examples"))) {
      assertThat(examples.filter(Files::isDirectory))
          .allMatch(example ->
              Files.exists(example.resolve("README.md")) || example.endsWith("quickstart"));
    }
  }
}
