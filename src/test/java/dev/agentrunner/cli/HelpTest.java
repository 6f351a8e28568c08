package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command tells what it does, on the screen and in the manual. */
final class HelpTest {

  private static final Pattern OPTION = Pattern.compile("(?m)^ +(?:-., )?(--[a-z-]+)");

  @TempDir private Path folder;
  private ProgramDoor door;
  private Path manual;

  @BeforeEach
  void the_manual_is_written() {
    door = new ProgramDoor(folder, Script.ofFiles());
    manual = folder.resolve("man");
    assertThat(door.run("manual", manual.toString()).exit()).isZero();
  }

  @AfterEach
  void close() {
    door.close();
  }

  /** Of each page, the words after {@code agent-runner}. */
  private List<List<String>> commands() throws IOException {
    try (Stream<Path> pages = Files.list(manual)) {
      return pages
          .map(page -> page.getFileName().toString())
          .sorted()
          .map(name -> name.substring("agent-runner".length(), name.length() - ".1".length()))
          .map(rest -> Stream.of(rest.split("-")).filter(word -> !word.isEmpty()).toList())
          .toList();
    }
  }

  private Outcome help(List<String> command) {
    return door.run(Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new));
  }

  private String page(List<String> command) throws IOException {
    String name =
        String.join("-", Stream.concat(Stream.of("agent-runner"), command.stream()).toList());
    return Files.readString(manual.resolve(name + ".1"), StandardCharsets.US_ASCII)
        .replace("\\-", "-");
  }

  @Test
  void every_command_has_help_that_fits_a_terminal() throws IOException {
    assertThat(commands()).hasSizeGreaterThan(35).contains(List.of("limits", "test"));
    for (List<String> command : commands()) {
      Outcome help = help(command);

      assertThat(help.exit()).as("%s", command).isZero();
      assertThat(help.lines())
          .as("%s", command)
          .hasSizeGreaterThan(2)
          .allMatch(line -> line.length() <= 80);
      // Every argument and option says what it is for.
      assertThat(help.out()).as("%s", command).doesNotContainPattern("(?m)^ {6}\\[?[A-Z]+\\]?$");
    }
  }

  @Test
  void every_command_has_a_page_that_tells_of_every_option() throws IOException {
    for (List<String> command : commands()) {
      List<String> options =
          OPTION
              .matcher(help(command).out())
              .results()
              .map((MatchResult found) -> found.group(1))
              .toList();
      String page = page(command);

      assertThat(options).contains("--help");
      assertThat(options)
          .as("%s", command)
          .allSatisfy(option -> assertThat(page).contains("\\fB" + option + "\\fR"));
    }
  }

  @Test
  void every_command_is_named_by_the_one_above_it() {
    assertThat(door.run("--help").out())
        .contains("init", "run", "resume", "status", "output", "manual", "completion");
  }

  @Test
  void groff_takes_every_page_without_a_warning() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "there is no groff");
    try (Stream<Path> pages = Files.list(manual)) {
      List<String> command =
          Stream.concat(
                  Stream.of("/usr/bin/groff", "-man", "-Tascii", "-ww", "-z"),
                  pages.map(Path::toString))
              .toList();
      Process groff = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(groff.waitFor()).isZero();
      assertThat(said).isEmpty();
    }
  }
}
