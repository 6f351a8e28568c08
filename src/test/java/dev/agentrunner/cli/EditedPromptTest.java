package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person who has the next attempt told something, through the front door. */
class EditedPromptTest {

  @TempDir private Path folder;
  private Path editor;

  @BeforeEach
  void placeOfTheEditor() {
    editor = folder.resolve("an editor.sh");
  }

  /** One that does this to the file it is given. */
  private String editor(String script) throws Exception {
    Files.writeString(editor, script + "\n");
    return "sh '" + editor + "'";
  }

  private ProgramDoor door() {
    return new ProgramDoor(folder, Script.ofFiles())
        .tasks("T1, description: Mind the gap., post_hooks: [second], max_attempts: 1");
  }

  @Test
  void what_is_written_in_the_editor_reaches_the_next_attempt() throws Exception {
    String editor = editor("{ echo 'Use red.'; cat \"$1\"; } >\"$0.new\"; mv \"$0.new\" \"$1\"");
    try (ProgramDoor door = door().with("VISUAL", editor).attendedBy("e")) {
      String list = door.read("tasks.yml");

      Outcome run = door.run("run");

      assertThat(run.exit()).isZero();
      assertThat(run.err()).contains("[e]dit prompt");
      assertThat(door.provider().requests().toString())
          .contains("## What the person in charge adds", "Use red.")
          .doesNotContain(">8");
      assertThat(door.events().toString()).contains("\"advice\":\"Use red.\"");
      assertThat(door.read("tasks.yml")).isEqualTo(list);
      assertThat(door.run("replay").exit()).isZero();
    }
  }

  @Test
  void whoever_writes_sees_the_task_and_what_went_wrong() throws Exception {
    String editor = editor("cp \"$1\" \"$PAGE\"; echo x >\"$1\"");
    Path page = folder.resolve("page");
    try (ProgramDoor door =
        door().with("EDITOR", "PAGE='" + page + "' " + editor).with("VISUAL", "").attendedBy("e")) {
      door.run("run");

      assertThat(page)
          .content()
          .startsWith("\n# ---")
          .containsSubsequence(">8", "# T1 does it", "Mind the gap.", "attempt 1");
    }
  }

  @Test
  void an_editor_that_fails_or_writes_nothing_leads_back_to_the_question() throws Exception {
    String editor = editor("echo lost >\"$1\"; exit 3");
    try (ProgramDoor door = door().with("VISUAL", editor).attendedBy("e", "s")) {
      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(3);
      assertThat(run.err()).contains("ended with 3: nothing is taken from it.");
      assertThat(door.events().toString()).doesNotContain("lost");
    }
  }

  @Test
  void an_editor_that_is_left_without_a_word_leads_back_to_the_question() throws Exception {
    try (ProgramDoor door = door().with("VISUAL", "true").attendedBy("e", "s")) {
      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(3);
      assertThat(run.err()).contains("Nothing was written.");
    }
  }

  @Test
  void what_was_written_before_is_there_to_go_on_with() throws Exception {
    String editor = editor("grep -q 'Use red' \"$1\" || { echo 'Use red.' >\"$1\"; }");
    try (ProgramDoor door = door().with("VISUAL", editor).attendedBy("e", "e", "s")) {
      door.tasks("T1, post_hooks: [fail], max_attempts: 1");

      Outcome run = door.run("run");

      assertThat(run.exit()).isEqualTo(3);
      assertThat(run.err()).contains("Nothing was changed.");
    }
  }

  @Test
  void without_an_editor_lines_are_typed() {
    try (ProgramDoor door =
        door()
            .with("VISUAL", "")
            .with("EDITOR", "")
            .with("PATH", "/nowhere")
            .attendedBy("e", "Use red.", "And blue.", ".", "s")) {
      door.run("run");

      assertThat(door.events().toString()).contains("\"advice\":\"Use red.\\nAnd blue.\"");
    }
  }
}
