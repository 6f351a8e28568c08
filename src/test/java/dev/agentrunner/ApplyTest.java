package dev.agentrunner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code apply} through the front door. */
class ApplyTest {

  private static final String EVERYTHING =
      """
      diff --git a/a.txt b/a.txt
      --- a/a.txt
      +++ b/a.txt
      @@ -1,3 +1,3 @@
       one
      -two
      +TWO
       three
      diff --git a/run.sh b/run.sh
      old mode 100644
      new mode 100755
      diff --git a/old/name.txt b/new/name.txt
      similarity index 100%
      rename from old/name.txt
      rename to new/name.txt
      diff --git a/gone.txt b/gone.txt
      deleted file mode 100644
      --- a/gone.txt
      +++ /dev/null
      @@ -1 +0,0 @@
      -gone
      diff --git a/fresh/b.txt b/fresh/b.txt
      new file mode 100644
      --- /dev/null
      +++ b/fresh/b.txt
      @@ -0,0 +1 @@
      +fresh
      """;

  @TempDir private Path here;
  private Path folder;
  private FrontDoor door;

  @BeforeEach
  void fill() throws IOException {
    folder = here.resolve("work");
    file("work/a.txt", "one\ntwo\nthree\n");
    file("work/run.sh", "#!/bin/sh\n");
    file("work/old/name.txt", "name\n");
    file("work/gone.txt", "gone\n");
    file("work/dos.txt", "one\r\ntwo\r\n");
    file("outside.txt", "canary\n");
    door = new FrontDoor(here);
  }

  private void file(String name, String text) throws IOException {
    Path file = here.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Every file with its content, and whether it can be run. */
  private Map<String, String> tree() throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> files = Files.walk(here)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        tree.put(
            here.relativize(file).toString(),
            (Files.isExecutable(file) ? "x " : "") + Files.readString(file));
      }
    }
    return tree;
  }

  private int apply(String reply, String... options) {
    door.type(reply.getBytes(UTF_8));
    String[] args =
        Stream.concat(Stream.of("apply", "-", "--dir", "work"), Stream.of(options))
            .toArray(String[]::new);
    return door.run(args);
  }

  @Test
  void a_diff_of_git_is_made_whole() throws IOException {
    Map<String, String> before = tree();

    assertThat(apply(EVERYTHING)).as(door.err()).isZero();

    Map<String, String> expected = new TreeMap<>(before);
    expected.put("work/a.txt", "one\nTWO\nthree\n");
    expected.put("work/run.sh", "x #!/bin/sh\n");
    expected.put("work/new/name.txt", String.valueOf(expected.remove("work/old/name.txt")));
    expected.remove("work/gone.txt");
    expected.put("work/fresh/b.txt", "fresh\n");
    assertThat(tree()).isEqualTo(expected);
    assertThat(door.out())
        .contains("-two\n+TWO\n")
        .contains("changed  run.sh, executable")
        .contains("moved    old/name.txt to new/name.txt")
        .contains("removed  gone.txt")
        .endsWith("5 files changed.\n");
    assertThat(door.err()).isEmpty();
  }

  @Test
  void a_rehearsal_shows_the_same_and_touches_nothing() throws IOException {
    Map<String, String> before = tree();

    assertThat(apply(EVERYTHING, "--dry-run")).isZero();

    assertThat(tree()).isEqualTo(before);
    String rehearsed = door.out();
    assertThat(rehearsed).endsWith("5 files would change. Nothing was written.\n");
    apply(EVERYTHING);
    assertThat(door.out())
        .isEqualTo(
            rehearsed.replace("5 files would change. Nothing was written.", "5 files changed."));
  }

  @Test
  void edits_can_come_from_a_file() throws IOException {
    file("reply.md", "Here it is.\n\na.txt\n<<<<<<< SEARCH\ntwo\n=======\n2\n>>>>>>> REPLACE\n");

    assertThat(door.run("apply", "reply.md", "--dir", "work")).as(door.err()).isZero();

    assertThat(folder.resolve("a.txt")).hasContent("one\n2\nthree\n");
  }

  @Test
  void line_endings_stay_as_they_are_in_the_file() throws IOException {
    assertThat(apply("dos.txt\n<<<<<<< SEARCH\ntwo\n=======\n2\n3\n>>>>>>> REPLACE\n")).isZero();
    assertThat(Files.readString(folder.resolve("dos.txt"))).isEqualTo("one\r\n2\r\n3\r\n");
  }

  @ParameterizedTest
  @CsvSource({"search-replace,1", "udiff,0", "patch,1", "whole,1", "auto,0", "UDIFF,0"})
  void the_form_can_be_prescribed(String form, int code) throws IOException {
    Map<String, String> before = tree();

    assertThat(apply(EVERYTHING, "--format", form)).as(door.err()).isEqualTo(code);

    assertThat(tree().equals(before)).isEqualTo(code == 1);
  }

  @Test
  void what_does_not_fit_is_refused_and_nothing_is_touched() throws IOException {
    Map<String, String> before = tree();

    assertThat(apply(EVERYTHING.replace("-gone", "-was never here"))).isEqualTo(1);

    assertThat(tree()).isEqualTo(before);
    assertThat(door.err()).contains("gone.txt").contains("Nothing was changed");
    assertThat(door.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"../outside.txt", ".git/config", ".agent-runner/config.yml", "link/outside.txt"})
  void nothing_outside_or_closed_is_touched(String path) throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), here);
    Map<String, String> before = tree();

    assertThat(apply("a.txt\n```\nx\n```\n" + path + "\n```\nprey\n```\n")).isEqualTo(1);

    assertThat(tree()).isEqualTo(before);
    assertThat(door.err()).isNotBlank();
  }

  @Test
  void a_reply_without_edits_is_refused() {
    assertThat(apply("I am sorry.")).isEqualTo(1);
    assertThat(door.err()).contains("no edit");
  }

  @Test
  void a_file_or_folder_that_is_not_there_is_misuse() {
    assertThat(door.run("apply", "no.diff", "--dir", "work")).isEqualTo(2);
    assertThat(door.err()).contains("no.diff: there is no such file");
    assertThat(door.run("apply", "work", "--dir", "work")).isEqualTo(2);
    assertThat(door.run("apply", "-", "--dir", "nowhere")).isEqualTo(2);
    assertThat(door.err()).contains("--dir nowhere: there is no such folder");
    assertThat(door.run("apply", "-")).isEqualTo(2);
    assertThat(door.run("apply", "-", "--dir", "work", "--format", "odd")).isEqualTo(2);
    assertThat(door.err()).contains("search-replace");
  }

  @Test
  void standard_input_without_an_end_is_misuse() {
    door.type(new byte[(16 << 20) + 1]);

    assertThat(door.run("apply", "-", "--dir", "work")).isEqualTo(2);
    assertThat(door.err()).contains("more than 16 MiB");
  }

  @Test
  void a_terminal_shows_the_diff_in_colours() {
    door.wantColours();

    apply(EVERYTHING, "--dry-run");

    assertThat(door.out()).contains("\u001B[32m+TWO\u001B[0m").contains("\u001B[31m-two\u001B[0m");
  }
}
