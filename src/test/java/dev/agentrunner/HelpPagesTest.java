package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of help that the build keeps are those that would be made of the commands. */
final class HelpPagesTest {

  @TempDir private Path folder;

  private static String kept() throws IOException {
    try (InputStream in = HelpPagesTest.class.getResourceAsStream("cli/help.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void what_the_build_keeps_is_what_the_commands_say_today() throws IOException {
    assertThat(kept()).isEqualTo(Wiring.commandLine(exit -> {}).helpPages());
  }

  @Test
  void each_page_without_colours_is_what_picocli_would_print() throws IOException {
    List<String> commands =
        Arrays.stream(kept().split("\f", -1))
            .skip(1)
            .map(page -> page.substring(0, page.indexOf('\n')))
            .toList();
    assertThat(commands).contains("", "run", "config show");

    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      for (String command : commands) {
        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        words.removeIf(String::isEmpty);
        words.add("--help");
        String shown = door.run(words.toArray(String[]::new)).out();
        // With anything else beside it, it is not looked up.
        words.add("--version");
        String made = door.run(words.toArray(String[]::new)).out();

        assertThat(shown).as(command).isNotBlank().isEqualTo(made);
      }
    }
  }

  @Test
  void without_a_word_the_program_tells_what_it_is() {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      assertThat(door.run()).isEqualTo(door.run("-h"));
    }
  }
}
