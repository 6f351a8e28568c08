package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IgnoreFileTest {

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b/a, true",
    "/a, b/a, ",
    "/a, a, true",
    "b/a, c/b/a, ",
    "*.o, x/y.o, true",
    "**/a, x/y/a, true",
    "a/**, a/b/c, true",
    "a/**, a, ",
    "a/**/c, a/c, true",
    "!a, a, false",
    "\\!a, !a, true",
    "\\#a, #a, true",
    "#a, #a, ",
    "'a\\ ', 'a ', true",
    "'a  ', a, true",
    "'', a, ",
    "[, [, ",
  })
  void a_rule_is_read_as_git_reads_it(String rule, String path, Boolean ignored) {
    assertThat(
            IgnoreFile.of((rule + "\n").getBytes(StandardCharsets.UTF_8))
                .ignores(Arrays.asList(path.split("/")), false))
        .isEqualTo(Optional.ofNullable(ignored));
  }

  @Test
  void a_rule_with_a_slash_at_its_end_is_about_folders_only() {
    IgnoreFile file = IgnoreFile.of("build/\r\n".getBytes(StandardCharsets.UTF_8));

    assertThat(file.ignores(List.of("build"), true)).contains(true);
    assertThat(file.ignores(List.of("build"), false)).isEmpty();
  }

  @Test
  void the_last_rule_that_fits_decides() {
    IgnoreFile file = IgnoreFile.of("\uFEFF*.log\n!keep.log\n".getBytes(StandardCharsets.UTF_8));

    assertThat(file.ignores(List.of("a.log"), false)).contains(true);
    assertThat(file.ignores(List.of("keep.log"), false)).contains(false);
  }

  /** Rules drawn by lot, each checked against what git itself lists. */
  @Test
  void the_same_files_are_listed_as_by_git(@TempDir Path root) throws Exception {
    git(root, "init", "-q");
    List<String> names = List.of("a", "b", "ab", "a.b", "a b", "x");
    for (String one : names) {
      for (String two : names) {
        Path folder = Files.createDirectories(root.resolve("d" + one).resolve(two));
        Files.writeString(folder.resolve("x"), "");
        Files.writeString(folder.resolve("a.b"), "");
      }
      Files.writeString(root.resolve(one), "");
    }
    ConfinedWorkspace workspace = ConfinedWorkspace.open(root.toRealPath(), List.of());
    Random lot = new Random(20261107);
    for (int round = 0; round < 60; round++) {
      String rules = rules(lot);
      String below = rules(lot);
      Files.writeString(root.resolve(".gitignore"), rules);
      Files.writeString(root.resolve("da/.gitignore"), below);

      assertThat(new TreeSet<>(workspace.list("", Optional.empty(), 1_000).paths()))
          .as("%s\n-- in da:\n%s", rules, below)
          .isEqualTo(git(root, "ls-files", "-z", "-co", "--exclude-per-directory=.gitignore"));
    }
  }

  private static String rules(Random lot) {
    List<String> pieces =
        List.of("a", "b", "d", "*", "?", "**", "/", "/", "[ab]", "[!a]", ".", " ", "x", "\\a");
    return lot.ints(4, 1, 6)
        .mapToObj(length ->
            (lot.nextInt(3) == 0 ? "!" : "")
                + lot.ints(length, 0, pieces.size())
                    .mapToObj(pieces::get)
                    .collect(Collectors.joining()))
        .collect(Collectors.joining("\n"));
  }

  private static Set<String> git(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).isZero();
    return Arrays.stream(out.split("\0")).filter(s -> !s.isEmpty()).collect(Collectors.toSet());
  }
}
