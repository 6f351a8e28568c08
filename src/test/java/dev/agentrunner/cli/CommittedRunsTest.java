package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  @Test
  void what_an_agents_own_command_line_changed_is_committed_and_nothing_else() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.write("gone.txt", "to go\n");
      claude(
          door, "echo by claude > made.txt; echo changed >> kept.txt; rm gone.txt; echo > a.out");
      repository();
      Files.writeString(project().resolve("mine.txt"), "changed by me\n");
      Files.writeString(project().resolve("staged.txt"), "staged by me\n");
      git("add", "staged.txt");
      door.configured("git: {commit: task, author: Ada <ada@example.org>}\n");
      door.tasks("T1, post_hooks: [pass]");

      Outcome outcome = door.run("run", "--provider", "claude-code");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(git("log", "--format=%an %s")).isEqualTo("Ada T1 does it\nTester first\n");
      assertThat(git("show", "--name-status", "--format="))
          .isEqualTo("D\tgone.txt\nM\tkept.txt\nA\tmade.txt\n");
      assertThat(git("status", "--short")).isEqualTo(" M mine.txt\nA  staged.txt\n");
    }
  }

  @Test
  void each_attempt_of_an_agents_command_line_is_a_commit_of_what_it_changed() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      claude(door, "echo line >> kept.txt");
      repository();
      door.configured("git: {commit: attempt, author: Ada <ada@example.org>}\n");
      door.tasks("T1, post_hooks: [second]");

      Outcome outcome = door.run("run", "--provider", "claude-code");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(git("log", "--format=%an", "--", "kept.txt")).isEqualTo("Ada\nAda\nTester\n");
      assertThat(git("show", "HEAD:kept.txt")).isEqualTo("one\nline\nline\n");
      assertThat(git("show", "HEAD~1:kept.txt")).isEqualTo("one\nline\n");
    }
  }

  @Test
  void what_somebody_changed_before_an_agent_did_is_not_committed_with_it() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      claude(door, "echo by claude >> mine.txt");
      repository();
      Files.writeString(project().resolve("mine.txt"), "changed by me\n");
      door.configured("git: {commit: task, author: Ada <ada@example.org>}\n");
      door.tasks("T1, post_hooks: [pass]");

      Outcome outcome = door.run("run", "--provider", "claude-code");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.err()).contains("mine.txt held changes that were not committed before");
      assertThat(git("log", "--format=%s")).isEqualTo("first\n");
    }
  }

  @Test
  void what_a_command_of_the_agent_changed_is_committed() throws Exception {
    Script script =
        asked ->
            asked.turn() == 1
                ? Reaction.calls(
                    "I copy it.", "run_command", Map.of("command", "cp mine.txt made.txt"))
                : Reaction.finishes("Copied.");
    try (var door = new ProgramDoor(folder, script)) {
      repository();
      Files.writeString(project().resolve("other.txt"), "mine, and not in git\n");
      door.configured(
          """
          git: {commit: task, author: Ada <ada@example.org>}
          sandbox: off
          tools: {run_command: {allow: [cp *]}}
          """);
      door.tasks("T1, post_hooks: [pass]");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(git("show", "--name-status", "--format=")).isEqualTo("A\tmade.txt\n");
      assertThat(git("status", "--short")).isEqualTo("?? other.txt\n");
    }
  }

  /** An agent that does {@code work} in the task's folder. */
  private static void claude(ProgramDoor door, String work) {
    String result =
        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"session_id\":\"s-1\",\"result\":\"Done.\"}";
    door.write("bin/claude", "#!/bin/sh\ncat > /dev/null\n%s\necho '%s'\n".formatted(work, result));
    door.project().resolve("bin/claude").toFile().setExecutable(true);
    door.write("kept.txt", "one\n")
        .with("PATH", door.project().resolve("bin") + ":" + System.getenv("PATH"))
        .with("ANTHROPIC_API_KEY", "")
        .with("CLAUDE_CODE_OAUTH_TOKEN", "token-of-the-test");
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
    Files.writeString(project().resolve(".gitignore"), ".agent-runner\ntasks.yml\n*.out\n");
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
