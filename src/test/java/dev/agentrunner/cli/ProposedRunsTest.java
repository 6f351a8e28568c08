package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that only propose, seen from the front door, in a git repository. */
final class ProposedRunsTest {

  private static final String SHAPE =
      """
        shape: >-
          git rev-parse --show-toplevel > toplevel.txt;
          rm gone.txt;
          chmod +x tool.sh;
          printf 'no end' > new.txt;
          mkdir -p deep/er; : > deep/er/empty.txt;
          printf 'a\\r\\nc\\r\\n' > dos.txt;
          printf 'x\\000y' > image.bin;
          echo built > target.out
      """;

  @TempDir private Path folder;

  private ProgramDoor door(Script script) throws Exception {
    var door = new ProgramDoor(folder, script);
    door.write(
        ".agent-runner/config.yml",
        door.read(".agent-runner/config.yml")
            .replace("retries:", SHAPE.indent(0).stripTrailing() + "\nretries:"));
    door.write(".gitignore", ".agent-runner\n*.out\n")
        .write("gone.txt", "to go\n")
        .write("tool.sh", "#!/bin/sh\n")
        .write("dos.txt", "a\r\nb\r\n")
        .write("mine.txt", "one\n")
        .write("staged.txt", "one\n");
    git(door, "init", "-q", "-b", "main");
    git(door, "add", "-A");
    git(door, "commit", "-q", "-m", "first");
    door.write("mine.txt", "changed by me\n").write("staged.txt", "staged by me\n");
    git(door, "add", "staged.txt");
    return door;
  }

  @Test
  void nothing_of_the_users_is_touched_and_the_diff_can_be_taken_over() throws Exception {
    try (var door = door(Script.ofFiles())) {
      door.tasks("T1, post_hooks: [shape]");
      Map<String, String> before = users(door);

      Outcome outcome = door.run("run", "--propose");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(users(door)).isEqualTo(before);
      assertThat(outcome.lines()).contains("+attempt 1", "-to go", "+no end", "new mode 100755");
      assertThat(outcome.out())
          .contains("T1  proposed", "Not in the patch, as a diff cannot say it: image.bin");
      assertThat(door.run("status").out()).contains("T1  proposed");
      assertThat(door.run("diff", "T1").lines()).contains("+attempt 1");
      assertThat(door.project().resolve(".agent-runner/proposals")).isEmptyDirectory();

      Outcome apply = door.run(words(takeOver(outcome)));

      assertThat(apply.exit()).as(apply.err()).isZero();
      assertThat(door.read("T1.txt")).isEqualTo("attempt 1\n");
      assertThat(door.read("new.txt")).isEqualTo("no end");
      assertThat(door.read("dos.txt")).isEqualTo("a\r\nc\r\n");
      assertThat(door.read("deep/er/empty.txt")).isEmpty();
      assertThat(door.project().resolve("gone.txt")).doesNotExist();
      assertThat(Files.isExecutable(door.project().resolve("tool.sh"))).isTrue();
      assertThat(door.project().resolve("target.out")).doesNotExist();
      assertThat(door.read("toplevel.txt")).contains(".agent-runner/proposals/");
      assertThat(door.read("mine.txt")).isEqualTo("changed by me\n");
    }
  }

  @Test
  void git_takes_the_same_patch() throws Exception {
    try (var door = door(Script.ofFiles())) {
      door.tasks("T1, post_hooks: [shape]");

      String patch = words(takeOver(door.run("run", "--propose")))[1];

      git(door, "apply", patch);
      assertThat(door.read("new.txt")).isEqualTo("no end");
      assertThat(door.project().resolve("gone.txt")).doesNotExist();
    }
  }

  @Test
  void later_tasks_see_what_earlier_ones_did_and_each_has_its_own_patch() throws Exception {
    try (var door = door(Script.ofFiles())) {
      door.configured(
          "propose: true\ngit: {commit: task, branch: work, author: A <a@example.org>}\n");
      door.write(
          ".agent-runner/config.yml",
          door.read(".agent-runner/config.yml")
              .replace("  pass:", "  seen: test -e T1.txt\n  pass:"));
      door.tasks("T1", "T2, depends_on: [T1], pre_hooks: [seen]");
      Map<String, String> before = users(door);

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(users(door)).isEqualTo(before);
      assertThat(git(door, "branch", "--format=%(refname:short)")).isEqualTo("main\n");
      assertThat(kept(door, "T1.patch")).contains("T1.txt").doesNotContain("T2.txt");
      assertThat(kept(door, "T2.patch")).contains("T2.txt").doesNotContain("T1.txt");
    }
  }

  @Test
  void a_run_that_was_stopped_goes_on_in_the_copy_without_the_flag() throws Exception {
    Script script = Script.ofFiles().at("T1", 1, 2, Reaction.refusesKey());
    try (var door = door(script)) {
      door.tasks("T1, post_hooks: [shape]");
      Map<String, String> before = users(door);
      Outcome stopped = door.run("run", "--propose");
      assertThat(stopped.exit()).as(stopped.err()).isEqualTo(5);
      assertThat(users(door)).isEqualTo(before);
      assertThat(door.run("diff", "T1").lines()).contains("+attempt 1");
      long copies = copies(door);

      Outcome outcome = door.run("resume");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(copies).isEqualTo(1);
      assertThat(users(door)).isEqualTo(before);
      assertThat(kept(door, "T1.patch")).contains("T1.txt", "+no end");
    }
  }

