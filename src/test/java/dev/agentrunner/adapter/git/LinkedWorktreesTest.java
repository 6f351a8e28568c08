package dev.agentrunner.adapter.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Worktrees.Union;
import dev.agentrunner.testing.GitFolder;
import dev.agentrunner.testing.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against repositories that git itself has made, and looked at with git itself. */
final class LinkedWorktreesTest {

  private static final RunId RUN = new RunId("20261121-100000-test");
  private static final Task T1 = Tasks.task("T1");
  private static final Task T2 = Tasks.task("T2");

  @TempDir private Path temp;
  private GitFolder repository;
  private Path user;
  private LinkedWorktrees worktrees;

  @BeforeEach
  void repository() throws IOException, InterruptedException {
    repository = new GitFolder(temp);
    user = repository.tree;
    write("a.txt", "one\ntwo\nthree\nfour\nfive\n");
    write("sub/b.txt", "b\n");
    write(".gitignore", "ignored/\n.agent-runner/\n");
    repository.committed("first");
    worktrees = worktrees(user);
  }

  private LinkedWorktrees worktrees(Path folder) {
    Path home = user.resolve(".agent-runner");
    return new LinkedWorktrees(
        home.resolve("worktrees"),
        home.resolve("checkpoints.git"),
        InstantSource.system(),
        task -> folder.toString());
  }

  private String git(String... arguments) {
    return gitIn(user, arguments);
  }

