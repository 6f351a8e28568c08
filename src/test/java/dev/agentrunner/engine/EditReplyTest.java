package dev.agentrunner.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.testing.MemoryWorkspaces;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EditReplyTest {

  private static final String MOVE_AND_MORE =
      """
      *** Begin Patch
      *** Update File: a.txt
      @@
      -a
      +A
      *** Add File: new.txt
      +n
      *** Update File: b.txt
      *** Move to: d/b.txt
      @@
      -b
      +B
      *** Update File: c.txt
      *** Move to: over.txt
      @@
      -c
      +C
      *** Delete File: gone.txt
      *** End Patch
      """;

  private static final List<String> MENTIONED =
      List.of("a.txt", "new.txt", "b.txt", "d/b.txt", "c.txt", "over.txt", "gone.txt");

  private final MemoryWorkspaces folder = new MemoryWorkspaces();

  @BeforeEach
  void fill() {
    folder.files.putAll(
        Map.of(
            "a.txt", "a\n", "b.txt", "b\n", "c.txt", "c\n", "gone.txt", "g\n", "over.txt", "o\n"));
    folder.executable.add("b.txt");
  }

  private static EditReply reply(String text) {
    return new EditReply(text.getBytes(UTF_8), Optional.empty());
  }

  private static String reason(EditReply.Outcome outcome) {
    return ((EditReply.Outcome.Refused) outcome).reason();
  }

  private static List<FileChange> recorded(EditReply.Outcome outcome) {
    return ((EditReply.Outcome.Done) outcome).recorded();
  }

  private static Optional<String> digest(String text) {
    return Optional.of(MemoryWorkspaces.digest(text.getBytes(UTF_8)));
  }

  private static FileChange change(String path, Optional<String> before, Optional<String> after) {
    return new FileChange(path, before, after);
  }

  @Test
  void everything_a_reply_says_is_done() {
    EditReply.Outcome outcome = reply(MOVE_AND_MORE).applyTo(folder);

    assertThat(folder.files)
        .isEqualTo(Map.of("a.txt", "A\n", "new.txt", "n\n", "d/b.txt", "B\n", "over.txt", "C\n"));
    assertThat(folder.executable).containsExactly("d/b.txt");
    assertThat(recorded(outcome))
        .containsExactlyInAnyOrder(
            change("a.txt", digest("a\n"), digest("A\n")),
            change("new.txt", Optional.empty(), digest("n\n")),
            change("b.txt", digest("b\n"), Optional.empty()),
            change("d/b.txt", Optional.empty(), digest("B\n")),
            change("c.txt", digest("c\n"), Optional.empty()),
            change("over.txt", digest("o\n"), digest("C\n")),
            change("gone.txt", digest("g\n"), Optional.empty()));
  }

  @Test
  void trying_a_reply_says_the_same_and_does_nothing() {
    Map<String, String> before = new TreeMap<>(folder.files);

    EditReply.Outcome tried = reply(MOVE_AND_MORE).tryOn(folder);

    assertThat(folder.files).isEqualTo(before);
    assertThat(recorded(tried)).isEqualTo(recorded(reply(MOVE_AND_MORE).applyTo(folder)));
  }

  @Test
  void modes_are_set() {
    reply(
            """
            diff --git a/a.txt b/a.txt
            old mode 100644
            new mode 100755
            diff --git a/b.txt b/b.txt
            old mode 100755
            new mode 100644
            """)
        .applyTo(folder);

    assertThat(folder.executable).containsExactly("a.txt");
  }

  @Test
  void whatever_file_cannot_be_changed_all_are_put_back() {
    Map<String, String> before = new TreeMap<>(folder.files);
    for (String path : MENTIONED) {
      folder.locked.clear();
      folder.locked.add(path);

      String reason = reason(reply(MOVE_AND_MORE).applyTo(folder));

      assertThat(reason).as(path).startsWith("Nothing was changed. " + path + " cannot be changed");
      assertThat(folder.files).as(path).isEqualTo(before);
      assertThat(folder.executable).as(path).containsExactly("b.txt");
    }
  }

  @Test
  void trouble_with_the_machine_leaves_nothing_half_done() {
    Map<String, String> before = new TreeMap<>(folder.files);
    folder.locked.add("gone.txt");
    folder.onTrouble =
        () -> {
          throw new EnvironmentException("the disk is full", new IOException());
        };

    assertThatThrownBy(() -> reply(MOVE_AND_MORE).applyTo(folder))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage("Nothing was changed. the disk is full");
    assertThat(folder.files).isEqualTo(before);
  }

  @Test
  void what_cannot_be_put_back_is_named() {
    folder.locked.add("b.txt");
    folder.onTrouble = () -> folder.locked.add("a.txt");

    assertThat(
            reason(
                reply(
                        "*** Begin Patch\n*** Update File: a.txt\n-a\n+A\n*** Delete File: b.txt\n*** End Patch\n")
                    .applyTo(folder)))
        .isEqualTo(
            "b.txt cannot be changed\nNot everything could be put back as it was: a.txt cannot be changed");
  }

  @Test
  void a_file_that_changes_meanwhile_stops_everything() {
    folder.onRead = () -> folder.files.put("a.txt", "changed\n");

    assertThat(reason(reply("a.txt\n```\nA\n```\nb.txt\n```\nB\n```\n").applyTo(folder)))
        .isEqualTo("Nothing was changed. a.txt changed meanwhile.");
    assertThat(folder.files).containsEntry("a.txt", "changed\n").containsEntry("b.txt", "b\n");
  }

  @Test
  void a_reply_that_does_not_fit_is_refused_in_the_words_for_the_model() {
    assertThat(
            reason(
                reply("a.txt\n<<<<<<< SEARCH\nz\n=======\ny\n>>>>>>> REPLACE\n").applyTo(folder)))
        .contains("Nothing was changed", "a.txt");
    assertThat(reason(reply("Hm.").applyTo(folder))).contains("no edit");
  }

  @Test
  void a_file_out_of_bounds_is_refused_before_anything_is_done() {
    folder.outOfBounds.add("secret.txt");

    assertThat(reason(reply("a.txt\n```\nA\n```\nsecret.txt\n```\nB\n```\n").applyTo(folder)))
        .startsWith("Nothing was changed.\nsecret.txt: ");
    assertThat(folder.files).containsEntry("a.txt", "a\n");
  }

  @Test
  void links_are_not_made() {
    assertThat(
            reason(
                reply(
                        "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n\\ No newline at end of file\n")
                    .applyTo(folder)))
        .contains("symbolic link");
  }
}
