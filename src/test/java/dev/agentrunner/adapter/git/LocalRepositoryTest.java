package dev.agentrunner.adapter.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.core.task.Identity;
import dev.agentrunner.port.Repositories.Lookup;
import dev.agentrunner.port.Repository;
import dev.agentrunner.port.Repository.Answer;
import dev.agentrunner.port.Repository.Committing;
import dev.agentrunner.port.Repository.Order;
import dev.agentrunner.testing.GitFolder;
import dev.agentrunner.testing.MemoryWorkspaces;
import dev.agentrunner.testing.ScriptedProcesses;
import dev.agentrunner.testing.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The git program lays out the repositories, and says what became of them. */
final class LocalRepositoryTest {

  private static final Identity AUTHOR = new Identity("Ada", "ada@example.org");

  private final ScriptedProcesses processes = new ScriptedProcesses();
  private GitFolder git;
  private Repository repository;

  @BeforeEach
  void lay_out_a_work_tree(@TempDir Path folder) throws Exception {
    git = new GitFolder(folder);
    git.file("a.txt", "one\n").file("b.txt", "one\n").file("sub/c.txt", "one\n");
    git.file(".gitignore", "*.log\n").committed("first");
    repository = at(git.tree);
  }

  private Repository at(Path folder) {
    var repositories =
        new LocalRepositories(
            GitSettings.NONE,
            Map.of("HOME", git.home.toString(), "GIT_CONFIG_NOSYSTEM", "1"),
            processes,
            new SettableClock());
    return ((Lookup.Found) repositories.at(folder.toString())).repository();
  }