  private String gitIn(Path folder, String... arguments) {
    try {
      return repository
          .git(
              Stream.concat(Stream.of("-C", folder.toString()), Stream.of(arguments))
                  .toArray(String[]::new))
          .stripTrailing();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void write(String file, String text) throws IOException {
    write(user, file, text);
  }

  private static void write(Path folder, String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.resolveSibling(""));
    Files.writeString(path, text);
  }

  private Path place(Task task) {
    return Path.of(worktrees.place(RUN, task));
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(path).toString();
        if (!name.startsWith(".git/") && !name.equals(".git") && !name.startsWith(".agent")) {
          files.put(name, Files.readString(path));
        }
      }
    }
    return files;
  }

  @Test
  void git_lists_it_and_sees_in_it_what_it_sees_in_the_users_folder() throws IOException {
    write("a.txt", "one\nchanged\nthree\nfour\nfive\n");
    write("new.txt", "new\n");
    write("staged.txt", "staged\n");
    git("add", "staged.txt");
    write("ignored/x", "x");

    worktrees.open(RUN, T1);

    assertThat(git("worktree", "list", "--porcelain"))
        .contains("worktree " + place(T1).toRealPath(), "detached");
    assertThat(gitIn(place(T1), "status", "--short"))
        .isEqualTo(git("status", "--short"))
        .contains(" M a.txt", "A  staged.txt", "?? new.txt");
    assertThat(gitIn(place(T1), "log", "--format=%s")).isEqualTo("first");
    assertThat(gitIn(place(T1), "diff", "--", "a.txt")).contains("+changed");
    assertThat(files(place(T1))).isEqualTo(withoutIgnored(files(user)));
    assertThat(git("fsck")).doesNotContain("error");
  }

  private static Map<String, String> withoutIgnored(Map<String, String> files) {
    Map<String, String> kept = new TreeMap<>(files);
    kept.keySet().removeIf(name -> name.startsWith("ignored"));
    return kept;
  }

  @Test
  void it_can_be_used_from_a_work_tree_that_is_linked_itself() throws IOException {
    git("worktree", "add", "-q", temp.resolve("linked").toString());
    LinkedWorktrees other = worktrees(temp.resolve("linked"));

    other.open(RUN, T1);

    assertThat(gitIn(place(T1), "status", "--short")).isEmpty();
    other.close(RUN, T1, false);
    assertThat(git("worktree", "list").lines()).hasSize(2);
  }

  @Test
  void once_closed_it_is_gone_and_what_it_held_is_kept() throws IOException {
    worktrees.open(RUN, T1);
    write(place(T1), "c.txt", "work\n");

    worktrees.close(RUN, T1, true);

    assertThat(place(T1)).doesNotExist();
    assertThat(git("worktree", "list").lines()).hasSize(1);
    assertThat(user.resolve(".git/worktrees")).doesNotExist();
    Path store = user.resolve(".agent-runner/checkpoints.git");
    String kept =
        Files.readString(store.resolve("refs/agent-runner/worktrees/" + RUN + "/T1")).strip();
    assertThat(gitIn(store, "show", kept + ":c.txt")).isEqualTo("work");
    assertThat(git("status", "--short")).isEmpty();
  }

  @Test
  void what_runs_that_are_over_left_behind_is_swept() throws IOException {
    worktrees.open(RUN, T1);
    RunId other = new RunId("20261121-110000-test");
    worktrees.open(other, T1);

    worktrees.sweep(RUN::equals);

    assertThat(place(T1)).doesNotExist();
    assertThat(Path.of(worktrees.place(other, T1))).exists();
    assertThat(git("worktree", "list").lines()).hasSize(2);
  }

  @Test
  void what_a_crash_left_of_one_that_was_being_removed_goes_and_is_not_kept_in_place_of_the_work()
      throws IOException {
    worktrees.open(RUN, T1);
    Path gone = user.resolve(".agent-runner/worktrees/.removed/" + RUN + "/T1");
    Files.createDirectories(gone.getParent());
    Files.move(place(T1), gone);
    Files.delete(gone.resolve("a.txt"));
    try (Stream<Path> linked = Files.list(user.resolve(".git/worktrees"))) {
      Files.delete(linked.toList().getFirst().resolve("HEAD"));
    }

    worktrees.sweep(RUN::equals);

    assertThat(gone.getParent().getParent()).doesNotExist();
    assertThat(user.resolve(".git/worktrees")).doesNotExist();
    assertThat(user.resolve(".agent-runner/checkpoints.git/refs/agent-runner/worktrees"))
        .doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gitdir", "gitdir index"})
  void one_that_was_linked_half_way_leaves_nothing_in_the_repository(String written)
      throws IOException {
    worktrees.open(RUN, T1);
    try (Stream<Path> linked = Files.list(user.resolve(".git/worktrees"))) {
      Path admin = linked.toList().getFirst();
      for (String name : List.of("gitdir", "index", "HEAD", "commondir")) {
        if (!List.of(written.split(" ", -1)).contains(name)) {
          Files.delete(admin.resolve(name));
        }
      }
    }

    worktrees.open(RUN, T1);

    assertThat(git("worktree", "list").lines()).hasSize(2);
    try (Stream<Path> linked = Files.list(user.resolve(".git/worktrees"))) {
      assertThat(linked).hasSize(1);
    }
    assertThat(gitIn(place(T1), "status", "--short")).isEmpty();
  }

  @Test
  void one_that_a_crash_left_half_made_is_made_anew() throws IOException {
    worktrees.open(RUN, T1);
    Files.delete(place(T1).resolve(".git"));
    write(place(T1), "half.txt", "half\n");

    worktrees.open(RUN, T1);

    assertThat(place(T1).resolve("half.txt")).doesNotExist();
    assertThat(gitIn(place(T1), "status", "--short")).isEmpty();
  }

  @Test
  void changes_to_different_lines_go_together() throws IOException {
    TreeId base = worktrees.open(RUN, T1).tree();
    write(place(T1), "a.txt", "ONE\ntwo\nthree\nfour\nfive\n");
    write(place(T1), "sub/new.txt", "new\n");
    write("a.txt", "one\ntwo\nthree\nfour\nFIVE\n");
    Files.delete(user.resolve("sub/b.txt"));

    Union union = worktrees.unite(RUN, T1, base);
    assertThat(union.conflicts()).isEmpty();
    assertThat(union.asJudged()).isFalse();
    worktrees.bring(RUN, T1, union.tree());

    assertThat(files(place(T1)))
        .containsEntry("a.txt", "ONE\ntwo\nthree\nfour\nFIVE\n")
        .containsEntry("sub/new.txt", "new\n")
        .doesNotContainKey("sub/b.txt");
    Union again = worktrees.unite(RUN, T1, union.onto());
    assertThat(again.asJudged()).isTrue();
    assertThat(worktrees.land(T1, again.onto(), again.tree())).hasValue(2);
    assertThat(files(user)).isEqualTo(files(place(T1)));
    assertThat(worktrees.land(T1, again.onto(), again.tree()))
        .as("doing it again changes nothing")
        .hasValue(2);
    assertThat(git("diff", "--cached", "--name-only")).as("the index is let be").isEmpty();
  }

  @Test
  void changes_to_the_same_lines_are_marked() throws IOException {
    TreeId base = worktrees.open(RUN, T1).tree();
    write(place(T1), "a.txt", "mine\ntwo\nthree\nfour\nfive\n");
    write("a.txt", "theirs\ntwo\nthree\nfour\nfive\n");

    Union union = worktrees.unite(RUN, T1, base);
    worktrees.bring(RUN, T1, union.tree());

    assertThat(union.conflicts()).containsExactly("a.txt");
    assertThat(Files.readString(place(T1).resolve("a.txt")))
        .isEqualTo(
            """
            <<<<<<< merged meanwhile
            theirs
            =======
            mine
            >>>>>>> this task
            two
            three
            four
            five
            """);
  }

  @Test
  void a_file_that_one_side_removed_and_a_file_that_is_a_folder_elsewhere_do_not_fit()
      throws IOException {
    TreeId base = worktrees.open(RUN, T1).tree();
    Files.delete(place(T1).resolve("a.txt"));
    write(place(T1), "thing", "a file\n");
    write("a.txt", "changed\n");
    write("thing/inside", "in a folder\n");

    Union union = worktrees.unite(RUN, T1, base);
    worktrees.bring(RUN, T1, union.tree());

    assertThat(union.conflicts()).containsExactly("a.txt", "thing");
    assertThat(files(place(T1)))
        .containsEntry("a.txt", "changed\n")
        .containsEntry("thing/inside", "in a folder\n");
  }

  @Test
  void what_is_changed_between_looking_and_writing_is_not_overwritten() throws IOException {
    TreeId base = worktrees.open(RUN, T1).tree();
    write(place(T1), "a.txt", "mine\n");
    Union union = worktrees.unite(RUN, T1, base);
    assertThat(union.asJudged()).isTrue();
    write("a.txt", "the person's\n");

    assertThat(worktrees.land(T1, union.onto(), union.tree())).isEmpty();

    assertThat(files(user)).containsEntry("a.txt", "the person's\n");
  }

  @Test
  void a_merge_that_was_cut_off_half_way_is_finished() throws IOException {
    TreeId base = worktrees.open(RUN, T1).tree();
    write(place(T1), "a.txt", "mine\n");
    write(place(T1), "z.txt", "mine too\n");
    Union union = worktrees.unite(RUN, T1, base);
    write("a.txt", "mine\n"); // So far it had come.

    assertThat(worktrees.land(T1, union.onto(), union.tree())).hasValue(2);

    assertThat(files(user)).containsEntry("a.txt", "mine\n").containsEntry("z.txt", "mine too\n");
  }

  @Test
  void tasks_of_a_folder_below_find_it_in_the_worktree() throws IOException {
    LinkedWorktrees below = worktrees(user.resolve("sub"));
    TreeId base = below.open(RUN, T2).tree();

    Path inside = LinkedWorktrees.inside(below.place(RUN, T2), user.resolve("sub"));

    assertThat(inside.resolve("b.txt")).hasContent("b");
    GitCheckpoints checkpoints =
        new GitCheckpoints(user.resolve(".agent-runner/checkpoints.git"), InstantSource.system());
    assertThat(below.folderIn(T2, base))
        .isEqualTo(checkpoints.take(inside.toString(), Optional.empty()).tree());
  }

  @Test
  void whoever_cannot_have_one_is_told_what_to_do() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    assertThatThrownBy(() -> worktrees(outside).check(List.of(T1)))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("task T1", "is in no git repository", "git init", "--jobs 1");

    Path empty = Files.createDirectory(temp.resolve("empty"));
    gitIn(empty, "init", "-q");
    assertThatThrownBy(() -> worktrees(empty).check(List.of(T1)))
        .hasMessageContainingAll("no commit yet", "git commit");

    Files.writeString(user.resolve(".git/MERGE_HEAD"), git("rev-parse", "HEAD") + "\n");
    assertThatThrownBy(() -> worktrees.check(List.of(T1)))
        .hasMessageContainingAll("a merge or rebase is under way", "end it first");
  }
}
