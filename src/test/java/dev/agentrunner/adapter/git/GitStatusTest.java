package dev.agentrunner.adapter.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The git program lays out the repositories, and says what is right. */
final class GitStatusTest {

  private final GitStatus status = new GitStatus();

  private Path home;
  private Path tree;

  @BeforeEach
  void lay_out_a_work_tree(@TempDir Path folder) throws Exception {
    home = Files.createDirectory(folder.toRealPath().resolve("home"));
    tree = Files.createDirectory(folder.toRealPath().resolve("tree"));
    git("init", "-q", "-b", "main");
    for (String name : List.of("a.txt", "b.txt", "c.txt", "sub/d.txt", "sub/e.txt", "f.txt")) {
      file(name, "one\n");
    }
    file(".gitignore", "ignored\n*.tmp\n");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
  }

  @Test
  void nothing_is_said_of_a_clean_tree() {
    assertThat(status.of(tree)).isEmpty();
  }

  @Test
  void every_kind_of_change_is_told_as_git_tells_it() throws Exception {
    change();

    assertThat(status.of(tree))
        .isEqualTo(
            """
            M  a.txt
             D b.txt
            D  c.txt
            AM g.txt
             M sub/d.txt
            MM sub/e.txt
            ?? new/
            ?? sub/h.txt
            """)
        .isEqualTo(git("status", "--short", "--no-renames"));
  }

  @Test
  void only_the_folder_and_what_is_below_is_told_of() throws Exception {
    change();

    assertThat(status.of(tree.resolve("sub")))
        .isEqualTo(" M d.txt\nMM e.txt\n?? h.txt\n")
        .isEqualTo(git("-C", "sub", "status", "--short", "--no-renames", "."));
    assertThat(status.of(tree.resolve("new/deep")))
        .isEqualTo("?? ./\n")
        .isEqualTo(git("-C", "new/deep", "status", "--short", "--no-renames", "."));
  }

  @Test
  void conflicts_are_told_as_git_tells_them() throws Exception {
    git("checkout", "-q", "-b", "other");
    file("a.txt", "theirs\n");
    file("x.txt", "theirs\n");
    git("rm", "-q", "b.txt");
    git("add", "-A");
    git("commit", "-q", "-m", "theirs");
    git("checkout", "-q", "main");
    file("a.txt", "ours\n");
    file("b.txt", "ours\n");
    file("x.txt", "ours\n");
    git("add", "-A");
    git("commit", "-q", "-m", "ours");
    gitMayFail("merge", "-q", "other");

    assertThat(status.of(tree))
        .isEqualTo("UU a.txt\nUD b.txt\nAA x.txt\n")
        .isEqualTo(git("status", "--short", "--no-renames"));
  }

  @Test
  void a_tree_without_a_commit_has_only_new_files() throws Exception {
    Path young = Files.createDirectory(tree.resolveSibling("young"));
    git("init", "-q", young.toString());
    Files.writeString(young.resolve("a"), "");
    Files.writeString(young.resolve("b"), "");
    git("-C", young.toString(), "add", "a");

    assertThat(status.of(young)).isEqualTo("A  a\n?? b\n");
  }

  @Test
  void linked_work_trees_and_submodules_have_their_own_state() throws Exception {
    git("worktree", "add", "-q", "../linked");
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", tree.toString(), "mod");
    git("commit", "-q", "-m", "with a submodule");
    Path linked = tree.resolveSibling("linked");
    Files.writeString(linked.resolve("a.txt"), "changed in linked");
    Files.writeString(tree.resolve("mod/b.txt"), "changed in mod");

    assertThat(status.of(linked)).isEqualTo(" M a.txt\n");
    assertThat(status.of(tree.resolve("mod"))).isEqualTo(" M b.txt\n");
    assertThat(status.of(tree)).isEmpty();
  }

  @Test
  void outside_of_a_work_tree_there_is_no_state() throws Exception {
    Path bare = tree.resolveSibling("bare.git");
    git("clone", "-q", "--bare", ".", bare.toString());

    assertThat(status.of(home)).isEmpty();
    assertThat(status.of(bare)).isEmpty();
    assertThat(status.of(home.resolve("nowhere"))).isEmpty();
  }

  @Test
  void a_broken_repository_has_no_state() throws Exception {
    file("a.txt", "changed\n");
    for (String name : List.of("HEAD", "index", "config")) {
      Path file = tree.resolve(".git").resolve(name);
      byte[] sound = Files.readAllBytes(file);
      Files.writeString(file, "[broken\0\377");
      assertThat(status.of(tree)).as(name).isEmpty();
      Files.write(file, sound);
    }
    assertThat(status.of(tree)).isEqualTo(" M a.txt\n");
    Files.move(tree.resolve(".git"), tree.resolve("not-git"));
    Files.writeString(tree.resolve(".git"), "gitdir: /nowhere/at/all\n");
    assertThat(status.of(tree)).isEmpty();
    Files.writeString(tree.resolve(".git"), "nonsense");
    assertThat(status.of(tree)).isEmpty();
    Files.delete(tree.resolve(".git"));
    Files.createDirectory(tree.resolve(".git"));
    assertThat(status.of(tree)).isEmpty();
  }

