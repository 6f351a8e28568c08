package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Asked;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several tasks at once, seen from the front door. */
@Timeout(100)
final class ParallelRunsTest {

  @TempDir private Path folder;

  /** The first two questions are answered once both were asked. */
  private static Script meeting(Script script) {
    CyclicBarrier both = new CyclicBarrier(2);
    CountDownLatch first = new CountDownLatch(2);
    return asked -> {
      if (asked.turn() == 1 && first.getCount() > 0) {
        first.countDown();
        meet(both);
      }
      return script.to(asked);
    };
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  private static void repository(ProgramDoor door) throws Exception {
    git(door, "init", "-q", "-b", "main");
    door.write("shared.txt", "old\n");
    door.write(".gitignore", ".agent-runner\ntasks.yml\nready\n");
    git(door, "add", "-A");
    git(door, "commit", "-q", "-m", "first");
  }

  private static String git(ProgramDoor door, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=Tester", "-c", "user.email=t@example.org"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command)
            .directory(door.project().toFile())
            .redirectErrorStream(true)
            .start();
    String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(out).isZero();
    return out;
  }

  @Test
  void independent_tasks_are_asked_at_once_and_merged_into_the_folder() throws Exception {
    try (var door = new ProgramDoor(folder, meeting(Script.ofFiles()))) {
      repository(door);
      door.write("shared.txt", "mine, not committed\n");
      door.tasks(
          "T1, post_hooks: [pass]",
          "T2, post_hooks: [pass]",
          "T3, post_hooks: [pass], depends_on: [T1, T2]");

      Outcome outcome = door.run("run", "--jobs", "2");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(git(door, "status", "--short"))
          .isEqualTo(" M shared.txt\n?? T1.txt\n?? T2.txt\n?? T3.txt\n");
      assertThat(door.read("shared.txt")).isEqualTo("mine, not committed\n");
      assertThat(git(door, "worktree", "list").lines()).hasSize(1);
      assertThat(outcome.err()).contains("T1  1 file merged into the folder");
      assertThat(outcome.out()).contains("T1.txt", "T2.txt", "T3.txt");
      assertThat(door.run("verify", "--log").exit()).isZero();
      Outcome replayed = door.run("replay", "--set", "jobs=2");
      assertThat(replayed.exit()).as(replayed.out()).isZero();
      assertThat(door.run("status").exit()).isZero();
      assertThat(door.run("diff", "T2").out()).contains("+attempt 1").doesNotContain("T1.txt");
      assertThat(door.run("undo", "T3").exit()).isZero();
      assertThat(git(door, "status", "--short")).doesNotContain("T3.txt");
    }
  }

  @Test
  void hooks_run_in_the_worktree_and_git_there_knows_the_history() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      repository(door);
      door.configured("jobs: 2\n");
      String config = door.read(".agent-runner/config.yml");
      door.write(
          ".agent-runner/config.yml",
          config.replace(
              "hooks:\n",
              "hooks:\n  look: 'git log --format=%s > seen.txt; git worktree list | wc -l >> seen.txt; pwd >> seen.txt'\n"));
      door.tasks("T1, post_hooks: [look]");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(door.read("seen.txt").lines().map(String::strip).toList())
          .startsWith("first", "2")
          .last()
          .asString()
          .contains(".agent-runner/worktrees/")
          .endsWith("/T1");
    }
  }

  @Test
  void a_conflict_goes_back_to_the_agent_with_the_files_named() throws Exception {
    Script both =
        asked ->
            asked.turn() == 2
                ? Reaction.finishes("done")
                : asked.attempt() == 1
                    ? write("shared.txt", "by " + asked.task() + "\n")
                    : write("shared.txt", "by both\n");
    try (var door = new ProgramDoor(folder, meeting(both))) {
      repository(door);
      door.tasks("T1, post_hooks: [pass]", "T2, post_hooks: [pass]");

      Outcome outcome = door.run("run", "--jobs", "2");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(door.read("shared.txt")).isEqualTo("by both\n");
      assertThat(outcome.err()).contains("conflict", "shared.txt");
      assertThat(door.provider().requests())
          .filteredOn(asked -> asked.attempt() == 2 && asked.turn() == 1)
          .singleElement()
          .extracting(Asked::lastWords)
          .asString()
          .contains("does not fit", "shared.txt");
      Outcome replayed = door.run("replay", "--set", "jobs=2");
      assertThat(replayed.exit()).as(replayed.out()).isZero();
    }
  }

  private static Reaction.Says write(String path, String content) {
    return Reaction.calls("I write.", "write_file", Map.of("path", path, "content", content));
  }

  @Test
  void nothing_of_a_failed_task_is_in_the_folder_and_all_of_it_can_be_seen() throws Exception {
    try (var door = new ProgramDoor(folder, meeting(Script.ofFiles()))) {
      repository(door);
      door.configured("fail_safe: {max_attempts_per_task: 1}\n");
      door.tasks("T1, post_hooks: [fail]", "T2, post_hooks: [pass]");

      Outcome outcome = door.run("run", "--jobs", "2");

      assertThat(outcome.exit()).isEqualTo(ExitCode.FAILED.number());
      assertThat(git(door, "status", "--short")).isEqualTo("?? T2.txt\n");
      assertThat(door.run("diff", "T1").out()).contains("T1.txt", "+attempt 1");
      assertThat(door.run("undo", "T1").err()).contains("not merged");
      assertThat(git(door, "worktree", "list").lines()).hasSize(1);
      assertThat(door.run("report").exit()).isZero();
      assertThat(door.files())
          .anySatisfy((name, _) -> assertThat(name).endsWith("logs/T1/changes.patch"));
    }
  }

  @Test
  void each_task_is_committed_as_it_is_merged() throws Exception {
    try (var door = new ProgramDoor(folder, meeting(Script.ofFiles()))) {
      repository(door);
      door.write("shared.txt", "mine\n");
      door.configured("git: {commit: task, author: Ada <ada@example.org>}\n");
      door.tasks("T1, post_hooks: [pass]", "T2, post_hooks: [pass]");

      Outcome outcome = door.run("run", "--jobs", "2");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(git(door, "log", "--format=%s", "--reverse").lines())
          .hasSize(3)
          .contains("T1 does it", "T2 does it");
      assertThat(git(door, "show", "--name-only", "--format=", "HEAD").lines()).hasSize(1);
      assertThat(git(door, "status", "--short")).isEqualTo(" M shared.txt\n");
    }
  }

  @Test
  void where_it_cannot_be_done_nothing_is_started_and_the_cure_is_told() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [pass]");

      Outcome outside = door.run("run", "--jobs", "2");
      repository(door);
      Outcome branch = door.run("run", "--jobs", "2", "--set", "git.branch=work");
      Outcome proposed = door.run("run", "--jobs", "2", "--propose");
      Outcome none = door.run("run", "--jobs", "0");

      assertThat(List.of(outside.exit(), branch.exit(), proposed.exit(), none.exit()))
          .containsOnly(ExitCode.USAGE.number());
      assertThat(outside.err()).contains("is in no git repository", "git init", "--jobs 1");
      assertThat(branch.err()).contains("git.branch", "check out a branch");
      assertThat(proposed.err()).contains("only proposed");
      assertThat(door.provider().requests()).isEmpty();
      assertThat(door.events()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_run_that_is_killed_or_stopped_with_two_tasks_under_way_goes_on_with_both(boolean killed)
      throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    CountDownLatch gone = new CountDownLatch(1);
    Script script =
        question -> {
          if (question.turn() == 2 && gone.getCount() > 0) {
            asked.countDown();
            try {
              gone.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
          return Script.ofFiles().to(question);
        };
    try (var door = new ProgramDoor(folder, script)) {
      repository(door);
      door.tasks("T1, post_hooks: [pass]", "T2, post_hooks: [pass]", "T3, post_hooks: [pass]");
      Process program = start(door, "run", "--jobs", "2");
      CompletableFuture<Void> ended =
          program.onExit().thenRun(() -> Stream.of(1, 2).forEach(_ -> asked.countDown()));
      asked.await();
      assertThat(ended).as(Files.readString(folder.resolve("out.txt"))).isNotDone();
      int exit = (killed ? program.destroyForcibly() : terminated(program)).waitFor();
      gone.countDown();
      assertThat(exit).isEqualTo(killed ? 137 : 143);
      assertThat(git(door, "worktree", "list").lines()).hasSize(3);

      Outcome outcome = door.run("resume", "--jobs", "2");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(git(door, "status", "--short")).isEqualTo("?? T1.txt\n?? T2.txt\n?? T3.txt\n");
      assertThat(git(door, "worktree", "list").lines()).hasSize(1);
      assertThat(door.provider().requests())
          .filteredOn(one -> one.turn() == 1 && !one.task().equals("T3"))
          .as("what was answered is not asked again")
          .hasSize(2);
      assertThat(door.run("verify", "--log").exit()).isZero();
      Outcome replayed = door.run("replay", "--set", "jobs=2");
      assertThat(replayed.exit()).as(replayed.out()).isZero();
    }
  }

  @Test
  void a_second_ctrl_c_ends_hooks_that_do_not_heed_the_first_and_nothing_is_lost()
      throws Exception {
    Path told = folder.resolve("told");
    Path calm = folder.resolve("calm");
    Path stubborn = folder.resolve("stubborn.sh");
    Files.writeString(
        stubborn,
        """
        if [ -e '%2$s' ]; then exit 0; fi
        trap "echo asked >>'%1$s'" TERM
        echo begun >>'%1$s'
        while :; do sleep 60; done
        """
            .formatted(told, calm));
    assertThat(new ProcessBuilder("mkfifo", told.toString()).start().waitFor()).isZero();
    try (var door = new ProgramDoor(folder, meeting(Script.ofFiles()));
        var pipe = new RandomAccessFile(told.toFile(), "rw")) { // Both ends, so that it stays open.
      repository(door);
      String config = door.read(".agent-runner/config.yml");
      door.write(
          ".agent-runner/config.yml",
          config.replace("hooks:\n", "hooks:\n  stubborn: sh '%s'\n".formatted(stubborn)));
      door.tasks("T1, post_hooks: [stubborn]", "T2, post_hooks: [stubborn]");
      Process program = start(door, "run", "--jobs", "2");
      CompletableFuture<Void> ended = program.onExit().thenRun(() -> tell(told));
      assertThat(List.of(pipe.readLine(), pipe.readLine())).containsOnly("begun");

      interrupt(program);
      assertThat(List.of(pipe.readLine(), pipe.readLine())).containsOnly("asked");
      assertThat(ended).isNotDone();
      interrupt(program);

      assertThat(program.waitFor()).isEqualTo(ExitCode.INTERRUPTED.number());
      Files.createFile(calm);
      Outcome outcome = door.run("resume", "--jobs", "2");
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(git(door, "status", "--short")).isEqualTo("?? T1.txt\n?? T2.txt\n");
      assertThat(git(door, "worktree", "list").lines()).hasSize(1);
      assertThat(door.provider().requests()).hasSize(4);
      assertThat(door.run("verify", "--log").exit()).isZero();
    }
  }

  /** Lest anybody wait for hooks that never were run. */
  private static void tell(Path pipe) {
    try {
      Files.writeString(pipe, "ended\nended\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void interrupt(Process program) throws Exception {
    String pid = String.valueOf(program.pid());
    assertThat(new ProcessBuilder("kill", "-INT", pid).start().waitFor()).isZero();
  }

  @Test
  void calls_under_way_count_against_the_budget_and_a_larger_one_goes_on() throws Exception {
    try (var door = new ProgramDoor(folder, meeting(Script.ofFiles()))) {
      repository(door);
      door.configured("budget: {run_calls: 3}\n");
      door.tasks("T1, post_hooks: [pass]", "T2, post_hooks: [pass]");

      Outcome stopped = door.run("run", "--jobs", "2");
      int asked = door.provider().requests().size();
      Outcome raised = door.run("resume", "--jobs", "2", "--set", "budget.run_calls=9");

      assertThat(stopped.exit()).as(stopped.err()).isEqualTo(ExitCode.BUDGET.number());
      assertThat(stopped.out()).contains("Budget used up", "3 calls");
      assertThat(asked).isEqualTo(3);
      assertThat(raised.exit()).as(raised.err()).isZero();
      assertThat(door.provider().requests()).as("nothing is asked twice").hasSize(4);
      assertThat(git(door, "status", "--short")).isEqualTo("?? T1.txt\n?? T2.txt\n");
    }
  }

  @Test
  void one_job_is_what_there_was_before_there_were_several() throws Exception {
    List<List<String>> logs = new ArrayList<>();
    for (String[] arguments : List.of(new String[] {"run"}, new String[] {"run", "--jobs", "1"})) {
      Path place = Files.createDirectory(folder.resolve("run-" + logs.size()));
      try (var door = new ProgramDoor(place, Script.ofFiles())) {
        repository(door);
        door.tasks("T1, post_hooks: [pass]", "T2, post_hooks: [second]", "T3, depends_on: [T1]");
        assertThat(door.run(arguments).exit()).isZero();
        logs.add(door.events().stream().map(ParallelRunsTest::withoutIdsAndTimes).toList());
      }
    }

    assertThat(logs.getLast()).hasSizeGreaterThan(20).isEqualTo(logs.getFirst());
  }

  /** An event without what differs from any one run to any other. */
  private static String withoutIdsAndTimes(String event) {
    return event
        .replaceAll("\"(at|run|prev)\":\"[^\"]*\"", "\"$1\":\"\"")
        .replaceAll("\"took\":\"[^\"]*\"", "\"took\":\"\"");
  }

  private static Process terminated(Process program) {
    program.destroy();
    return program;
  }

  private Process start(ProgramDoor door, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.agentrunner.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(door.project().toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile());
    builder.environment().putAll(door.environment());
    return builder.start();
  }

  @Test
  void what_a_run_that_was_given_up_left_behind_is_removed_by_the_next() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      repository(door);
      door.tasks("T1, post_hooks: [pass]");
      assertThat(door.run("run", "--jobs", "2").exit()).isZero();
      Path left =
          door.project().resolve(".agent-runner/worktrees/" + KilledRun.newest(door) + "/T1");
      Files.createDirectories(left.getParent());
      git(door, "worktree", "add", "-q", "--detach", left.toString());

      door.run("run", "--jobs", "2", "--redo", "T1");

      assertThat(left).doesNotExist();
      assertThat(git(door, "worktree", "list").lines()).hasSize(1);
    }
  }
}