  private static String done(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done) answer).text();
  }

  private static String refused(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer).reason();
  }

  // Commits

  private static Optional<String> digest(String text) {
    return Optional.of(MemoryWorkspaces.digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static FileChange change(String path, String before, String after) {
    return new FileChange(path, digest(before), digest(after));
  }

  private static FileChange added(String path, String after) {
    return new FileChange(path, Optional.empty(), digest(after));
  }

  private static Order order(FileChange... changes) {
    return new Order(
        "Do it",
        List.of("Agent-Runner-Run: r1", "Agent-Runner-Task: T1"),
        Optional.of(AUTHOR),
        Optional.empty(),
        List.of(changes));
  }

  private static String left(Committing committing) {
    assertThat(committing).isInstanceOf(Committing.Left.class);
    return ((Committing.Left) committing).reason();
  }

  @Test
  void a_commit_holds_what_the_task_changed_and_nothing_else() throws Exception {
    git.file("b.txt", "staged by the user\n").git("add", "b.txt");
    git.file("sub/c.txt", "not staged by the user\n").file("d.txt", "new of the user\n");
    git.file("a.txt", "two\n").file("new/e.txt", "E\n");

    Committing made =
        repository.commit(order(change("a.txt", "one\n", "two\n"), added("new/e.txt", "E\n")));

    assertThat(made).isInstanceOf(Committing.Made.class);
    assertThat(
            git.git("show", "--stat=80", "--format=%an <%ae>%n%B", "HEAD")
                .lines()
                .map(String::strip))
        .containsExactly(
            "Ada <ada@example.org>",
            "Do it",
            "",
            "Agent-Runner-Run: r1",
            "Agent-Runner-Task: T1",
            "",
            "",
            "a.txt     | 2 +-",
            "new/e.txt | 1 +",
            "2 files changed, 2 insertions(+), 1 deletion(-)");
    assertThat(git.git("status", "--short")).isEqualTo("M  b.txt\n M sub/c.txt\n?? d.txt\n");
    assertThat(git.git("fsck", "--strict")).isEmpty();
  }

  @Test
  void a_file_that_the_task_removed_is_removed() throws Exception {
    Files.delete(git.tree.resolve("b.txt"));

    repository.commit(order(new FileChange("b.txt", digest("one\n"), Optional.empty())));

    assertThat(git.git("ls-files")).isEqualTo(".gitignore\na.txt\nsub/c.txt\n");
    assertThat(git.git("status", "--short")).isEmpty();
  }

  @Test
  void the_same_order_finds_its_commit_and_makes_no_other() throws Exception {
    git.file("a.txt", "two\n");
    Order order = order(change("a.txt", "one\n", "two\n"));

    Committing first = repository.commit(order);
    git.git("reset", "-q", "HEAD~", "--", "a.txt"); // As if cut off before the index was written.
    Committing second = repository.commit(order);

    assertThat(second).isEqualTo(first);
    assertThat(git.git("rev-list", "--count", "HEAD").strip()).isEqualTo("2");
    assertThat(git.git("status", "--short")).isEmpty();
  }

  /** As if a process that is no more had been killed while it held both locks. */
  private Path killedAtWork() throws IOException {
    Path claim = git.tree.resolve(".git/agent-runner-999999999.claim");
    Files.writeString(claim, "");
    Files.writeString(git.tree.resolve(".git/index.lock"), "");
    Files.writeString(git.tree.resolve(".git/refs/heads/main.lock"), "");
    Files.writeString(git.tree.resolve(".git/objects/noz123.tmp"), "half");
    return claim;
  }

  @Test
  void locks_that_a_killed_runner_left_are_in_nobodys_way() throws Exception {
    git.git("branch", "-M", "main");
    git.file("a.txt", "two\n");
    Path claim = killedAtWork();

    assertThat(repository.commit(order(change("a.txt", "one\n", "two\n"))))
        .isInstanceOf(Committing.Made.class);
    assertThat(claim).doesNotExist();
    assertThat(git.tree.resolve(".git/objects/noz123.tmp")).doesNotExist();
    assertThat(git.git("status", "--short")).isEmpty();
  }

  @Test
  void locks_of_another_git_are_left_alone() throws Exception {
    git.git("branch", "-M", "main");
    git.file("a.txt", "two\n");
    Path claim = killedAtWork();
    Files.setLastModifiedTime(
        claim, FileTime.from(Files.getLastModifiedTime(claim).toInstant().minusSeconds(60)));

    assertThat(left(repository.commit(order(change("a.txt", "one\n", "two\n")))))
        .contains("another git is at work");
    assertThat(git.tree.resolve(".git/index.lock")).exists();
  }

  @Test
  void work_of_the_user_in_the_same_file_is_not_mixed_in() throws Exception {
    git.file("a.txt", "of the user\nand the task\n");
    git.file("b.txt", "one\n");

    assertThat(
            left(
                repository.commit(
                    order(change("a.txt", "of the user\n", "of the user\nand the task\n")))))
        .isEqualTo("a.txt held changes that were not committed before the task began");
    assertThat(git.git("rev-list", "--count", "HEAD").strip()).isEqualTo("1");
  }

  @Test
  void what_the_user_staged_in_the_same_file_is_not_mixed_in() throws Exception {
    git.file("a.txt", "staged\n").git("add", "a.txt");
    git.file("a.txt", "two\n");

    assertThat(left(repository.commit(order(change("a.txt", "one\n", "two\n")))))
        .isEqualTo("a.txt was staged by somebody else; commit or unstage it");
  }

  @Test
  void a_file_that_changed_again_is_not_committed() throws Exception {
    git.file("a.txt", "three\n");

    assertThat(left(repository.commit(order(change("a.txt", "one\n", "two\n")))))
        .isEqualTo("a.txt was changed again after the task was done with it");
  }

  @Test
  void what_git_ignores_is_left_out() throws Exception {
    git.file("x.log", "noise\n");

    assertThat(left(repository.commit(order(added("x.log", "noise\n")))))
        .isEqualTo("there is nothing to commit");
  }

  @Test
  void files_with_the_line_ends_of_windows_are_committed_as_git_has_them() throws Exception {
    git.file("a.txt", "one\r\ntwo\r\n");

    repository.commit(order(change("a.txt", "one\r\n", "one\r\ntwo\r\n")));

    assertThat(git.git("show", "HEAD:a.txt")).isEqualTo("one\ntwo\n");
  }

  @Test
  void a_first_commit_can_be_made(@TempDir Path folder) throws Exception {
    git = new GitFolder(folder);
    git.file("a.txt", "one\n");

    at(git.tree).commit(order(added("a.txt", "one\n")));

    assertThat(git.git("log", "--format=%s")).isEqualTo("Do it\n");
    assertThat(git.git("status", "--short")).isEmpty();
  }

  @Test
  void paths_are_those_of_the_folder_that_was_asked_for() throws Exception {
    git.file("sub/c.txt", "two\n");

    at(git.tree.resolve("sub")).commit(order(change("c.txt", "one\n", "two\n")));

    assertThat(git.git("show", "--name-only", "--format=")).isEqualTo("sub/c.txt\n");
  }

  @Test
  void the_author_is_the_user_as_git_knows_them() throws Exception {
    assertThat(repository.identity()).isEmpty();
    git.git("config", "--global", "user.name", "Global");
    git.git("config", "--global", "user.email", "g@example.org");
    assertThat(repository.identity()).contains(new Identity("Global", "g@example.org"));
    git.git("config", "user.name", "Local");
    assertThat(repository.identity()).contains(new Identity("Local", "g@example.org"));
  }

  @Test
  void without_an_author_nothing_is_committed() throws Exception {
    git.file("a.txt", "two\n");
    Order order =
        new Order(
            "Do it",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(change("a.txt", "one\n", "two\n")));

    assertThat(left(repository.commit(order))).startsWith("nobody is named as the author");
  }

  // Branches

  @Test
  void a_branch_is_entered_with_the_work_tree_as_it_is() throws Exception {
    git.file("a.txt", "of the user\n");

    done(repository.enter("agent/r1"));
    done(repository.enter("agent/r1"));

    assertThat(git.git("branch", "--show-current")).isEqualTo("agent/r1\n");
    assertThat(git.git("status", "--short")).isEqualTo(" M a.txt\n");
    assertThat(done(repository.branches())).isEqualTo("* agent/r1\n  main\n");
  }

  @Test
  void a_branch_at_another_commit_is_not_entered_over_changes() throws Exception {
    git.git("branch", "other");
    git.file("a.txt", "two\n").committed("second").file("b.txt", "of the user\n");

    assertThat(refused(repository.enter("other"))).contains("commit or stash them");

    git.git("checkout", "-q", "b.txt");
    done(repository.enter("other"));
    assertThat(git.text("a.txt")).isEqualTo("one\n");
    assertThat(git.git("status", "--short")).isEmpty();
  }

  @Test
  void odd_names_of_branches_are_names_and_options_are_not() throws Exception {
    for (String name : List.of("a;b", "a|b", "`id`", "$(id)", "feature/ü")) {
      done(repository.createBranch(name));
    }
    for (String name :
        List.of("-b", "--orphan", "HEAD", "a..b", "a b", "", "a~1", "x.lock", "@{1}")) {
      refused(repository.createBranch(name));
      refused(repository.checkout(name));
    }
    assertThat(git.git("branch", "--list")).contains("a;b").contains("`id`");
  }

  // Looking

  @Test
  void differences_and_the_log_are_told() throws Exception {
    git.file("a.txt", "two\n").git("add", "a.txt");
    git.file("a.txt", "three\n");

    assertThat(done(repository.diff(true, List.of()))).contains("-one\n+two\n");
    assertThat(done(repository.diff(false, List.of("a.txt")))).contains("-two\n+three\n");
    assertThat(done(repository.diff(false, List.of("b.txt")))).isEmpty();
    assertThat(done(repository.log(Optional.empty(), 10))).endsWith("Tester: first\n");
    assertThat(done(repository.status())).isEqualTo("MM a.txt\n");
  }

  @Test
  void files_are_staged_by_their_literal_names() throws Exception {
    git.file("*", "star\n").file("z.txt", "z\n");

    done(repository.add(List.of("*")));

    assertThat(git.git("status", "--short")).isEqualTo("A  *\n?? z.txt\n");
  }
}
