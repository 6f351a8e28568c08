package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The story of one task names classes and packages that are there, and leaves none out. */
final class ArchitecturePageTest {

  private static final Path HOUSE = Path.of("src/main/java/dev/agentrunner");
  private static final Pattern TYPE = Pattern.compile("`((?:[a-z]+\\.)+[A-Z]\\w+)`");

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/architecture.md"));
  }

  @Test
  void every_class_it_names_is_there() throws IOException {
    List<String> named = TYPE.matcher(page()).results().map(found -> found.group(1)).toList();

    assertThat(named)
        .hasSizeGreaterThan(20)
        .allSatisfy(type -> assertThat(HOUSE.resolve(type.replace('.', '/') + ".java")).exists());
  }

  @Test
  void every_package_has_its_line() throws IOException {
    String page = page();
    for (String room : List.of("core", "adapter")) {
      try (Stream<Path> packages = Files.list(HOUSE.resolve(room))) {
        assertThat(packages.filter(Files::isDirectory))
            .allSatisfy(one -> {
              String name = one.getFileName().toString();
              assertThat(page).containsPattern("`(" + room + "\\.)?" + name + "`");
            });
      }
    }
  }
}
