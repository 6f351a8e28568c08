package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Workspace.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfinedWorkspaceTest {

  private Path root;
  private ConfinedWorkspace workspace;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    root = Files.createDirectory(folder.toRealPath().resolve("project"));
    workspace = ConfinedWorkspace.open(root, List.of());
  }

  // Reading and writing

  @Test
  void what_is_written_can_be_read() {
    assertThat(workspace.write("a.txt", bytes("hello"), Optional.empty())).isEmpty();

    assertThat(text("a.txt")).isEqualTo("hello");
  }

  @Test
  void a_file_that_is_not_there_is_missing() {
    assertThat(workspace.read("a.txt")).isEqualTo(new Content.Missing());
    assertThat(workspace.read("no/such/folder/a.txt")).isEqualTo(new Content.Missing());
  }

  @Test
  void the_folders_above_a_new_file_are_made() {
    assertThat(workspace.write("a/b/c/d.txt", bytes("x"), Optional.empty())).isEmpty();

    assertThat(root.resolve("a/b/c/d.txt")).hasContent("x");
    assertThat(names(root)).containsExactly("a");
  }

  @Test
  void a_file_is_replaced_when_it_holds_what_was_expected() {
    write("a.txt", "old");

    assertThat(workspace.write("a.txt", bytes("new"), digest("old"))).isEmpty();

    assertThat(text("a.txt")).isEqualTo("new");
    assertThat(names(root)).containsExactly("a.txt");
  }

  @Test
  void a_file_that_changed_meanwhile_is_left_alone() {
    write("a.txt", "changed by somebody");

    assertThat(workspace.write("a.txt", bytes("new"), digest("old")))
        .contains("a.txt has changed meanwhile; read it again and redo the change");

    assertThat(text("a.txt")).isEqualTo("changed by somebody");
  }

  @Test
  void a_file_that_should_not_be_there_is_left_alone() {
    write("a.txt", "here first");

    assertThat(workspace.write("a.txt", bytes("new"), Optional.empty()))
        .contains("a.txt exists already; read it before you change it");

    assertThat(text("a.txt")).isEqualTo("here first");
  }

  @Test
  void a_file_that_should_be_there_and_is_not_is_not_made() {
    assertThat(workspace.write("a/b.txt", bytes("new"), digest("old")))
        .contains("a/b.txt is not there; it was removed meanwhile, or never was");

    assertThat(names(root)).isEmpty();
  }

  static Stream<byte[]> bytes_that_are_easily_damaged() {
    return Stream.of(
        bytes("a\r\nb\r\n"),
        bytes("a\r\nb\nc\rd"),
        bytes("\uFEFFbom"),
        "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1),
        "text".getBytes(StandardCharsets.UTF_16),
        new byte[] {0, 1, 2, (byte) 0xFF, 0},
        bytes(""),
        new byte[300_000]);
  }

  @ParameterizedTest
  @MethodSource("bytes_that_are_easily_damaged")
  void bytes_come_back_as_they_were(byte[] content) {
    assertThat(workspace.write("f", content, Optional.empty())).isEmpty();

    assertThat(((Content.Bytes) workspace.read("f")).bytes()).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-xr-x", "rw-------", "rw-rw-rw-", "r--r--r--", "rwxrwxrwx"})
  void a_replaced_file_keeps_its_permissions(String permissions) throws IOException {
    write("a.sh", "old");
    Files.setPosixFilePermissions(
        root.resolve("a.sh"), PosixFilePermissions.fromString(permissions));

    assertThat(workspace.write("a.sh", bytes("new"), digest("old"))).isEmpty();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("a.sh"))))
        .isEqualTo(permissions);
  }

  @Test
  void a_new_file_gets_the_permissions_that_any_program_would_give_it() throws IOException {
    Files.createFile(root.resolve("by-another-program"));
    write("a.txt", "x");

    assertThat(Files.getPosixFilePermissions(root.resolve("a.txt")))
        .isEqualTo(Files.getPosixFilePermissions(root.resolve("by-another-program")));
  }

  @Test
  void a_file_of_which_another_name_is_outside_is_replaced_not_written_to() throws IOException {
    Path outside = Files.writeString(root.resolveSibling("outside.txt"), "outside");
    Files.createLink(root.resolve("a.txt"), outside);

    assertThat(workspace.write("a.txt", bytes("new"), digest("outside"))).isEmpty();

    assertThat(text("a.txt")).isEqualTo("new");
    assertThat(outside).hasContent("outside");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "~/x",
        "$HOME",
        "%2e%2e",
        "..%2f..",
        "a%00.txt",
        "--help",
        ":(exclude)x",
        "*",
        "[a]",
        "!x",
        "a b",
        "a|b",
        "$(x)",
        "\"q\"",
        "\\",
        "..\\..\\x",
        "name\nwith newline",
        "\u202egnp.exe",
        "cafe\u0301.txt",
        "\ud83d\ude00.txt",
        "C:\\Windows\\win.ini",
        "....",
        "-",
        " ",
        "a/./b"
      })
  void an_odd_name_is_a_name_like_any_other(String name) throws IOException {
    assertThat(workspace.write(name, bytes("odd"), Optional.empty())).isEmpty();

    assertThat(text(name)).isEqualTo("odd");
    assertThat(workspace.list("", Optional.empty(), 10).paths())
        .containsExactly(name.replace("/./", "/"));
  }

  @Test
  void two_names_that_only_look_alike_are_two_files() {
    write("caf\u00e9", "composed");
    write("cafe\u0301", "decomposed");

    assertThat(workspace.write("caf\u00e9", bytes("new"), digest("composed"))).isEmpty();

    assertThat(text("cafe\u0301")).isEqualTo("decomposed");
  }

  // What is refused

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "./",
        "/",
        "/etc/passwd",
        "//host/x",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        "a\0b",
        "a/",
        "a/b//"
      })
  void a_path_that_names_no_file_below_is_refused(String path) throws IOException {
    Files.createDirectory(root.resolve("a"));

    assertThat(workspace.read(path)).isInstanceOf(Content.Refused.class);
    assertThat(workspace.write(path, bytes("x"), Optional.empty())).isPresent();
    assertThat(names(root)).containsExactly("a");
  }

  @Test
  void a_path_that_is_too_long_is_refused_before_anything_is_made() {
    assertThat(workspace.write("x/".repeat(2_000) + "f", bytes("x"), Optional.empty()))
        .contains("the path is longer than 1000 characters");
    assertThat(workspace.write("a/" + "n".repeat(256), bytes("x"), Optional.empty()))
        .contains("a name may not be longer than 255 bytes");

    assertThat(names(root)).isEmpty();
  }

  @Test
  void a_folder_is_not_a_file() throws IOException {
    Files.createDirectory(root.resolve("d"));

    assertThat(workspace.read("d"))
        .isEqualTo(new Content.Refused("d is a folder; list it, or name a file in it"));
    assertThat(workspace.write("d", bytes("x"), Optional.empty())).isPresent();
  }

  @Test
  void a_file_is_not_a_folder() {
    write("f", "x");

    assertThat(workspace.read("f/g")).isEqualTo(new Content.Refused("f is not a folder"));
    assertThat(workspace.write("f/g", bytes("x"), Optional.empty())).contains("f is not a folder");
    assertThat(workspace.list("f", Optional.empty(), 10).refused()).contains("f is not a folder");
  }

  @Test
  void a_file_that_is_too_large_is_refused() throws IOException {
    try (var file = new java.io.RandomAccessFile(root.resolve("large").toFile(), "rw")) {
      file.setLength(100L << 20);
    }

    assertThat(workspace.read("large"))
        .isEqualTo(new Content.Refused("large is too large: it has more than 8388608 bytes"));
    assertThat(workspace.write("large", bytes("x"), digest("y"))).isPresent();
  }

  @Test
  void the_file_that_says_what_to_do_is_read_only_under_all_its_names() throws IOException {
    Path list = Files.writeString(root.resolve("tasks.yml"), "tasks: []");
    Files.createLink(root.resolve("alias.yml"), list);
    workspace = ConfinedWorkspace.open(root, List.of(list));

    assertThat(text("tasks.yml")).isEqualTo("tasks: []");
    assertThat(workspace.write("tasks.yml", bytes("x"), digest("tasks: []"))).isPresent();
    assertThat(workspace.write("alias.yml", bytes("x"), digest("tasks: []"))).isPresent();
    Files.delete(list);
    assertThat(workspace.write("tasks.yml", bytes("x"), Optional.empty())).isPresent();
  }

  // Removing, moving, making executable

  @Test
  void a_file_is_removed_when_it_holds_what_was_expected_and_its_folder_stays() {
    write("d/a.txt", "old");

    assertThat(workspace.delete("d/a.txt", hex("other")))
        .contains("d/a.txt has changed meanwhile; read it again and redo the change");
    assertThat(text("d/a.txt")).isEqualTo("old");
    assertThat(workspace.delete("d/a.txt", hex("old"))).isEmpty();

    assertThat(names(root)).containsExactly("d");
    assertThat(names(root.resolve("d"))).isEmpty();
  }

  @Test
  void a_file_gets_another_name_and_keeps_its_permissions() throws IOException {
    write("a.sh", "old");
    permit("a.sh", "rwxr-x---");

    assertThat(workspace.move("a.sh", "new/folder/b.sh", hex("old"))).isEmpty();

    assertThat(text("new/folder/b.sh")).isEqualTo("old");
    assertThat(permissions("new/folder/b.sh")).isEqualTo("rwxr-x---");
    assertThat(names(root)).containsExactly("new");
  }

  @Test
  void a_file_that_is_not_what_was_expected_is_not_moved_and_no_folder_is_made() {
    write("a.txt", "old");

    assertThat(workspace.move("a.txt", "d/b.txt", hex("other")))
        .contains("a.txt has changed meanwhile; read it again and redo the change");

    assertThat(names(root)).containsExactly("a.txt");
  }

  @Test
  void a_file_is_moved_over_nothing() throws IOException {
    write("a.txt", "a");
    write("b.txt", "b");
    Files.createDirectory(root.resolve("d"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("gone"));

    for (String taken : List.of("a.txt", "b.txt", "d", "link")) {
      assertThat(workspace.move("a.txt", taken, hex("a")))
          .contains(taken + " exists already; give a name that is free");
    }
    assertThat(workspace.move("a.txt", "b.txt/c", hex("a"))).contains("b.txt is not a folder");
    assertThat(text("a.txt")).isEqualTo("a");
    assertThat(text("b.txt")).isEqualTo("b");
    assertThat(names(root)).containsExactly("a.txt", "b.txt", "d", "link");
  }

  @ParameterizedTest
  @CsvSource({
    "rw-r--r--,rwxr-xr-x,rw-r--r--",
    "rw-------,rwx------,rw-------",
    "rwxr-x--x,rwxr-x---,rw-r-----",
    "r--r--r--,r-xr-xr-x,r--r--r--"
  })
  void those_who_may_read_a_file_may_run_it_or_nobody_may(
      String before, String executable, String plain) throws IOException {
    write("a.sh", "x");
    permit("a.sh", before);

    assertThat(workspace.makeExecutable("a.sh", true)).isEmpty();
    assertThat(permissions("a.sh")).isEqualTo(executable);
    assertThat(workspace.makeExecutable("a.sh", false)).isEmpty();

    assertThat(permissions("a.sh")).isEqualTo(plain);
    assertThat(text("a.sh")).isEqualTo("x");
    assertThat(names(root)).containsExactly("a.sh");
  }

  @Test
  void what_is_missing_or_no_file_is_neither_removed_nor_moved_nor_made_executable()
      throws IOException {
    write("real/f", "x");
    Files.createSymbolicLink(root.resolve("link"), Path.of("real/f"));
    Files.createSymbolicLink(root.resolve("folder"), Path.of("real"));

    unmoved("gone", "gone is not there; it was removed meanwhile, or never was");
    unmoved("no/f", "no/f is not there; it was removed meanwhile, or never was");
    unmoved("real", "real is a folder; list it, or name a file in it");
    unmoved("real/f/g", "real/f is not a folder");
    unmoved("link", "link is a link; use real/f instead");
    unmoved("folder/f", "folder is a link; use real/f instead");
    unmoved(
        "../project/real/f",
        "a path may not hold \"..\"; give it from the task's folder downwards");
    unmoved(".git/f", ".git belongs to git and is closed to you");

    assertThat(text("real/f")).isEqualTo("x");
    assertThat(names(root)).containsExactly("folder", "link", "real");
  }

  private void unmoved(String path, String reason) {
    assertThat(workspace.delete(path, hex("x"))).contains(reason);
    assertThat(workspace.move(path, "new/g", hex("x"))).contains(reason);
    assertThat(workspace.makeExecutable(path, true)).contains(reason);
  }

  @Test
  void nothing_is_moved_to_where_nothing_may_be() throws IOException {
    write("f", "x");
    Files.createDirectory(root.resolve("real"));
    Files.createSymbolicLink(root.resolve("folder"), Path.of("real"));
    Path list = root.resolve("tasks.yml");
    workspace = ConfinedWorkspace.open(root, List.of(list));

    for (String to :
        List.of("../f", "/f", "d/", "", ".git/f", "GIT~1", ".agent-runner/f", "folder/f")) {
      assertThat(workspace.move("f", to, hex("x"))).as(to).isPresent();
    }
    assertThat(workspace.move("f", "tasks.yml", hex("x"))).isPresent();

    assertThat(names(root)).containsExactly("f", "folder", "real");
    assertThat(names(root.resolve("real"))).isEmpty();
  }

  @Test
  void the_file_that_says_what_to_do_stays_under_all_its_names() throws IOException {
    Path list = Files.writeString(root.resolve("tasks.yml"), "x");
    Files.createLink(root.resolve("alias.yml"), list);
    workspace = ConfinedWorkspace.open(root, List.of(list));

    for (String name : List.of("tasks.yml", "alias.yml")) {
      unmoved(name, name + " says what this run is to do and is read-only for you");
    }
    assertThat(names(root)).containsExactly("alias.yml", "tasks.yml");
  }

  @Test
  void other_names_of_a_file_stay_as_they_are() throws IOException {
    Path other = Files.writeString(root.resolveSibling("other"), "x");
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-r--r--"));
    for (String name : List.of("removed", "moved", "run")) {
      Files.createLink(root.resolve(name), other);
    }

    assertThat(workspace.delete("removed", hex("x"))).isEmpty();
    assertThat(workspace.move("moved", "there", hex("x"))).isEmpty();
    assertThat(workspace.makeExecutable("run", true)).isEmpty();

    assertThat(names(root)).containsExactly("run", "there");
    assertThat(permissions("run")).isEqualTo("rwxr-xr-x");
    assertThat(other).hasContent("x");
    assertThat(permissions("../other")).isEqualTo("rw-r--r--");
  }

  private void permit(String path, String permissions) throws IOException {
    Files.setPosixFilePermissions(root.resolve(path), PosixFilePermissions.fromString(permissions));
  }

  private String permissions(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path)));
  }

  // Links

  @Test
  void a_link_that_stays_within_the_folder_is_read_through() throws IOException {
    write("docs/real.txt", "real");
    Files.createSymbolicLink(root.resolve("docs/near"), Path.of("real.txt"));
    Files.createSymbolicLink(root.resolve("far"), Path.of("./docs/near"));
    Files.createDirectories(root.resolve("deep/down"));
    Files.createSymbolicLink(root.resolve("deep/down/up"), Path.of("../../docs"));

    assertThat(text("docs/near")).isEqualTo("real");
    assertThat(text("far")).isEqualTo("real");
    assertThat(text("deep/down/up/near")).isEqualTo("real");
  }

  @Test
  void nothing_is_written_or_listed_through_a_link() throws IOException {
    write("docs/real.txt", "real");
    Files.createSymbolicLink(root.resolve("file"), Path.of("docs/real.txt"));
    Files.createSymbolicLink(root.resolve("folder"), Path.of("docs"));

    assertThat(workspace.write("file", bytes("x"), digest("real")))
        .contains("file is a link; use docs/real.txt instead");
    assertThat(workspace.write("folder/new.txt", bytes("x"), Optional.empty()))
        .contains("folder is a link; use docs/new.txt instead");
    assertThat(workspace.list("folder", Optional.empty(), 10).refused())
        .contains("folder is a link; use docs instead");
    assertThat(text("docs/real.txt")).isEqualTo("real");
    assertThat(root.resolve("file")).isSymbolicLink();
  }

  @Test
  void links_without_end_are_refused() throws IOException {
    Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(root.resolve("b"), Path.of("a"));
    for (int i = 1; i <= 41; i++) {
      Files.createSymbolicLink(root.resolve("l" + i), Path.of("l" + (i + 1)));
    }

    assertThat(workspace.read("a")).isInstanceOf(Content.Refused.class);
    assertThat(workspace.read("l1")).isInstanceOf(Content.Refused.class);
  }

  @Test
  void a_link_to_nothing_within_the_folder_is_missing() throws IOException {
    Files.createSymbolicLink(root.resolve("a"), Path.of("gone"));

    assertThat(workspace.read("a")).isEqualTo(new Content.Missing());
  }

  // The folder as a whole

  @Test
  void what_a_crash_left_of_a_write_is_cleared_away() throws IOException {
    Files.writeString(root.resolve(".agent-runner-new-0123456789abcdef"), "half");
    Files.createDirectory(root.resolve(".agent-runner-new-fedcba9876543210"));
    write("a.txt", "x");

    ConfinedWorkspace.open(root, List.of());

    assertThat(names(root)).containsExactly("a.txt");
  }

  @Test
  void a_folder_that_is_gone_is_trouble_with_the_machine() throws IOException {
    Files.delete(root);

    assertThatThrownBy(() -> workspace.read("a.txt"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageStartingWith(
            "cannot open the task's folder " + root + ": no such file or folder");
    assertThatThrownBy(() -> workspace.list("", Optional.empty(), 1))
        .isInstanceOf(EnvironmentException.class);
  }

  private void write(String path, String content) {
    assertThat(workspace.write(path, bytes(content), Optional.empty())).isEmpty();
  }

  private String text(String path) {
    Content content = workspace.read(path);
    assertThat(content).isInstanceOf(Content.Bytes.class);
    return new String(((Content.Bytes) content).bytes(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(String text) {
    return digest(text).orElseThrow();
  }

  private static Optional<String> digest(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes(text));
      return Optional.of(HexFormat.of().formatHex(digest));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(e -> e.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
