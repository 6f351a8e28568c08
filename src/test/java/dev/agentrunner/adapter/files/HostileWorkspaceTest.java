package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.port.Workspace.Content;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an agent may try. Around the folder lie canaries, at each depth and under the names that
 * payloads go for; whatever a test does, they are as they were.
 */
final class HostileWorkspaceTest {

  private static final byte[] PREY = "prey".getBytes(StandardCharsets.UTF_8);
  private static final String CANARY = "canary";

  private Path outside;
  private Path root;
  private ConfinedWorkspace workspace;
  private Map<String, String> before;

  @BeforeEach
  void lay_out_canaries(@TempDir Path folder) throws IOException {
    outside = folder.toRealPath();
    root = outside.resolve("a/b/c/project");
    for (Path at = root.getParent(); at.startsWith(outside); at = at.getParent()) {
      for (String name : List.of("etc/passwd", "etc/issue", "windows/win.ini", "secret.txt")) {
        Files.createDirectories(at.resolve(name).getParent());
        Files.writeString(at.resolve(name), CANARY);
      }
    }
    // A twin whose path begins with the same characters.
    Files.createDirectories(outside.resolve("a/b/c/project2"));
    Files.writeString(outside.resolve("a/b/c/project2/secret.txt"), CANARY);
    Files.createDirectories(root);
    workspace = ConfinedWorkspace.open(root, List.of());
    before = canaries();
  }

  @AfterEach
  void canaries_are_as_they_were() throws IOException {
    assertThat(canaries()).isEqualTo(before);
  }

  // Paths that lead out

  @Test
  void no_known_payload_reaches_anything_outside() throws IOException {
    int n = 0;
    for (String line : Files.readAllLines(corpus("traversal_payloads.jsonl"))) {
      JsonNode payload = new ObjectMapper().readTree(line);
      String path = payload.path("path").asText();
      boolean refused = payload.path("verdict").asText().equals("refuse");

      assertThat(workspace.read(path)).as(line).isNotInstanceOf(Content.Bytes.class);
      Optional<String> reason = workspace.write(path, PREY, Optional.empty());
      assertThat(reason.isPresent() || !refused).as(line).isTrue();
      assertThat(workspace.read(path) instanceof Content.Refused)
          .as(line)
          .isEqualTo(reason.isPresent());
      assertThat(workspace.write(path, PREY, Optional.of("0".repeat(64)))).as(line).isPresent();
      assertThat(workspace.list(path, Optional.empty(), 10).paths()).as(line).isEmpty();
      assertThat(workspace.list("", Optional.of(path), 10).paths().toString())
          .as(line)
          .doesNotContain("secret.txt");
      assertThat(workspace.search(CANARY, Optional.of(path), 10).found()).as(line).isEmpty();
      n++;
      empty(root);
    }
    assertThat(n).isPositive();
  }

  @Test
  void every_path_of_the_agent_is_met_as_its_verdict_says() throws IOException {
    workspace = ConfinedWorkspace.open(root, List.of(root.resolve("tasks.yml")));
    for (JsonNode row : new ObjectMapper().readTree(corpus("agent_paths.json").toFile())) {
      String path = row.path("path").asText();
      boolean written = workspace.write(path, PREY, Optional.empty()).isEmpty();
      boolean read = workspace.read(path) instanceof Content.Bytes;
      boolean refused = row.path("verdict").asText().equals("refuse");

      assertThat(written).as(path).isEqualTo(read);
      assertThat(refused && written).as(path).isFalse();
    }
  }