  @Test
  void a_run_that_was_killed_goes_on_in_the_copy() throws Exception {
    Script script = Script.ofFiles().at("T1", 1, 2, Reaction.refusesKey());
    try (var door = door(script)) {
      door.tasks("T1, post_hooks: [shape]");
      Map<String, String> before = users(door);
      door.run("run", "--propose");
      Path log =
          door.files().keySet().stream()
              .filter(name -> name.endsWith("events.jsonl"))
              .map(door.project()::resolve)
              .findFirst()
              .orElseThrow();
      List<String> lines = Files.readAllLines(log);
      int edited = 0;
      while (!lines.get(edited).contains("\"type\":\"edit.applied\"")) {
        edited++;
      }
      Files.write(log, lines.subList(0, edited + 1));
      Files.delete(door.project().resolve(".agent-runner/state.json"));

      Outcome outcome = door.run("resume");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(users(door)).isEqualTo(before);
      assertThat(kept(door, "T1.patch")).contains("+attempt 1", "+no end");
    }
  }

  @Test
  void an_agents_own_command_line_works_in_the_copy() throws Exception {
    try (var door = door(Script.ofFiles())) {
      door.write(
          "bin/claude",
          """
          #!/bin/sh
          cat > /dev/null
          git stash -q
          echo by claude > made.txt
          echo '{"type":"result","subtype":"success","is_error":false,"session_id":"s","result":"Done."}'
          """);
      door.project().resolve("bin/claude").toFile().setExecutable(true);
      door.with("PATH", door.project().resolve("bin") + ":" + System.getenv("PATH"))
          .with("ANTHROPIC_API_KEY", "")
          .with("CLAUDE_CODE_OAUTH_TOKEN", "token-of-the-test");
      door.tasks("T1, post_hooks: [pass]");
      Map<String, String> before = users(door);

      Outcome outcome = door.run("run", "--propose", "--provider", "claude-code");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(users(door)).isEqualTo(before);
      assertThat(kept(door, "T1.patch")).contains("made.txt", "+by claude");
    }
  }

  @Test
  void what_was_begun_in_the_folder_itself_does_not_go_on_as_a_proposal() throws Exception {
    try (var door = door(Script.ofFiles().at("T1", 1, 2, Reaction.refusesKey()))) {
      door.tasks("T1");
      door.run("run");

      Outcome refused = door.run("run", "--propose");

      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains("cannot go on as a proposal", "--redo T1");
    }
  }

  @Test
  void what_others_need_in_the_folder_is_not_just_proposed() throws Exception {
    try (var door = door(Script.ofFiles())) {
      door.tasks("T1, propose: true", "T2, depends_on: [T1]");

      Outcome refused = door.run("run");

      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains("tasks.yml:4", "'T1' is only proposed", "--propose");
      assertThat(door.provider().requests()).isEmpty();
    }
  }

  @Test
  void one_task_is_proposed_and_another_is_done() throws Exception {
    try (var door = door(Script.ofFiles())) {
      door.tasks("T1, propose: true, post_hooks: [pass]", "T2, post_hooks: [pass]");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(users(door)).containsKey("T2.txt").doesNotContainKey("T1.txt");
      assertThat(door.run("run").out()).startsWith("Nothing to do");
      assertThat(door.run("run").err()).contains("T1 was only proposed in run");
      assertThat(door.run("undo", "T1").err()).contains("only proposed");
    }
  }

  @Test
  void a_hook_that_would_run_outside_of_the_copy_is_refused() throws Exception {
    try (var door = door(Script.ofFiles())) {
      door.write("sub/a.txt", "a");
      door.tasks("T1, path: sub, propose: true, post_hooks: [ready]");

      Outcome refused = door.run("run");

      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains("a hook of it runs in", "not in the copy");
    }
  }

  @Test
  void in_a_folder_of_a_repository_the_same_is_ignored() throws Exception {
    try (var door = door(Script.ofFiles())) {
      door.write("sub/a.txt", "a");
      door.write(
          ".agent-runner/config.yml",
          door.read(".agent-runner/config.yml")
              .replace("  pass:", "  build: echo > b.out\n  pass:"));
      door.tasks("T1, path: sub, propose: true, post_hooks: [build]");

      Outcome outcome = door.run("run");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(kept(door, "T1.patch")).contains("T1.txt").doesNotContain("b.out");
    }
  }

  /** Every file and folder of the user's, git's own among them, with content and time. */
  private static Map<String, String> users(ProgramDoor door) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(door.project())) {
      for (Path path : paths.toList()) {
        String name = door.project().relativize(path).toString();
        if (name.startsWith(".agent-runner") || name.isEmpty()) {
          continue;
        }
        files.put(
            name,
            Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                + (Files.isRegularFile(path)
                    ? " " + Files.readString(path, StandardCharsets.ISO_8859_1)
                    : ""));
      }
    }
    return files;
  }

  private static long copies(ProgramDoor door) throws IOException {
    try (Stream<Path> paths = Files.walk(door.project().resolve(".agent-runner/proposals"), 2)) {
      return paths.filter(path -> Files.isDirectory(path.resolve(".git"))).count();
    }
  }

  private static String kept(ProgramDoor door, String name) {
    return door.files().entrySet().stream()
        .filter(file -> file.getKey().startsWith(".agent-runner/runs/"))
        .filter(file -> file.getKey().endsWith("/" + name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static String takeOver(Outcome outcome) {
    Optional<String> line =
        outcome.lines().stream().filter(one -> one.contains("to take it over: ")).findFirst();
    return line.orElseThrow(() -> new AssertionError(outcome.out() + outcome.err()))
        .replaceFirst(".*to take it over: agent-runner ", "");
  }

  /** As a shell would read them. */
  private static String[] words(String command) {
    return Arrays.stream(command.split("'? '| (?=--)|(?<=--dir) |'$|(?<=apply) ", -1))
        .filter(word -> !word.isEmpty())
        .toArray(String[]::new);
  }

  private static String git(ProgramDoor door, String... arguments) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/git")));
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
}
