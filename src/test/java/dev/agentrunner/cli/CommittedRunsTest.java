package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in a git repository, seen from the front door. */
final class CommittedRunsTest {

  @TempDir private Path folder;

  @Test
  void each_task_is_committed_on_its_branch_and_the_users_work_is_left_alone() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      repository();
      Files.writeString(project().resolve("mine.txt"), "changed by me\n");
      Files.writeString(project().resolve("staged.txt"), "staged by me\n");
      git("add", "staged.txt");
      door.configured(
          """
          git:
            branch: agent/work
            commit: task
            author: Ada <ada@example.org>
          """);
      door.tasks("T1, post_hooks: [pass]", "T2, post_hooks: [pass], git: {commit: off}");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.err()).contains("on agent/work");
      assertThat(git("log", "--format=%an %s", "agent/work"))
          .isEqualTo("Ada T1 does it\nTester first\n");
      assertThat(git("show", "--name-only", "--format=", "agent/work")).isEqualTo("T1.txt\n");
      assertThat(git("log", "-1", "--format=%B", "agent/work"))
          .contains("Verified: pass (exit 0)", "Agent-Runner-Task: T1");
      assertThat(git("status", "--short")).isEqualTo(" M mine.txt\nA  staged.txt\n?? T2.txt\n");
    }
  }

  @Test
  void without_a_repository_or_an_author_nothing_is_started() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.configured("git: {commit: task}\n");
      door.tasks("T1, post_hooks: [pass]");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).isEqualTo(ExitCode.USAGE.number());
      assertThat(outcome.err()).contains("is in no git repository");
      assertThat(door.provider().requests()).isEmpty();
    }
  }

  private Path project() throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(path -> Files.exists(path.resolve(".agent-runner/config.yml")))
          .findFirst()
          .orElseThrow();
    }
  }

  private void repository() throws Exception {
    git("init", "-q", "-b", "main");
    Files.writeString(project().resolve("mine.txt"), "one\n");
    Files.writeString(project().resolve(".gitignore"), ".agent-runner\ntasks.yml\n");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
  }

  private String git(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=Tester", "-c", "user.email=t@example.org"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command).directory(project().toFile()).redirectErrorStream(true).start();
    String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(out).isZero();
    return out;
  }
}
