package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Brief;
import dev.agentrunner.core.task.Delivery;
import dev.agentrunner.core.task.Gates;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.port.Workspace.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskFoldersTest {

  private Path project;
  private TaskFolders folders;

  @BeforeEach
  void lay_out_a_project(@TempDir Path folder) throws IOException {
    project = Files.createDirectory(folder.toRealPath().resolve("project"));
    Path list =
        Files.writeString(Files.createDirectory(project.resolve("lists")).resolve("t.yml"), "");
    folders =
        new TaskFolders(
            project,
            list,
            List.of(project.resolve("lists/prompt.md")),
            path -> "status of " + path);
  }

  @Test
  void a_task_works_in_a_folder_seen_from_its_list() throws IOException {
    Files.writeString(Files.createDirectory(project.resolve("repo")).resolve("a.txt"), "");

    Workspace workspace = folders.open(task("../repo"));

    assertThat(workspace.list("", Optional.empty(), 10).paths()).containsExactly("a.txt");
    assertThat(folders.folder(task("../repo"))).isEqualTo(project + "/repo");
    assertThat(folders.folder(task("/elsewhere/./x"))).isEqualTo("/elsewhere/x");
  }

  @Test
  void hooks_see_folders_from_the_project() {
    assertThat(folders.projectFolder(task("."), "a/../b")).isEqualTo(project + "/b");
    assertThat(folders.projectFolder(task("."), ".")).isEqualTo(project.toString());
  }

  @Test
  void the_state_of_the_work_tree_is_asked_for_the_tasks_folder() {
    assertThat(folders.gitStatus(task("."))).isEqualTo("status of " + project + "/lists");
  }

  @Test
  void no_agent_writes_to_the_list() {
    Workspace workspace = folders.open(task("."));

    assertThat(workspace.read("t.yml")).isInstanceOf(Content.Bytes.class);
    String ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assertThat(
            workspace.write(
                "t.yml", "tasks: []".getBytes(StandardCharsets.UTF_8), Optional.of(ofNothing)))
        .contains("t.yml says what this run is to do and is read-only for you");
  }

  @Test
  void no_agent_writes_to_what_says_how_the_run_is_done_or_is_protected() {
    Workspace workspace = folders.open(task("."));

    assertThat(workspace.write("prompt.md", new byte[0], Optional.empty()))
        .contains("prompt.md says what this run is to do and is read-only for you");
    assertThat(workspace.write("kept/a", new byte[0], Optional.empty()))
        .contains(
            "kept/a is protected by the user (kept/**) and is read-only for you; do the task"
                + " without changing it");
    assertThat(project.resolve("lists/kept/a")).doesNotExist();
  }

  @Test
  void files_that_may_not_change_are_told_by_their_paths() {
    Predicate<String> isProtected = folders.protectedFiles(task("."));

    assertThat(List.of("kept/a", "kept/deep/b")).allMatch(isProtected);
    assertThat(List.of("a", "sub/t.yml", "kept2/a")).noneMatch(isProtected);
  }

  @Test
  void rules_that_changed_since_they_were_read_are_told() throws IOException {
    assertThat(folders.changedRules(task("."))).rejects("t.yml", "prompt.md", "a");

    Files.delete(project.resolve("lists/t.yml"));
    Files.createSymbolicLink(project.resolve("lists/t.yml"), Path.of("/etc/hostname"));

    assertThat(folders.changedRules(task("."))).accepts("t.yml").rejects("prompt.md", "a");
    assertThat(folders.changedRules(task(".."))).accepts("lists/t.yml").rejects("t.yml");
    assertThatThrownBy(() -> folders.changedRules(task("nowhere")))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void a_folder_that_is_not_there_is_the_users_to_mend() throws IOException {
    Files.writeString(project.resolve("file"), "");

    assertThatThrownBy(() -> folders.open(task("nowhere")))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "t.yml: task T1: path: %s is not there (no such file or folder); make it, or mend the"
                + " path",
            project + "/lists/nowhere");
    assertThatThrownBy(() -> folders.open(task("../file")))
        .isInstanceOf(UsageException.class)
        .hasMessage("t.yml: task T1: path: %s is not a folder", project + "/file");
    assertThatThrownBy(() -> folders.open(task("a\0b"))).isInstanceOf(UsageException.class);
  }

  @Test
  void a_link_within_the_lists_folder_does_not_lead_a_task_elsewhere() throws IOException {
    Path elsewhere = Files.createDirectory(project.resolve("elsewhere"));
    Files.createSymbolicLink(project.resolve("lists/out"), elsewhere);
    Files.createDirectory(project.resolve("lists/real"));
    Files.createSymbolicLink(project.resolve("lists/in"), Path.of("real"));

    assertThatThrownBy(() -> folders.open(task("out")))
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith("/lists/out is a link to %s; if that is meant, write so", elsewhere);
    assertThat(folders.open(task("in")).write("a", new byte[0], Optional.empty())).isEmpty();
    assertThat(project.resolve("lists/real/a")).exists();
  }

  private static Task task(String path) {
    return new Task(
        new TaskId("T1"),
        new Brief("a task", "", List.of(), List.of(), Map.of()),
        path,
        List.of("kept/**"),
        List.of(),
        new Gates(List.of(), List.of()),
        new AgentChoice("claude", Optional.empty()),
        new Bounds(1, 1, 1, Duration.ofMinutes(1)),
        Delivery.NONE);
  }
}
