package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.DocumentBlocks.Block;
import dev.agentrunner.DocumentSession.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command of the readme, the pages and the examples does what is written beside it.
 *
 * <p>In a {@code sh} block each line is typed and must succeed. In a {@code console} block lines
 * with {@code $} are typed, and what comes must be what stands below: {@code ...} alone is any
 * lines, within a line any text; ids, times and runs of blanks are taken as equal.
 */
@DisabledOnOs(OS.WINDOWS)
final class DocCommandsTest {

  /** Raise it only for what truly cannot be run here. */
  private static final int NOT_RUN_MAX = 25;

  @TempDir private Path folder;

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
    try (Stream<Path> files = Files.walk(Path.of("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    // Below an example, there may be what somebody's own runs left behind.
    try (Stream<Path> examples = Files.list(Path.of("examples")).sorted()) {
      examples
          .map(example -> example.resolve("README.md"))
          .filter(Files::exists)
          .forEach(pages::add);
    }
    return pages;
  }

  static List<Path> pagesWithCommands() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path page : pages()) {
      if (DocumentBlocks.of(page).stream().anyMatch(Block::isForShells)) {
        pages.add(page);
      }
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pagesWithCommands")
  void its_commands_do_what_it_says(Path page) throws IOException, InterruptedException {
    DocumentSession session = new DocumentSession(folder);
    for (Block block : DocumentBlocks.of(page)) {
      if (!block.isForShells() || block.whyNotRun().isPresent()) {
        continue;
      }
      if (block.example().isPresent()) {
        session.begin(block.example().get());
      }
      if (block.language().equals("console")) {
        converse(session, block);
      } else {
        follow(session, block);
      }
    }
  }

  private static void follow(DocumentSession session, Block block)
      throws IOException, InterruptedException {
    List<String> lines = block.lines().stream().filter(line -> !line.isBlank()).toList();
    for (int i = 0; i < lines.size(); i++) {
      Result result = session.type(lines.get(i));
      assertThat(result.exit())
          .as("%s: %s%n%s", block.place(), lines.get(i), result.said())
          .isEqualTo(i == lines.size() - 1 ? block.exit() : 0);
    }
  }

  private static void converse(DocumentSession session, Block block)
      throws IOException, InterruptedException {
    List<String> lines = block.lines();
    int next = 0;
    while (next < lines.size()) {
      assertThat(lines.get(next)).as(block.place()).startsWith("$ ");
      String typed = lines.get(next).substring(2);
      int end = next + 1;
      while (end < lines.size() && !lines.get(end).startsWith("$ ")) {
        end++;
      }
      Result result = session.type(typed);
      String what = "%s: %s%n%s".formatted(block.place(), typed, result.said());
      assertThat(even(result.said())).as(what).matches(expected(lines.subList(next + 1, end)));
      assertThat(result.exit()).as(what).isEqualTo(end == lines.size() ? block.exit() : 0);
      next = end;
    }
  }

  private static Pattern expected(List<String> lines) {
    List<String> kept = lines.stream().filter(line -> !line.isBlank()).toList();
    String pattern =
        kept.stream()
            .map(line ->
                line.equals("...")
                    ? "(?:.*\n)*?"
                    : Arrays.stream(even(line).stripTrailing().split("\\.\\.\\.", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".*"))
                        + "\n")
            .collect(Collectors.joining());
    return Pattern.compile(pattern);
  }

  /** Without what is another one each time: ids, moments, durations, blanks, empty lines. */
  private static String even(String said) {
    return said.lines()
        .filter(line -> !line.isBlank())
        .map(line ->
            line.replaceAll("\\d{8}-\\d{6}-[0-9a-f]{4}", "RUN")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z?", "MOMENT")
                .replaceAll("\\b\\d+\\.\\d s\\b", "TIME")
                .replaceAll(" +", " ")
                .stripTrailing())
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void what_is_not_run_is_little_and_says_why() throws IOException {
    List<String> left = new ArrayList<>();
    for (Path page : pages()) {
      for (Block block : DocumentBlocks.of(page)) {
        block.whyNotRun().ifPresent(why -> left.add(block.place() + ": " + why));
      }
    }
    assertThat(left).hasSizeLessThanOrEqualTo(NOT_RUN_MAX).allMatch(why -> why.length() > 20);
  }

  @Test
  void every_block_says_what_it_holds_and_no_command_hides_in_an_indented_one() throws IOException {
    for (Path page : pages()) {
      assertThat(DocumentBlocks.of(page))
          .allSatisfy(block -> assertThat(block.language()).as(block.place()).isNotEmpty());
      assertThat(Files.readAllLines(page))
          .as("%s", page)
          .noneMatch(line -> line.matches(" {4}(\\$ |\\./)?(agent-runner|mvnw|make|git|cd) .*"));
    }
  }

  @Test
  void every_link_between_the_pages_leads_somewhere() throws IOException {
    Pattern link = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    for (Path page : pages()) {
      List<String> targets =
          link.matcher(Files.readString(page)).results().map(found -> found.group(1)).toList();
      assertThat(targets)
          .allSatisfy(target ->
              assertThat(page.resolveSibling(target)).as("%s: %s", page, target).exists());
    }
  }
}
