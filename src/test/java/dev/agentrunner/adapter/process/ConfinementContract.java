package dev.agentrunner.adapter.process;

import static dev.agentrunner.adapter.process.HeldCommands.CANARY;
import static dev.agentrunner.adapter.process.HeldCommands.plant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.HookResult.Exited;
import dev.agentrunner.core.run.HookResult.NotStarted;
import dev.agentrunner.core.run.HookResult.TimedOut;
import dev.agentrunner.core.task.Command.Program;
import dev.agentrunner.core.task.Sandboxing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each sandbox promises; real commands try to get out, and canaries tell whether they did. */
@EnabledOnOs(OS.LINUX)
abstract class ConfinementContract {

  private static final Duration SOON = Duration.ofMillis(500);

  @TempDir(factory = InTarget.class)
  Path ground;

  HeldCommands held;

  /** Not below {@code /tmp}, which some sandboxes hide as a whole. */
  static final class InTarget implements TempDirFactory {

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
        throws IOException {
      return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "ground");
    }
  }

  abstract Sandboxing sandboxing();

  @BeforeEach
  void set_up() throws IOException {
    Sandbox sandbox = new Sandboxes(sandboxing(), System.getenv("PATH")).inForce();
    assumeFalse(sandbox instanceof Sandbox.Missing, sandbox::shown);
    held = new HeldCommands(ground, sandboxing());
  }

  @AfterEach
  void nothing_is_left_and_no_canary_was_touched() throws IOException {
    if (held == null) {
      return;
    }
    assertThat(held.bench.alive()).isEmpty();
    assertThat(held.text(".git/config")).isEqualTo(CANARY);
    assertThat(held.text(".agent-runner/state.json")).isEqualTo(CANARY);
    assertThat(held.outside.resolve("file")).hasContent(CANARY);
    assertThat(held.outside).isDirectoryNotContaining("glob:**/new");
    assertThat(held.home.resolve(".ssh/id")).hasContent(CANARY);
    assertThat(held.home).isDirectoryNotContaining("glob:**/new");
  }

  // What it may do

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls -l /bin",
        "echo blah > /dev/null",
        "echo x > src/file && cat src/file",
        "echo y >> src/a.py && rm src/a.py && mkdir src/deep && mv src/deep src/deeper",
        "head -c 9 /dev/urandom",
        "cat .git/config .agent-runner/state.json",
        "echo x | cat | tee src/copy",
        "f=$(mktemp) && echo x > $f && cat $f",
        "test \"$(pwd)\" = \"$PROJ\"",
      })
  void what_a_build_does_is_allowed(String line) {
    HookResult result = held.sh(line);

    assertThat(result.verdict()).as(result.output()).isEqualTo(new HookResultOf(0).verdict());
  }

  /** As passing looks. */
  private record HookResultOf(int code) {
    String verdict() {
      return new HookResult(new Exited(code), "", 0, "", Duration.ZERO).verdict();
    }
  }

  @Test
  void it_ends_as_the_command_ended() {
    assertThat(held.sh("exit 3").end()).isEqualTo(new Exited(3));
    assertThat(held.sh("kill -9 $$").end()).isEqualTo(new Exited(137));
    assertThat(held.sh("echo out; echo err >&2; read line || echo nothing").output())
        .isEqualTo("out\nerr\nnothing\n");
  }

  // What it may not

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo x > $OUT/file",
        "echo x > $OUT/new",
        "rm $OUT/file",
        "echo x > /etc/agent-runner-was-here",
        "echo x > .git/config",
        "echo x > .git/new",
        "rm -rf .git",
        "mv .git moved",
        "ln -s $OUT src/link && echo x > src/link/new",
        "ln $OUT/file src/hard && echo x > src/hard",
        "ln .git/config src/hard && echo x > src/hard",
        "echo x > $PROJ/.agent-runner/state.json",
        "rm -rf .agent-runner",
        "cat $HOME/.ssh/id",
        "cp -r $HOME/.ssh src/",
        "mkdir x && mount -t tmpfs none x",
        "kill -0 " + "$RUNNER",
        "cat /proc/$RUNNER/environ",
        "unshare -Ur true",
        "printf x > /dev/pts/0",
      })
  void what_leads_out_is_denied(String line) {
    held.environment.put("RUNNER", Long.toString(ProcessHandle.current().pid()));

    HookResult result = held.sh(line);

    assertThat(result.passed()).as(result.output()).isFalse();
  }

  @Test
  void it_never_gets_more_privileges() {
    assertThat(held.sh("grep NoNewPrivs /proc/self/status").output()).isEqualTo("NoNewPrivs:\t1\n");
    assertThat(held.sh("grep CapEff /proc/self/status").output()).contains("0000000000000000");
  }

  @Test
  void a_folder_that_may_only_be_read_stays_so_within_one_that_may_be_written() throws IOException {
    plant(held.project.resolve("deep/fixed/file"));
    plant(held.project.resolve("deep/free/file"));
    held.readOnly.add(held.project.resolve("deep/fixed").toString());

    assertThat(held.sh("echo x > deep/fixed/file").passed()).isFalse();
    assertThat(held.sh("echo x > deep/fixed/new").passed()).isFalse();
    assertThat(held.sh("mv deep gone && mkdir -p deep/fixed && echo x > deep/fixed/file").passed())
        .isFalse();
    assertThat(held.sh("echo x > deep/free/file").passed()).isTrue();
    assertThat(held.text("deep/fixed/file")).isEqualTo(CANARY);
    assertThat(held.text("deep/free/file")).isEqualTo("x\n");
  }

  @Test
  void what_is_protected_and_missing_cannot_be_made() {
    held.readOnly.add(held.project.resolve("src/.git").toString());

    assertThat(held.sh("mkdir -p src/.git && echo x > src/.git/config").passed()).isFalse();
    assertThat(held.sh("echo gitdir: x > src/.git").passed()).isFalse();
    assertThat(held.sh("ln -s $PROJ src/.git && touch src/.git/hooks").passed()).isFalse();
    assertThat(held.project.resolve("src/.git")).doesNotExist();
  }

  @Test
  void a_hidden_file_within_the_project_stays_hidden() throws IOException {
    plant(held.project.resolve("src/.env"));
    held.masked.add(held.project.resolve("src/.env").toString());

    assertThat(held.sh("cat src/.env; cp src/.env src/x; cat src/x; cat src/*").output())
        .doesNotContain(CANARY + CANARY);
    assertThat(held.sh("cat src/.env").output()).doesNotContain(CANARY);
    assertThat(held.sh("echo x > src/.env").passed()).isFalse();
    assertThat(held.text("src/.env")).isEqualTo(CANARY);
  }

  @Test
  void a_link_to_a_folder_that_may_be_written_stands_for_the_folder() throws IOException {
    Path link = Files.createSymbolicLink(ground.resolve("link"), held.project.resolve("src"));
    held.writable.clear();
    held.writable.add(link.toString());

    assertThat(held.sh("echo x > src/a.py").passed()).isTrue();
    assertThat(held.sh("echo x > top").passed()).isFalse();
  }

  @Test
  void a_link_in_place_of_something_protected_is_refused() throws IOException {
    Path link = held.project.resolve("src/.git");
    Files.createSymbolicLink(link, held.outside);
    held.readOnly.add(link.toString());

    assertThat(held.sh("true").verdict()).contains(link + " is a link");
  }

  @Test
  void the_repository_of_a_work_tree_is_protected_with_it() throws IOException {
    plant(held.project.resolve("main/.git/config"));
    Path tree = Files.createDirectories(held.project.resolve("main/.git/worktrees/tree"));
    Files.writeString(tree.resolve("commondir"), "../..\n");
    Path work = Files.createDirectories(held.project.resolve("work"));
    Files.writeString(work.resolve(".git"), "gitdir: " + tree + "\n");
    held.readOnly.add(work.resolve(".git").toString());

    assertThat(held.sh("echo x > work/.git").passed()).isFalse();
    assertThat(held.sh("rm work/.git").passed()).isFalse();
    assertThat(held.sh("echo x > main/.git/worktrees/tree/HEAD").passed()).isFalse();
    assertThat(held.sh("echo x > main/.git/config").passed()).isFalse();
    assertThat(held.sh("mv main away && mkdir -p main/.git").passed()).isFalse();
    assertThat(held.text("main/.git/config")).isEqualTo(CANARY);
  }

  @Test
  void a_repository_in_a_hidden_folder_can_be_read_from_a_work_tree_it_knows_of()
      throws IOException {
    HeldCommands.plant(held.home.resolve("main/.git/config"));
    Path tree = Files.createDirectories(held.home.resolve("main/.git/worktrees/tree"));
    Files.writeString(tree.resolve("commondir"), "../..\n");
    Path work = Files.createDirectories(held.project.resolve("work"));
    Files.writeString(work.resolve(".git"), "gitdir: " + tree + "\n");
    held.readOnly.add(work.resolve(".git").toString());

    assertThat(held.sh("cat $HOME/main/.git/config").output()).doesNotContain(CANARY);
    Files.writeString(tree.resolve("gitdir"), work.resolve(".git") + "\n");

    assertThat(held.sh("cat $HOME/main/.git/config").output()).contains(CANARY);
    assertThat(held.sh("echo x > $HOME/main/.git/config").passed()).isFalse();
    assertThat(held.sh("cat $HOME/.ssh/id").output()).doesNotContain(CANARY);
  }

  @Test
  void the_whole_machine_is_never_writable() {
    held.writable.add("/");

    assertThat(held.sh("true").end()).isInstanceOf(NotStarted.class);
  }

  // Environment

  @Test
  void it_has_its_own_environment_and_sees_no_other() {
    HookResult result =
        held.sh("env; cat /proc/1/environ; for p in /proc/[0-9]*; do cat $p/environ; done; true");

    assertThat(result.output()).contains("PROJ=").doesNotContain("sk-planted", "SECRET_KEY");
    held.environment.put("ODD", "two\nlines \"and\" 'quotes' $HOME äöü");
    assertThat(held.sh("printf %s \"$ODD\"").output())
        .isEqualTo("two\nlines \"and\" 'quotes' $HOME äöü");
  }

  @Test
  void a_value_that_the_system_does_not_take_is_not_quoted() {
    held.environment.put("KEY", "secret\0");

    HookResult result = held.sh("true");

    assertThat(result.end()).isInstanceOf(NotStarted.class);
    assertThat(result.verdict()).doesNotContain("secret");
  }

  // Network

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bash -c 'echo x > /dev/tcp/127.0.0.1/PORT'",
        "curl -sI http://127.0.0.1:PORT",
        "ping -c1 -W1 127.0.0.1",
        "ssh -p PORT 127.0.0.1",
        "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", PORT))'",
      })
  void no_network_is_reached(String line) throws IOException {
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(1);
      String tried = line.replace("PORT", Integer.toString(server.getLocalPort()));

      assertThat(held.sh(tried).passed()).isFalse();
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void a_network_that_was_granted_is_reached() throws IOException {
    held.network = true;
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      HookResult result =
          held.sh("bash -c 'echo x > /dev/tcp/127.0.0.1/" + server.getLocalPort() + "'");

      assertThat(result.passed()).as(result.output()).isTrue();
    }
  }

  // Bounds

  @Test
  void one_that_takes_too_long_is_ended() {
    HookResult result = held.sh("echo begun; sleep $tag", SOON);

    assertThat(result.end()).isEqualTo(new TimedOut(SOON));
    assertThat(result.output()).isEqualTo("begun\n");
  }

  @Test
  void one_that_is_asked_to_end_may_clean_up() {
    HookResult result = held.sh("trap 'echo bye; exit 1' TERM; while :; do sleep 0.01; done", SOON);

    assertThat(result.output()).contains("bye");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "setsid sleep $tag >/dev/null 2>&1 &",
        "(setsid sh -c 'env -i sleep '$tag' & exec sleep '$tag &) ; true",
        "nohup sleep $tag & echo",
      })
  void a_daemon_ends_with_the_command(String line) {
    assertThat(held.sh(line).passed()).isTrue();
    assertThat(held.bench.alive()).isEmpty();
  }

  @Test
  void a_crowd_of_processes_is_ended() {
    held.processesMax = 50;

    // Not one that doubles: if this fails, the machine should still be there.
    HookResult result =
        held.sh(
            "for i in $(seq 300); do sleep $tag & done; for i in $(seq 99); do (wait; sleep 1); done");

    assertThat(result.end()).isEqualTo(new Exited(137));
    assertThat(held.bench.log()).contains("more than 50 processes");
  }

  @Test
  void a_file_has_a_largest_size() throws IOException {
    held.fileBytesMax = 1_000_000;

    assertThat(held.sh("head -c 5000000 /dev/zero > src/big").passed()).isFalse();
    assertThat(Files.size(held.project.resolve("src/big"))).isEqualTo(1_000_000);
  }

  @Test
  void a_process_that_wants_more_memory_than_there_is_does_not_get_it() {
    HookResult result =
        held.sh(
            "python3 -c 'import os; b = bytearray(2 * os.sysconf(\"SC_PAGE_SIZE\") *"
                + " os.sysconf(\"SC_PHYS_PAGES\"))'");

    assertThat(result.passed()).isFalse();
    assertThat(result.output()).contains("MemoryError");
  }

  // What cannot be started

  @Test
  void a_program_that_does_not_exist_is_named() {
    assertThat(held.run(new Program(List.of("no-such-tool")), Bench.LONG).end())
        .isEqualTo(new NotStarted("no such program: no-such-tool (looked in PATH)"));
  }

  @Test
  void a_folder_to_write_that_does_not_exist_is_named() {
    held.writable.add("/no/such");

    assertThat(held.sh("true").verdict()).contains("no such folder: /no/such");
  }
}
