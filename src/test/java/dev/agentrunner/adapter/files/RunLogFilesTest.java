package dev.agentrunner.adapter.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.RunLogs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunLogFilesTest {

  private static final TaskId TASK = new TaskId("T1");

  @TempDir private Path folder;

  @Test
  void what_is_added_stands_behind_what_was_there() {
    var logs = new RunLogFiles(folder.resolve("logs"));
    for (String word : new String[] {"one ", "two "}) {
      try (RunLogs.Log log = logs.open(TASK, "pre.log")) {
        log.add(word.getBytes(UTF_8));
        log.add("more ".getBytes(UTF_8));
      }
    }

    assertThat(folder.resolve("logs/T1/pre.log")).hasContent("one more two more ");
  }

  @Test
  void a_log_that_nothing_is_added_to_makes_no_file() {
    new RunLogFiles(folder.resolve("logs")).open(TASK, "pre.log").close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void where_no_log_can_be_made_what_is_added_goes_nowhere() throws Exception {
    Path inTheWay = Files.writeString(folder.resolve("logs"), "a file");

    try (RunLogs.Log log = new RunLogFiles(inTheWay).open(TASK, "pre.log")) {
      log.add("one".getBytes(UTF_8));
      log.add("two".getBytes(UTF_8));
    }

    assertThat(inTheWay).hasContent("a file");
  }

  @Test
  void what_is_added_after_the_end_goes_nowhere() {
    RunLogs.Log log = new RunLogFiles(folder).open(TASK, "pre.log");
    log.close();

    log.add("late".getBytes(UTF_8));

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void the_end_of_a_log_can_be_read_while_it_grows() {
    var logs = new RunLogFiles(folder);
    assertThat(logs.end(TASK, "pre.log", 4)).isEmpty();
    try (RunLogs.Log log = logs.open(TASK, "pre.log")) {
      log.add("one".getBytes(UTF_8));
      assertThat(logs.end(TASK, "pre.log", 4)).asString(UTF_8).isEqualTo("one");

      log.add("two".getBytes(UTF_8));
      assertThat(logs.end(TASK, "pre.log", 4)).asString(UTF_8).isEqualTo("etwo");
    }
  }
}