  // What belongs to git and to the runner

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".git",
        ".GIT",
        ".git/config",
        "sub/.git/hooks/pre-commit",
        ".git.",
        ".git ",
        ".git . ",
        "git~1",
        "GIT~1/config",
        ".g\u200cit",
        "\u206b.git",
        ".git\ufeff",
        ".git::$INDEX_ALLOCATION",
        ".git:x",
        ".git\\config",
        "sub\\.git\\config",
        ".agent-runner",
        ".agent-runner/state.json",
        ".Agent-Runner/lock",
        "AGENT-~1",
        "x/.agent-runner/config.yml",
        ".agent-runner./lock"
      })
  void what_belongs_to_git_or_the_runner_is_closed_under_every_name(String path)
      throws IOException {
    Files.createDirectories(root.resolve(".git/hooks"));
    Files.writeString(root.resolve(".git/config"), CANARY);
    Files.createDirectories(root.resolve(".agent-runner"));
    Files.writeString(root.resolve(".agent-runner/state.json"), CANARY);

    assertThat(workspace.read(path)).isInstanceOf(Content.Refused.class);
    assertThat(workspace.write(path, PREY, Optional.empty())).isPresent();
    assertThat(workspace.list(path, Optional.empty(), 10).refused()).isPresent();
    assertThat(workspace.list("", Optional.empty(), 10).paths()).isEmpty();
    assertThat(workspace.search(CANARY, Optional.empty(), 10).found()).isEmpty();
  }

  @Test
  void every_alias_that_jgit_knows_is_closed_and_every_other_name_is_open() throws IOException {
    JsonNode names = new ObjectMapper().readTree(corpus("git_dir_names.json").toFile());

    for (JsonNode name : names.path("must_refuse")) {
      assertThat(workspace.write(name.asText(), PREY, Optional.empty()))
          .as(name.toString())
          .isPresent();
    }
    for (String kind : List.of("allow", "allow_on_linux")) {
      for (JsonNode name : names.path(kind)) {
        assertThat(workspace.write(name.asText(), PREY, Optional.empty()))
            .as(name.toString())
            .isEmpty();
        empty(root);
      }
    }
  }

  @Test
  void a_link_is_no_other_way_to_what_is_closed() throws IOException {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(root.resolve(".git/config"), CANARY);
    Files.createSymbolicLink(root.resolve("folder"), Path.of(".git"));
    Files.createSymbolicLink(root.resolve("file"), Path.of(".git/config"));

    for (String path : List.of("folder/config", "file")) {
      assertThat(workspace.read(path))
          .isEqualTo(new Content.Refused(".git belongs to git and is closed to you"));
      assertThat(workspace.write(path, PREY, Optional.empty())).isPresent();
    }
  }

  // Links that lead out

  @Test
  void no_link_leads_out() throws IOException {
    Files.createDirectories(root.resolve("sub"));
    List<Path> targets =
        List.of(
            outside.resolve("secret.txt"),
            outside,
            root,
            Path.of(".."),
            Path.of("../secret.txt"),
            Path.of("sub/../../secret.txt"),
            Path.of("/proc/self/root"),
            Path.of("/proc/self/environ"),
            Path.of("/dev/null"),
            Path.of("../project2/secret.txt"),
            outside.resolve("new"));
    for (Path target : targets) {
      Path link = root.resolve("link");
      Files.createSymbolicLink(link, target);
      for (String path : List.of("link", "link/secret.txt", "link/etc/passwd", "link/new")) {
        assertThat(workspace.read(path))
            .as("%s -> %s", path, target)
            .isInstanceOf(Content.Refused.class);
        assertThat(workspace.write(path, PREY, Optional.empty()))
            .as("%s -> %s", path, target)
            .isPresent();
      }
      assertThat(workspace.list("link", Optional.empty(), 10).paths()).isEmpty();
      assertThat(workspace.list("", Optional.empty(), 10).paths()).containsExactly("link");
      assertThat(workspace.search(CANARY, Optional.empty(), 10).found()).isEmpty();
      Files.delete(link);
    }
  }

  @Test
  void the_agent_is_told_why_a_link_is_not_followed() throws IOException {
    Files.createSymbolicLink(root.resolve("link"), Path.of("../secret.txt"));

    assertThat(workspace.read("link"))
        .isEqualTo(new Content.Refused("link is a link that leads out of the task's folder"));
  }

  // Things that are no files

  @Test
  void nothing_waits_for_a_pipe_a_socket_or_a_device() throws Exception {
    run("mkfifo", root.resolve("pipe").toString());
    Files.createSymbolicLink(root.resolve("to-pipe"), Path.of("pipe"));
    try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(root.resolve("socket")));
      List<String> names = new ArrayList<>(List.of("pipe", "to-pipe", "socket"));
      if (run("mknod", root.resolve("device").toString(), "c", "5", "0") == 0) {
        names.add("device");
      }

      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> {
            for (String name : names) {
              assertThat(workspace.read(name)).isInstanceOf(Content.Refused.class);
              assertThat(workspace.read(name + "/x")).isInstanceOf(Content.Refused.class);
              assertThat(workspace.write(name, PREY, Optional.empty())).isPresent();
              assertThat(workspace.write(name + "/x", PREY, Optional.empty())).isPresent();
              assertThat(workspace.list(name, Optional.empty(), 10).refused()).isPresent();
            }
            run("mkfifo", root.resolve(".gitignore").toString());
            assertThat(workspace.list("", Optional.empty(), 10).paths()).containsOnly("to-pipe");
            assertThat(workspace.search("x", Optional.empty(), 10).found()).isEmpty();
          });
    }
  }

  // Races

  @Test
  void swapping_a_folder_for_a_link_lets_nothing_in_or_out() throws Exception {
    AtomicInteger turn = new AtomicInteger();
    Swap swap =
        () -> {
          int n = turn.incrementAndGet();
          Path fresh = root.resolve("fresh" + n);
          if (n % 2 == 0) {
            Files.createSymbolicLink(fresh, outside.resolve("a"));
          } else {
            Files.createDirectory(fresh);
          }
          Path folder = root.resolve("d");
          try {
            Files.move(folder, root.resolve("old" + n), StandardCopyOption.ATOMIC_MOVE);
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
          } catch (FileSystemException e) {
            // The writer has just made the folder, or not yet: on to the next turn.
          }
        };

    race(
        swap,
        i -> workspace.write("d/f" + i, PREY, Optional.empty()),
        () -> workspace.read("d/secret.txt"));
  }

  @Test
  void swapping_a_file_for_a_link_lets_nothing_in_or_out() throws Exception {
    Path file = Files.write(root.resolve("f"), PREY);
    Path aside = root.resolve("x");
    Swap swap =
        () -> {
          Files.createSymbolicLink(aside, outside.resolve("secret.txt"));
          Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
          Files.write(aside, PREY);
          Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        };
    Optional<String> held = Optional.of(digest(PREY));

    race(swap, i -> workspace.write("f", PREY, held), () -> workspace.read("f"));
  }

  /** Writes and reads 5,000 times each while {@code swap} goes on. */
  private void race(Swap swap, IntFunction<Optional<String>> write, Supplier<Content> read)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    FutureTask<Void> swapping =
        new FutureTask<>(() -> {
          while (!over.get()) {
            swap.once();
          }
          return null;
        });
    Thread swapper = Thread.ofPlatform().start(swapping);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      refused += write.apply(i).isPresent() ? 1 : 0;
      if (read.get() instanceof Content.Bytes(byte[] bytes)) {
        assertThat(bytes).isEqualTo(PREY);
      }
    }
    over.set(true);
    swapper.join();
    swapping.get();
    assertThat(refused).as("times the writer met the swapper").isBetween(1, 4_999);
  }

  /** There and back. */
  private interface Swap {
    void once() throws IOException;
  }

  private static String digest(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** Everything outside of the folder, each path with its content and, if a link, its target. */
  private Map<String, String> canaries() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(outside)) {
      for (Path path : paths.filter(p -> !p.startsWith(root)).toList()) {
        found.put(path.toString(), Files.isDirectory(path) ? "" : Files.readString(path));
      }
    }
    return found;
  }

  private static void empty(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(folder)) {
          Files.delete(path);
        }
      }
    }
  }

  private static Path corpus(String name) {
    String corpora = System.getenv("AGENT_RUNNER_CORPORA");
    assumeTrue(corpora != null, "AGENT_RUNNER_CORPORA is not set");
    return Path.of(String.valueOf(corpora), "02-paths", name);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start().waitFor();
  }
}
