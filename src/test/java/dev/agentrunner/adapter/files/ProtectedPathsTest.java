package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.port.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProtectedPathsTest {

  @ParameterizedTest
  @CsvSource({
    "tests/**, tests/a.py",
    "tests/**, tests/deep/a.py",
    "tests, tests/deep/a.py",
    "tests/, tests/a.py",
    "tests, src/tests/a.py",
    "/ci/**, ci/x.yml",
    "*.lock, deep/poetry.lock",
    "conftest.py, a/conftest.py",
    "'{a,b}/c', b/c",
    "Tests/**, tests/a.py",
    "tests/**, TESTS/a.py"
  })
  void a_glob_covers_what_it_names_and_all_below(String glob, String path) {
    assertThat(ProtectedPaths.of(List.of("other", glob)).guardOf(path)).contains(glob);
  }

  @ParameterizedTest
  @CsvSource({
    "tests/**, src/tests/a.py",
    "tests/**, tests2/a.py",
    "*.lock, lock",
    "src/tests, tests/a.py",
    "[A-Z]*.md, notes.md"
  })
  void what_it_does_not_name_is_free(String glob, String path) {
    assertThat(ProtectedPaths.of(List.of(glob)).guardOf(path)).isEmpty();
  }

  @Test
  void a_glob_beyond_reason_is_the_users_to_mend() {
    assertThatThrownBy(() -> ProtectedPaths.of(List.of("{a,b}".repeat(10))))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("protect: {a,b}");
  }

  @Test
  void a_protected_file_is_read_and_never_changed(@TempDir Path folder) throws IOException {
    Path root = folder.toRealPath();
    Files.createDirectory(root.resolve("tests"));
    Files.writeString(root.resolve("tests/a"), "");
    Files.writeString(root.resolve("free"), "");
    ConfinedWorkspace workspace =
        ConfinedWorkspace.open(root, List.of(), ProtectedPaths.of(List.of("tests")));
    String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    byte[] other = "other".getBytes(StandardCharsets.UTF_8);

    assertThat(workspace.write("tests/a", other, Optional.of(empty))).isPresent();
    assertThat(workspace.write("tests/./a", other, Optional.of(empty))).isPresent();
    assertThat(workspace.write("tests/new", other, Optional.empty())).isPresent();
    assertThat(workspace.delete("tests/a", empty)).isPresent();
    assertThat(workspace.move("tests/a", "b", empty)).isPresent();
    assertThat(workspace.move("free", "tests/b", empty)).isPresent();
    assertThat(workspace.makeExecutable("tests/a", true)).isPresent();
    assertThat(workspace.write("free", other, Optional.of(empty))).isEmpty();
    assertThat(root.resolve("tests/a")).isEmptyFile();
    assertThat(root.resolve("tests")).isDirectoryNotContaining("glob:**/{new,b}");
  }
}
