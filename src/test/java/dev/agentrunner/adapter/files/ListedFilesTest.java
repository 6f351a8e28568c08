package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.port.Workspace.Listing;
import dev.agentrunner.port.Workspace.Match;
import dev.agentrunner.port.Workspace.Matches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link ConfinedWorkspace} lists, and what it finds in it. */
final class ListedFilesTest {

  private Path root;
  private ConfinedWorkspace workspace;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    root = Files.createDirectory(folder.toRealPath().resolve("project"));
    workspace = ConfinedWorkspace.open(root, List.of());
  }

  // Listing

  @Test
  void files_are_listed_in_the_order_of_their_paths() {
    files("b", "a/z", "a.txt", "a/b/c", "A", "a-b", ".hidden");

    List<String> paths = all().paths();
    assertThat(paths).containsExactly(".hidden", "A", "a-b", "a.txt", "a/b/c", "a/z", "b");
    assertThat(paths).isSorted();
  }

  @Test
  void an_empty_folder_has_no_files() {
    assertThat(all()).isEqualTo(new Listing(List.of(), false, Optional.empty()));
  }

  @Test
  void a_folder_within_is_listed_with_paths_from_the_top() {
    files("a/b/c", "a/d", "e");

    assertThat(workspace.list("a", Optional.empty(), 10).paths()).containsExactly("a/b/c", "a/d");
    assertThat(workspace.list("./a/b/", Optional.empty(), 10).paths()).containsExactly("a/b/c");
  }

  @Test
  void a_folder_that_is_not_there_is_refused() {
    assertThat(workspace.list("nowhere", Optional.empty(), 10).refused())
        .contains("there is no folder nowhere");
  }

  @Test
  void no_more_are_listed_than_asked_for() {
    files("a", "b", "c");

    assertThat(workspace.list("", Optional.empty(), 2))
        .isEqualTo(new Listing(List.of("a", "b"), true, Optional.empty()));
    assertThat(workspace.list("", Optional.empty(), 3).more()).isFalse();
  }

  @Test
  void a_glob_is_for_the_path_from_the_top_or_for_the_name() {
    files("src/a.py", "src/b/c.py", "test/a.py", "src/d.txt");

    assertThat(workspace.list("", Optional.of("src/**/*.py"), 10).paths())
        .containsExactly("src/a.py", "src/b/c.py");
    assertThat(workspace.list("test", Optional.of("*.py"), 10).paths())
        .containsExactly("test/a.py");
    assertThat(workspace.list("test", Optional.of("src/*"), 10).paths()).isEmpty();
  }

  @Test
  void ignored_files_are_left_out_unless_their_folder_is_named() {
    file(".gitignore", "target/\n*.class\n!keep.class\n");
    file("sub/.gitignore", "/local\n!special.class\n");
    files("a.class", "keep.class", "target/x/y", "sub/local", "sub/deep/local");
    files("sub/special.class", "sub/other.class");

    assertThat(all().paths())
        .containsExactly(
            ".gitignore", "keep.class", "sub/.gitignore", "sub/deep/local", "sub/special.class");
    assertThat(workspace.list("sub", Optional.empty(), 10).paths())
        .containsExactly("sub/.gitignore", "sub/deep/local", "sub/special.class");
    assertThat(workspace.list("target", Optional.empty(), 10).paths())
        .containsExactly("target/x/y");
  }

  @Test
  void what_the_work_tree_around_the_folder_ignores_is_left_out() throws IOException {
    Path tree = root.getParent();
    Files.createDirectory(tree.resolve(".git"));
    Files.writeString(tree.resolve(".gitignore"), "/project/out\n*.tmp\n");
    files("out/x", "a.tmp", "b", "in/out/c");

    assertThat(all().paths()).containsExactly("b", "in/out/c");
  }

  @Test
  void links_are_listed_and_not_followed() throws IOException {
    files("a/b");
    Files.createSymbolicLink(root.resolve("link"), Path.of("a"));
    Files.createSymbolicLink(root.resolve("a/loop"), Path.of(".."));

    assertThat(all().paths()).containsExactly("a/b", "a/loop", "link");
  }

  @Test
  void a_name_that_is_no_text_is_listed_with_its_bytes() throws Exception {
    shell(
        "touch \"$(printf '\\377\\376 x')\" && d=$(printf 'd\\351') && mkdir \"$d\" && touch \"$d/f\"");

    assertThat(all().paths()).containsExactly("\\xFF\\xFE\\x20x", "d\\xE9/f");
  }

  @Test
  void a_folder_that_cannot_be_read_is_passed_over_and_said_so() throws Exception {
    files("a", "closed/b");
    Files.setPosixFilePermissions(
        root.resolve("closed"), PosixFilePermissions.fromString("---------"));
    assumeTrue(!Files.isReadable(root.resolve("closed")), "root may read everything");

    assertThat(all()).isEqualTo(new Listing(List.of("a"), true, Optional.empty()));
  }

  @Test
  void a_folder_deeper_than_any_real_one_is_cut_off_and_said_so() {
    file("a/".repeat(80) + "f", "x");
    files("b");

    assertThat(all()).isEqualTo(new Listing(List.of("b"), true, Optional.empty()));
  }

  // Searching

  @Test
  void lines_are_found_with_their_numbers() {
    file("a.txt", "one\ntwo\r\nthree two\n");
    file("b.txt", "two");

    assertThat(search("two"))
        .isEqualTo(
            new Matches(
                List.of(
                    new Match("a.txt", 2, "two"),
                    new Match("a.txt", 3, "three two"),
                    new Match("b.txt", 1, "two")),
                false,
                Optional.empty()));
  }

  @Test
  void a_pattern_is_a_regular_expression_for_one_line() {
    file("a.txt", "def f(x):\n  return 1\n");

    assertThat(search("^def \\w+\\(").found()).hasSize(1);
    assertThat(search("return \\d$").found()).hasSize(1);
    assertThat(search("x\\):\\s+return").found()).isEmpty();
  }

  @Test
  void a_pattern_that_is_no_regular_expression_is_taken_literally() {
    file("a.txt", "call(x\n");

    assertThat(search("call(").found()).containsExactly(new Match("a.txt", 1, "call(x"));
  }

  @Test
  void a_search_keeps_to_its_glob_and_its_measure() {
    file("a.py", "x\nx\nx\n");
    file("a.txt", "x\n");

    Matches matches = workspace.search("x", Optional.of("*.py"), 2);
    assertThat(matches.found()).extracting(Match::line).containsExactly(1, 2);
    assertThat(matches.more()).isTrue();
    assertThat(workspace.search("x", Optional.of("*.py"), 3).more()).isFalse();
  }

  @Test
  void files_that_are_no_text_or_ignored_are_passed_over() throws IOException {
    Files.write(root.resolve("binary"), "needle\0".getBytes(StandardCharsets.UTF_8));
    file(".gitignore", "ignored\n");
    file("ignored", "needle");
    Files.write(root.resolve("latin"), "caf\u00e9 needle".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(search("needle").found()).extracting(Match::path).containsExactly("latin");
  }

  @Test
  void a_long_line_is_cut_around_what_was_found() {
    file("a.txt", "x".repeat(100_000) + "needle" + "y".repeat(100_000));

    String text = search("needle").found().getFirst().text();
    assertThat(text).hasSize(302).startsWith("…x").contains("needle").endsWith("y…");
  }

  @Test
  void a_pattern_made_to_take_for_ever_is_given_up() {
    file("a.txt", "needle\n" + "a".repeat(60) + "\n");

    Matches matches = search("needle|((a+)+)\\1b");
    assertThat(matches.found()).containsExactly(new Match("a.txt", 1, "needle"));
    assertThat(matches.more()).isTrue();
    assertThat(matches.refused())
        .contains(
            "the search was given up at line 2 of a.txt: it takes too long; use a simpler pattern,"
                + " or a glob for fewer files");
  }

  @Test
  void a_pattern_made_to_use_up_the_stack_is_given_up() {
    file("a.txt", "ab".repeat(500_000));

    assertThat(search("(a|b)*c").refused()).isPresent();
  }

  // Bounds

  @Test
  void thousands_of_files_are_gone_through() throws Exception {
    shell("for d in $(seq 5); do mkdir $d; (cd $d; seq 1000 | xargs touch); done");

    Listing few = workspace.list("", Optional.empty(), 10);
    assertThat(few.paths()).hasSize(10).isSorted();
    assertThat(few.more()).isTrue();
    Listing some = workspace.list("", Optional.of("999"), 1_000);
    assertThat(some.paths()).hasSize(5);
    assertThat(some.more()).isFalse();
  }

  @Test
  void a_walk_sees_no_more_entries_than_it_may() throws Exception {
    files("a/b", "a/c", "d", "e");
    List<String> seen = new ArrayList<>();
    FolderWalk.Visitor see = (_, _, path, _) -> seen.add(path);

    try (OpenFolder top = OpenFolder.root(root)) {
      IgnoreRules none = IgnoreRules.within(Optional.empty(), "", top);
      FolderWalk walk = new FolderWalk(4, see);
      walk.below(top, new FolderPath(List.of()), 0, none);

      assertThat(seen).hasSize(3);
      assertThat(walk.isWhole()).isFalse();
    }
  }

  private Listing all() {
    return workspace.list("", Optional.empty(), 1_000);
  }

  private Matches search(String pattern) {
    return workspace.search(pattern, Optional.empty(), 100);
  }

  private void files(String... paths) {
    Stream.of(paths).forEach(path -> file(path, ""));
  }

  private void file(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    assertThat(workspace.write(path, bytes, Optional.empty())).isEmpty();
  }

  private void shell(String script) throws IOException, InterruptedException {
    var shell = new ProcessBuilder("sh", "-c", script).directory(root.toFile()).inheritIO();
    assertThat(shell.start().waitFor()).isZero();
  }
}
