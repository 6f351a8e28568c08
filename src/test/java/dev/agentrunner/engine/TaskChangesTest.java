package dev.agentrunner.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.run.CallPolicy;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.testing.MemoryCheckpoints;
import dev.agentrunner.testing.Tasks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TaskChangesTest {

  private static final TaskId TASK = new TaskId("T1");

  private final Map<String, String> files = new TreeMap<>(Map.of("a.txt", "one", "mine.txt", "1"));
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints(files);
  private final List<RunEvent> events = new ArrayList<>();

  @Test
  void what_a_command_changed_is_found_between_the_checkpoints_of_the_attempt() {
    taken(1, Moment.BEFORE);
    commanded();
    files.put("a.txt", "two");
    files.put("b.txt", "B");
    taken(1, Moment.AFTER);

    assertThat(all()).containsExactly(change("a.txt", "one", "two"), change("b.txt", null, "B"));
  }

  @Test
  void while_only_edits_were_made_nothing_else_is_the_tasks() {
    taken(1, Moment.BEFORE);
    edited("a.txt", "one", "two");
    files.put("b.txt", "by somebody else");
    taken(1, Moment.AFTER);

    assertThat(all()).containsExactly(change("a.txt", "one", "two"));
  }

  @Test
  void what_others_changed_between_two_attempts_is_not_the_tasks() {
    taken(1, Moment.BEFORE);
    commanded();
    files.put("a.txt", "two");
    taken(1, Moment.AFTER);
    files.put("mine.txt", "2");
    taken(2, Moment.BEFORE);
    files.put("mine.txt", "3");
    taken(2, Moment.BEFORE);
    files.put("a.txt", "three");
    taken(2, Moment.AFTER);

    assertThat(all()).containsExactly(change("a.txt", "one", "three"));
  }

  @Test
  void an_attempt_that_came_to_no_checkpoint_counts_until_the_next_one() {
    taken(1, Moment.BEFORE);
    commanded();
    files.put("a.txt", "two");
    taken(2, Moment.BEFORE);
    taken(2, Moment.AFTER);

    assertThat(all()).containsExactly(change("a.txt", "one", "two"));
  }

  @Test
  void after_a_commit_only_what_came_later_counts() {
    taken(1, Moment.BEFORE);
    commanded();
    files.put("a.txt", "two");
    taken(1, Moment.AFTER);
    events.add(new RunEvent.GitCommitted(TASK, 1, "c0ffee", "main"));
    taken(2, Moment.BEFORE);
    commanded();
    files.put("b.txt", "B");
    taken(2, Moment.AFTER);

    assertThat(all()).containsExactly(change("b.txt", null, "B"));
  }

  @Test
  void what_the_agent_committed_itself_is_how_its_file_was_before() {
    taken(1, Moment.BEFORE);
    edited("a.txt", "one", "two");
    events.add(
        new RunEvent.ToolReturned(TASK, 1, new ToolResult("c", GitTools.COMMIT, "done", false)));
    commanded();
    files.put("a.txt", "three");
    taken(1, Moment.AFTER);

    assertThat(all()).containsExactly(change("a.txt", "two", "three"));
  }

  @Test
  void a_file_that_somebody_changed_under_way_is_known_by_the_edit() {
    taken(1, Moment.BEFORE);
    commanded();
    files.put("a.txt", "by somebody else");
    edited("a.txt", "by somebody else", "two");
    taken(1, Moment.AFTER);

    assertThat(all()).containsExactly(change("a.txt", "by somebody else", "two"));
  }

  private void taken(int attempt, Moment when) {
    events.add(
        new RunEvent.CheckpointTaken(
            TASK, attempt, when, checkpoints.take("/work", Optional.empty()).tree(), ""));
  }

  private void commanded() {
    events.add(new RunEvent.ToolCalled(TASK, 1, "r", CallPolicy.RUN_COMMAND, List.of(), "make"));
  }

  private void edited(String path, String before, String after) {
    files.put(path, after);
    events.add(
        new RunEvent.EditApplied(
            TASK,
            1,
            new ToolResult("e", "edit_file", "done", false),
            List.of(change(path, before, after))));
  }

  private List<FileChange> all() {
    List<Recorded> history = new ArrayList<>();
    events.forEach(event -> history.add(new Recorded(history.size() + 1L, Instant.EPOCH, event)));
    var changes = new TaskChanges(TASK, Tasks.settings(new FailSafe(2, Optional.empty())));
    history.forEach(changes);
    return changes.all(checkpoints);
  }

  private static FileChange change(String path, @Nullable String before, String after) {
    return new FileChange(
        path, Optional.ofNullable(before).map(TaskChangesTest::digest), Optional.of(digest(after)));
  }

  private static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
