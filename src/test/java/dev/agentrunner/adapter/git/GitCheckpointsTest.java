package dev.agentrunner.adapter.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Checkpoints.PathChange;
import dev.agentrunner.port.Checkpoints.Taken;
import dev.agentrunner.port.CheckpointsContract;
import dev.agentrunner.port.EnvironmentException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitCheckpointsTest extends CheckpointsContract {

  @TempDir private Path temporary;

  private GitCheckpoints checkpoints =
      new GitCheckpoints(Path.of("unused"), InstantSource.system());

  private GitCheckpoints reopened() {
    return new GitCheckpoints(home(), InstantSource.system());
  }

  private Path home() {
    return temporary.resolve("project/.agent-runner/checkpoints.git");
  }

  private Path root() {
    return temporary.resolve("project");
  }

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(root());
    checkpoints = reopened();
  }

  @Override
  protected Checkpoints checkpoints() {
    return checkpoints;
  }

  @Override
  protected String folder() {
    return root().toString();
  }

  @Override
  protected void write(String path, String text) {
    try {
      Path file = root().resolve(path);
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void delete(String path) {
    try {
      Files.delete(root().resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All but our own and the user's repository, with what can be run and where links lead. */
  @Override
  protected Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root())) {
      for (Path path : paths.toList()) {
        // Only the URI has the bytes of every name; with a slash if it leads to a folder.
        String uri = path.toUri().getRawPath().replaceFirst("/$", "");
        String top = root().toUri().getRawPath();
        String name = uri.length() < top.length() ? "" : uri.substring(top.length());
        if (name.startsWith(".agent-runner") || name.startsWith(".git/")) {
          continue;
        }
        if (Files.isSymbolicLink(path)) {
          files.put(name, "-> " + Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path)) {
          String runs = Files.isExecutable(path) ? "x " : "- ";
          files.put(name, runs + Files.readString(path, StandardCharsets.ISO_8859_1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private TreeId taken() {
    return checkpoints.take(folder(), Optional.empty()).tree();
  }

  private List<String> keptPaths() {
    TreeId empty = new TreeId("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    Path none = temporary.resolve("empty");
    try {
      Files.createDirectories(none);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    checkpoints.take(none.toString(), Optional.empty());
    return checkpoints.changes(empty, taken()).stream().map(PathChange::path).toList();
  }

  @Test
  void any_git_can_read_what_is_kept() throws IOException {
    write("a.txt", "a\r\n");
    write("sub/b.txt", "b");
    write("sub.txt", "sorted between");
    Files.createSymbolicLink(root().resolve("link"), Path.of("nowhere/at all"));
    TreeId tree = taken();

    try (Repository repository =
            new FileRepositoryBuilder().setBare().setGitDir(home().toFile()).build();
        TreeWalk walk = new TreeWalk(repository)) {
      walk.addTree(ObjectId.fromString(tree.hex()));
      walk.setRecursive(true);
      Map<String, String> found = new TreeMap<>();
      while (walk.next()) {
        found.put(
            walk.getFileMode() + " " + walk.getPathString(),
            new String(
                repository.open(walk.getObjectId(0), Constants.OBJ_BLOB).getBytes(),
                StandardCharsets.UTF_8));
      }
      assertThat(found)
          .isEqualTo(
              Map.of(
                  "100644 a.txt", "a\r\n",
                  "100644 sub/b.txt", "b",
                  "100644 sub.txt", "sorted between",
                  "120000 link", "nowhere/at all"));
    }
  }

  @Test
  void the_tree_is_the_one_git_would_write() throws Exception {
    try (Git git = Git.init().setDirectory(root().toFile()).call()) {
      write("a.txt", "a");
      write("dir/b.txt", "b");
      write("dir-c", "c");
      git.add().addFilepattern("a.txt").addFilepattern("dir").addFilepattern("dir-c").call();
      var commit = git.commit().setMessage("all").setAuthor("a", "a@b").setSign(false).call();

      assertThat(taken().hex()).isEqualTo(commit.getTree().name());
    }
  }

  @Test
  void what_git_ignores_is_left_out_unless_it_is_tracked() throws Exception {
    try (Git git = Git.init().setDirectory(root().toFile()).call()) {
      write("out/tracked", "1");
      git.add().addFilepattern("out/tracked").call();
      write(".gitignore", "out/\n*.log\n");
      write("out/untracked", "2");
      write("a.log", "3");
      write("sub/.gitignore", "!b.log\n");
      write("sub/b.log", "4");
      write(".git/info/exclude", "mine\n");
      write("mine", "5");

      assertThat(keptPaths())
          .containsExactly(".gitignore", "out/tracked", "sub/.gitignore", "sub/b.log");
    }
  }

  @Test
  void rules_above_the_folder_count_too() throws Exception {
    Git.init().setDirectory(temporary.toFile()).call().close();
    Files.writeString(temporary.resolve(".gitignore"), "/project/a\nb\n");
    write("a", "1");
    write("sub/b", "2");
    write("c", "3");

    assertThat(keptPaths()).containsExactly("c");
  }

  @Test
  void repositories_and_state_within_are_left_out_with_a_note() throws Exception {
    write("inner/.git/HEAD", "ref: refs/heads/main");
    write("inner/file", "1");
    write("sub/.agent-runner/state.json", "{}");
    write("kept", "2");

    Taken taken = checkpoints.take(folder(), Optional.empty());

    assertThat(keptPaths()).containsExactly("kept");
    assertThat(taken.note()).isEqualTo("inner/: a repository of its own");
  }

  @Test
  void what_is_too_large_is_left_out_with_a_note_and_let_be() throws IOException {
    TreeId empty = taken();
    try (var file = new java.io.RandomAccessFile(root().resolve("huge").toFile(), "rw")) {
      file.setLength(FolderScan.FILE_BYTES_MAX + 1);
    }
    write("small", "1");

    assertThat(checkpoints.take(folder(), Optional.empty()).note())
        .isEqualTo("huge: larger than 32 MiB");
    checkpoints.restore(folder(), empty, false);
    assertThat(root().resolve("huge")).exists();
    assertThat(root().resolve("small")).doesNotExist();
  }

  @Test
  void a_file_that_is_ignored_by_now_is_put_back_all_the_same() {
    write("a.cfg", "old");
    TreeId before = taken();
    write("a.cfg", "new");
    write(".gitignore", "*.cfg\n");
    write("b.cfg", "never kept");

    Checkpoints.Restored restored = checkpoints.restore(folder(), before, false);

    assertThat(files()).isEqualTo(Map.of("a.cfg", "- old", "b.cfg", "- never kept"));
    checkpoints.restore(folder(), restored.before(), false);
    assertThat(files()).containsEntry("a.cfg", "- new");
  }

  @Test
  void a_file_that_was_ignored_then_is_never_deleted() {
    write(".gitignore", ".env\nbuild/\n");
    write(".env", "secret");
    write("build/out", "slow to make");
    TreeId before = taken();
    write(".gitignore", "");
    write("made", "by the task");

    checkpoints.restore(folder(), before, false);

    assertThat(files()).containsKeys(".env", "build/out").doesNotContainKey("made");
  }

  @Test
  void a_file_changed_within_a_tick_of_the_clock_is_seen() throws IOException {
    FileTime time = FileTime.from(Instant.now());
    write("a", "1");
    Files.setLastModifiedTime(root().resolve("a"), time);
    TreeId first = taken();
    write("a", "2");
    Files.setLastModifiedTime(root().resolve("a"), time);

    assertThat(taken()).isNotEqualTo(first);
  }

  @Test
  void nothing_is_followed_out_of_the_folder() throws IOException {
    Path outside = Files.createDirectories(temporary.resolve("outside"));
    Files.writeString(outside.resolve("file"), "not ours");
    write("d/file", "ours");
    TreeId before = taken();
    delete("d/file");
    Files.delete(root().resolve("d"));
    Files.createSymbolicLink(root().resolve("d"), outside);

    checkpoints.restore(folder(), before, false);

    assertThat(Files.readString(outside.resolve("file"))).isEqualTo("not ours");
    assertThat(Files.isDirectory(root().resolve("d"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(files()).isEqualTo(Map.of("d/file", "- ours"));
  }

  @Test
  void what_stands_in_the_way_of_a_file_that_is_put_back_goes() throws IOException {
    Path outside = Files.createDirectories(temporary.resolve("outside"));
    Files.writeString(outside.resolve("file"), "not ours");
    write("tests/file", "ours");
    write("other", "1");
    TreeId before = taken();
    delete("tests/file");
    Files.delete(root().resolve("tests"));
    Files.createSymbolicLink(root().resolve("tests"), outside);
    write("other", "2");

    checkpoints.restoreOnly(folder(), before, Set.of("tests/file"));

    assertThat(Files.readString(outside.resolve("file"))).isEqualTo("not ours");
    assertThat(files()).isEqualTo(Map.of("tests/file", "- ours", "other", "- 2"));
  }

  @Test
  void names_that_are_no_text_are_kept_and_put_back() throws IOException {
    Path odd;
    try {
      odd = Path.of(URI.create(root().toUri().toString() + "%FF%FE%20caf%C3%A9"));
      Files.writeString(odd, "1");
    } catch (IOException | RuntimeException e) {
      assumeTrue(false, "the file system here takes no such names");
      return;
    }
    Map<String, String> then = files();
    TreeId before = taken();
    Files.writeString(odd, "2");

    assertThat(checkpoints.changes(before, taken()))
        .extracting(PathChange::path)
        .containsExactly("\\xff\\xfe caf\\xc3\\xa9");
    Files.delete(odd);
    checkpoints.restore(folder(), before, false);
    assertThat(files()).isEqualTo(then);
  }

  @Test
  void an_index_that_a_crash_tore_is_made_again() throws IOException {
    write("a", "1");
    write("sub/b", "2");
    TreeId before = taken();
    write("a", "2");
    for (File file : packs(".idx")) {
      Files.writeString(file.toPath(), "torn");
    }
    checkpoints = reopened();

    checkpoints.restore(folder(), before, false);

    assertThat(files()).isEqualTo(Map.of("a", "- 1", "sub/b", "- 2"));
  }

  private List<File> packs(String end) {
    File[] files =
        home().resolve("objects/pack").toFile().listFiles((folder, name) -> name.endsWith(end));
    return files == null ? List.of() : List.of(files);
  }

  @Test
  void many_checkpoints_do_not_leave_many_packs() {
    List<TreeId> trees = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      write("a", "version " + i);
      trees.add(taken());
    }

    assertThat(packs(".pack").size()).isLessThan(100);
    checkpoints = reopened();
    checkpoints.restore(folder(), trees.get(3), false);
    assertThat(files()).isEqualTo(Map.of("a", "- version 3"));
  }

  @Test
  void a_folder_that_is_not_there_is_an_error_with_a_way_out() {
    assertThatThrownBy(() -> checkpoints.take(folder() + "/gone", Optional.empty()))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("checkpoints: off");
  }

  @Test
  void the_users_repository_is_not_touched() throws Exception {
    try (Git git = Git.init().setDirectory(root().toFile()).call()) {
      write("a", "1");
      git.add().addFilepattern("a").call();
      Map<String, String> repository = repository();
      TreeId before = taken();
      write("a", "2");
      checkpoints.restore(folder(), before, false);

      assertThat(repository()).isEqualTo(repository);
    }
  }

  private Map<String, String> repository() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root().resolve(".git"))) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(path.toString(), Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whatever_was_changed_comes_back(long seed) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      changeAnything(random);
    }
    Map<String, String> then = files();
    TreeId before = taken();
    for (int i = 0; i < 30; i++) {
      changeAnything(random);
    }
    Map<String, String> now = files();

    Checkpoints.Restored restored = checkpoints.restore(folder(), before, false);
    assertThat(files()).isEqualTo(then);
    assertThat(taken()).isEqualTo(before);

    checkpoints = reopened();
    checkpoints.restore(folder(), restored.before(), false);
    assertThat(files()).isEqualTo(now);
  }

  /** Names are few, so that files take the place of folders and links, and the other way round. */
  private void changeAnything(Random random) throws IOException {
    Path file = root();
    for (int depth = random.nextInt(1, 4); depth > 0; depth--) {
      file = file.resolve(List.of("a", "b", "c d", "é", "x.y").get(random.nextInt(5)));
      if (depth > 1 && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(file);
        Files.createDirectory(file);
      }
    }
    removeAll(file);
    switch (random.nextInt(4)) {
      case 0 -> {} // Gone.
      case 1 -> Files.createSymbolicLink(file, Path.of(random.nextBoolean() ? "a" : "../ü/b"));
      default -> {
        byte[] bytes = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(5_000)];
        random.nextBytes(bytes);
        Files.write(file, bytes);
        Files.setPosixFilePermissions(
            file,
            PosixFilePermissions.fromString(random.nextBoolean() ? "rw-r--r--" : "rwxr-xr-x"));
      }
    }
  }

  private static void removeAll(Path file) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> inside = Files.list(file)) {
        for (Path one : inside.toList()) {
          removeAll(one);
        }
      }
    }
    Files.deleteIfExists(file);
  }
}