  @Test
  void no_more_than_a_hundred_changes_are_told() throws Exception {
    for (int i = 0; i < 130; i++) {
      file("n%03d".formatted(i), "");
    }

    assertThat(status.of(tree).lines()).hasSize(101).last().isEqualTo("... and 30 more");
  }

  @Test
  void a_name_cannot_make_a_line_of_its_own() throws Exception {
    file("x\n M innocent", "");
    file("caf\u00e9 \u20ac", "");

    assertThat(status.of(tree)).isEqualTo("?? caf\u00e9 \u20ac\n?? \"x\\n M innocent\"\n");
  }

  // Repositories that mean harm

  @Test
  void no_program_that_a_repository_names_is_run() throws Exception {
    Path proof = home.resolve("was-run");
    String command = "touch " + proof + "; cat";
    Path script = Files.writeString(tree.resolve(".git/run"), "#!/bin/sh\n" + command + "\n");
    Files.setPosixFilePermissions(
        script, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    git("config", "filter.evil.clean", command);
    git("config", "filter.evil.smudge", command);
    git("config", "filter.evil.process", command);
    git("config", "filter.evil.required", "true");
    git("config", "core.fsmonitor", script.toString());
    git("config", "core.hooksPath", tree.resolve(".git").toString());
    git("config", "core.sshCommand", command);
    git("config", "diff.external", script.toString());
    for (String hook : List.of("post-index-change", "fsmonitor-watchman", "pre-commit")) {
      Files.copy(script, tree.resolve(".git/hooks").resolve(hook));
    }
    file(".gitattributes", "* filter=evil diff=evil\n");
    file("a.txt", "two\n");
    old("b.txt");

    assertThat(status.of(tree)).isEqualTo(" M a.txt\n?? .gitattributes\n");
    assertThat(proof).doesNotExist();
  }

  @Test
  void nothing_waits_for_a_pipe() throws Exception {
    Path pipe = home.resolve("pipe");
    for (Path at : List.of(pipe, tree.resolve("sub/.gitignore"), tree.resolve("p"))) {
      new ProcessBuilder("mkfifo", at.toString()).inheritIO().start().waitFor();
    }
    Files.delete(tree.resolve("f.txt"));
    new ProcessBuilder("mkfifo", tree.resolve("f.txt").toString()).inheritIO().start().waitFor();
    // Not by git, which would wait for the pipe.
    Files.writeString(
        tree.resolve(".git/config"),
        "[include]\n path = %1$s\n[core]\n excludesFile = %1$s\n attributesFile = %1$s\n"
            .formatted(pipe),
        StandardOpenOption.APPEND);

    assertTimeoutPreemptively(
        Duration.ofSeconds(30), () -> assertThat(status.of(tree)).isEqualTo(" D f.txt\n"));
  }

  @Test
  void nothing_is_written_and_no_time_is_measured() throws Exception {
    file("a.txt", "two\n");
    old("b.txt");
    Map<String, String> before = everything();

    status.of(tree);

    assertThat(everything()).isEqualTo(before);
  }

  private void change() throws Exception {
    file("a.txt", "two\n");
    git("add", "a.txt");
    Files.delete(tree.resolve("b.txt"));
    git("rm", "-q", "c.txt");
    file("g.txt", "one\n");
    git("add", "g.txt");
    file("g.txt", "two\n");
    file("sub/d.txt", "two\n");
    file("sub/e.txt", "two\n");
    git("add", "sub/e.txt");
    file("sub/e.txt", "three\n");
    file("sub/h.txt", "");
    file("new/deep/i.txt", "");
    file("new/j.txt", "");
    file("ignored", "");
    file("sub/k.tmp", "");
    old("f.txt");
  }

  /** Another time than the index knows of, so that the content has to be looked at. */
  private void old(String name) throws IOException {
    Files.setLastModifiedTime(
        tree.resolve(name), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
  }

  private void file(String name, String content) throws IOException {
    Path file = tree.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Every file in the tree and in the home, with its time. */
  private Map<String, String> everything() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(tree.getParent())) {
      for (Path path : paths.sorted(Comparator.naturalOrder()).toList()) {
        found.put(path.toString(), Files.getLastModifiedTime(path).toString());
      }
    }
    return found;
  }

  private String git(String... arguments) throws IOException, InterruptedException {
    Process git = start(arguments);
    String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(String.join(" ", arguments)).isZero();
    return out;
  }

  private void gitMayFail(String... arguments) throws IOException, InterruptedException {
    Process git = start(arguments);
    git.getInputStream().readAllBytes();
    git.waitFor();
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(tree.toFile());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    environment.put("HOME", home.toString());
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      environment.put("GIT_" + who + "_NAME", "Tester");
      environment.put("GIT_" + who + "_EMAIL", "tester@example.org");
    }
    return builder.start();
  }
}
