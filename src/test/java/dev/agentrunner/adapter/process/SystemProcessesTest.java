package dev.agentrunner.adapter.process;

import static dev.agentrunner.adapter.process.Bench.LONG;
import static dev.agentrunner.adapter.process.Bench.until;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.HookResult.Exited;
import dev.agentrunner.core.run.HookResult.Interrupted;
import dev.agentrunner.core.run.HookResult.NotStarted;
import dev.agentrunner.core.run.HookResult.TimedOut;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Command.Program;
import dev.agentrunner.core.task.Command.Shell;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.port.Processes.Job;
import dev.agentrunner.port.StopSignal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs real commands; what is left of them is looked for in {@code /proc}. */
@EnabledOnOs(OS.LINUX)
class SystemProcessesTest {

  private static final Duration SHORT_GRACE = Duration.ofMillis(200);
  private static final Sandboxes NO_SANDBOX = new Sandboxes(Sandboxing.OFF, "");
  private static final Duration SOON = Duration.ofMillis(300);

  @TempDir private Path folder;
  private Bench bench;

  @BeforeEach
  void set_up() {
    bench = new Bench(folder, new SystemProcesses(SHORT_GRACE, System.getenv()));
  }

  @AfterEach
  void nothing_is_left() {
    assertThat(bench.alive()).isEmpty();
  }

  // How it ends

  @ParameterizedTest
  @CsvSource({"true, 0", "exit 3, 3", "kill -9 $$, 137", "kill -TERM $$, 143", "nope, 127"})
  void a_command_ends_with_its_exit_code(String line, int code) {
    assertThat(bench.sh(line).end()).isEqualTo(new Exited(code));
  }

  @Test
  void standard_input_is_empty() {
    assertThat(bench.sh("read line || echo nothing").output()).isEqualTo("nothing\n");
  }

  @Test
  void it_has_a_session_of_its_own() {
    HookResult result = bench.sh("echo $$ $(ps -o sid= -p $$) $(ps -o pgid= -p $$)");

    assertThat(Set.copyOf(List.of(result.output().strip().split(" +")))).hasSize(1);
  }

  @Test
  void one_that_takes_too_long_is_ended() {
    HookResult result = bench.sh("echo begun; sleep $tag", SOON);

    assertThat(result.end()).isEqualTo(new TimedOut(SOON));
    assertThat(result.output()).isEqualTo("begun\n");
  }

  @Test
  void a_time_limit_holds_however_much_is_printed() {
    assertThat(bench.sh("yes $tag", SOON).end()).isEqualTo(new TimedOut(SOON));
  }

  @Test
  void a_time_limit_may_be_longer_than_any_life() {
    assertThat(bench.sh("exit 0", Duration.ofSeconds(Long.MAX_VALUE)).passed()).isTrue();
  }

  @Test
  void one_that_is_asked_to_end_may_clean_up() {
    var patient = new Bench(folder, new SystemProcesses(Duration.ofMinutes(1), System.getenv()));
    var result =
        patient.shAside("trap 'echo bye; exit 1' TERM; echo > ready; while :; do sleep 0.05; done");
    until(() -> bench.has("ready"));

    patient.stop.request();

    assertThat(result.join().end()).isEqualTo(new Interrupted());
    assertThat(result.join().output()).contains("bye");
    assertThat(patient.alive()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trap '' TERM; while :; do sleep $tag; done",
        "trap '' TERM HUP INT; sh -c 'sleep $tag; :' & wait; sleep $tag; :",
        "trap '' TERM; setsid sh -c 'sleep $tag; :' & sleep $tag; :",
      })
  void one_that_does_not_heed_it_is_killed(String line) {
    assertThat(bench.sh(line, SOON).end()).isEqualTo(new TimedOut(SOON));
  }

  @Test
  void one_that_is_stopped_in_its_tracks_is_killed() {
    assertThat(bench.sh("kill -STOP $$; sleep $tag", SOON).end()).isEqualTo(new TimedOut(SOON));
  }

  @Test
  void it_does_not_start_once_asked_to_stop() {
    bench.stop.request();

    assertThat(bench.sh("echo > ready").end()).isEqualTo(new Interrupted());
    assertThat(bench.has("ready")).isFalse();
  }

  @Test
  void an_interrupt_of_the_thread_ends_it_and_stays_set() {
    Thread.currentThread().interrupt();

    HookResult result = bench.sh("sleep $tag");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(result.end()).isEqualTo(new Interrupted());
  }

  @Test
  void a_reader_that_fails_leaves_nothing_behind() {
    var job =
        new Job(
            new Shell("echo; sleep " + bench.tag),
            folder.toString(),
            Map.of(),
            LONG,
            Optional.empty());

    assertThatThrownBy(() ->
            bench.processes.run(
                job,
                _ -> {
                  throw new IllegalStateException("disk full");
                },
                bench.stop))
        .hasMessage("disk full");
  }

  // What it leaves behind

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sleep $tag &",
        "sleep $tag >/dev/null 2>&1 &",
        "(sleep $tag >/dev/null 2>&1 &) &",
        "nohup sleep $tag &",
        "setsid sleep $tag &",
        "setsid sleep $tag >/dev/null 2>&1 &",
        "setsid setsid nohup sleep $tag >/dev/null 2>&1 </dev/null &",
        "(setsid sh -c 'setsid sleep $tag & setsid sleep $tag & exit' &) >/dev/null 2>&1",
        "for i in 1 2 3 4 5 6 7 8 9; do setsid sleep $tag >/dev/null 2>&1 & done; exit 0",
        "env -i sleep $tag >/dev/null 2>&1 &",
        "cd / && exec >/dev/null 2>&1 && trap '' TERM HUP && setsid sleep $tag &",
      })
  void whatever_it_leaves_behind_is_ended(String line) {
    for (int i = 0; i < 3; i++) {
      assertThat(bench.sh(line).end()).isEqualTo(new Exited(0));
      assertThat(bench.alive()).isEmpty();
    }
  }

  @Test
  void so_it_is_when_the_command_took_long() {
    bench.sh("sleep 1.2; setsid sleep $tag >/dev/null 2>&1 &  sleep 1.2; exit 0");

    assertThat(bench.alive()).isEmpty();
  }

  @Test
  void a_daemon_that_forked_twice_and_renamed_itself_is_ended() {
    assumeTrue(new File("/usr/bin/perl").canExecute(), "needs perl");
    String daemon =
        """
        use POSIX; exit if fork; POSIX::setsid(); exit if fork; chdir "/";
        open STDIN, "</dev/null"; open STDOUT, ">/dev/null"; open STDERR, ">/dev/null";
        $SIG{TERM} = "IGNORE"; $0 = "renamed $ENV{tag} " . "." x 4000;
        open F, ">$ARGV[0]"; print F $$; close F; sleep 9999;
        """;
    bench.write("daemon.pl", daemon);

    HookResult result =
        bench.sh("perl daemon.pl \"$PWD/pid\"; while [ ! -s pid ]; do sleep 0.01; done");

    assertThat(result.passed()).isTrue();
    assertThat(bench.alive()).isEmpty();
  }

  @Test
  void a_daemon_that_cleared_its_environment_and_has_a_session_of_its_own_is_ended() {
    assumeTrue(new File("/usr/bin/prlimit").canExecute(), "needs prlimit");

    for (int i = 0; i < 3; i++) {
      bench.sh("env -i setsid sleep $tag >/dev/null 2>&1 &");
      assertThat(bench.alive()).isEmpty();
    }
  }

  @Test
  void one_that_hands_over_to_its_child_again_and_again_is_ended() {
    assumeTrue(new File("/usr/bin/perl").canExecute(), "needs perl");
    assumeTrue(new File("/usr/bin/prlimit").canExecute(), "needs prlimit");
    bench.write(
        "relay.pl", "for (1..200) { exit if fork } exec qw(env -i setsid sleep), $ENV{tag}");

    for (int i = 0; i < 10; i++) {
      bench.sh("perl relay.pl >/dev/null 2>&1");
      assertThat(bench.alive()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void with_fewer_tools_daemons_are_ended_too(boolean setsid) {
    var tools = setsid ? Prelude.found("/usr/bin").setsid() : List.<String>of();
    var launcher = new Launcher(System.getenv(), new Prelude(Optional.empty(), tools), NO_SANDBOX);
    var poor = new Bench(folder, new SystemProcesses(SHORT_GRACE, launcher));

    for (int i = 0; i < 3; i++) {
      assertThat(poor.sh("setsid sleep $tag >/dev/null 2>&1 & exit 3").end())
          .isEqualTo(new Exited(3));
      assertThat(poor.alive()).isEmpty();
    }
  }

  @Test
  void where_there_is_no_setsid_perl_begins_the_session() throws IOException {
    assumeTrue(new File("/usr/bin/perl").canExecute(), "needs perl");
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Files.createSymbolicLink(tools.resolve("perl"), Path.of("/usr/bin/perl"));
    Files.writeString(folder.resolve("gate.py"), "#!/no/such/python\n");
    assertThat(folder.resolve("gate.py").toFile().setExecutable(true)).isTrue();
    var launcher = new Launcher(System.getenv(), Prelude.found(tools.toString()), NO_SANDBOX);
    var perl = new Bench(folder, new SystemProcesses(SHORT_GRACE, launcher));

    assertThat(perl.sh("[ $$ = $(ps -o sid= -p $$) ]").end()).isEqualTo(new Exited(0));
    assertThat(perl.program("printf", "<%s>", "a b", "-x").output()).isEqualTo("<a b><-x>");
    assertThat(perl.program("./gate.py").end()).isInstanceOf(NotStarted.class);
  }

  @Test
  void what_a_child_still_prints_after_the_end_is_heard() {
    assertThat(bench.sh("(sleep 0.02; echo late) & echo early").output())
        .isEqualTo("early\nlate\n");
  }

  @Test
  void a_stranger_that_starts_meanwhile_is_left_alone() throws IOException {
    var result = bench.shAside("echo > ready; while [ ! -s go ]; do sleep 0.01; done; sleep 9 &");
    until(() -> bench.has("ready"));
    Process stranger = new ProcessBuilder("setsid", "sleep", "9999").start();
    try {
      bench.write("go", "go");

      assertThat(result.join().passed()).isTrue();
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void commands_that_run_at_the_same_time_do_not_end_each_other() {
    var longer = bench.shAside("sh -c 'echo > ready; while [ ! -s go ]; do sleep 0.01; done'");
    until(() -> bench.has("ready"));
    List<CompletableFuture<HookResult>> shorter = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      shorter.add(bench.shAside("setsid sleep $tag >/dev/null 2>&1 & echo " + i + "; exit " + i));
    }

    for (int i = 0; i < 8; i++) {
      assertThat(shorter.get(i).join().end()).isEqualTo(new Exited(i));
      assertThat(shorter.get(i).join().output()).isEqualTo(i + "\n");
    }
    assertThat(longer.isDone()).isFalse();
    bench.write("go", "go");
    assertThat(longer.join().passed()).isTrue();
  }

  @Test
  void the_end_of_the_program_ends_everything_at_once() {
    var hasty = new Bench(folder, new SystemProcesses(Duration.ofMinutes(5), System.getenv()));
    String line = "trap '' TERM; setsid sleep $tag & echo > %s; while :; do sleep $tag; done";
    var one = hasty.shAside(line.formatted("one"));
    var two = hasty.shAside(line.formatted("two"));
    until(() -> hasty.has("one") && hasty.has("two"));

    hasty.processes.endAll();

    assertThat(hasty.alive()).isEmpty();
    assertThat(one.join().end()).isEqualTo(new Interrupted());
    assertThat(two.join().end()).isEqualTo(new Interrupted());
    assertThat(hasty.sh("true").end()).isEqualTo(new Interrupted());
  }

  @Test
  void the_end_of_the_program_cuts_the_grace_short() {
    var hasty = new Bench(folder, new SystemProcesses(Duration.ofMinutes(5), System.getenv()));
    var result = hasty.shAside("trap 'echo > asked' TERM; echo > ready; while :; do sleep 1; done");
    until(() -> hasty.has("ready"));
    hasty.stop.request();
    until(() -> hasty.has("asked"));

    hasty.processes.endAll();

    assertThat(result.join().end()).isEqualTo(new Interrupted());
  }

  // What it prints

  @Test
  void output_and_errors_come_in_the_order_written() {
    HookResult result = bench.sh("for i in 1 2 3; do echo out$i; echo err$i >&2; done");

    assertThat(result.output()).isEqualTo("out1\nerr1\nout2\nerr2\nout3\nerr3\n");
    assertThat(bench.log()).isEqualTo(result.output());
  }

  @Test
  void nothing_of_the_last_output_is_lost() {
    for (int i = 0; i < 50; i++) {
      HookResult result = bench.sh("head -c 200000 /dev/zero | tr '\\0' a; printf end");

      assertThat(result.outputBytes()).isEqualTo(200_003);
      assertThat(result.output()).endsWith("aend");
    }
  }

  @Test
  void a_flood_of_output_is_counted_and_cut() throws NoSuchAlgorithmException {
    var read = new AtomicLong();
    var job =
        new Job(
            new Shell("yes | head -c 200000000; exit 4"),
            folder.toString(),
            Map.of(),
            LONG,
            Optional.empty());

    HookResult result =
        bench.processes.run(job, chunk -> read.addAndGet(chunk.length), new StopSignal());

    assertThat(result.end()).isEqualTo(new Exited(4));
    assertThat(result.outputBytes()).isEqualTo(200_000_000);
    assertThat(result.outputDigest()).isEqualTo(digestOfYes(200_000_000));
    assertThat(result.output()).contains("bytes left out").hasSizeLessThan(8192);
    assertThat(read.get()).isBetween(2L * CappedOutput.KEPT, 2L * CappedOutput.KEPT + 100);
  }

  private static String digestOfYes(int length) throws NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance("SHA-256");
    byte[] block = "y\n".repeat(1000).getBytes(US_ASCII);
    for (int i = 0; i < length / block.length; i++) {
      digest.update(block);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void bytes_that_are_no_text_reach_the_log_as_they_are() {
    HookResult result = bench.sh("printf '\\033[31mred\\033[0m\\000 \\377\\376 10%%\\r99%%\\n'");

    assertThat(result.output()).isEqualTo("99%\n");
    assertThat(HexFormat.of().formatHex(bench.log.toByteArray()))
        .isEqualTo("1b5b33316d7265641b5b306d0020fffe203130250d3939250a");
    assertThat(result.outputBytes()).isEqualTo(25);
  }

  // What it is started with

  @Test
  void no_shell_reads_the_arguments_of_a_program() {
    assumeUtf8();
    String[] words = {"a b", "grün", "\"q'", "$HOME", "*", "", "`id`", "x;y", "\\", "a\nb"};
    List<String> line = new ArrayList<>(List.of("printf", "<%s>"));
    line.addAll(List.of(words));

    assertThat(bench.program(line.toArray(String[]::new)).output())
        .isEqualTo("<" + String.join("><", words) + ">");
  }

  @Test
  void a_folder_may_have_any_name() throws IOException {
    assumeUtf8();
    Path odd = Files.createDirectory(folder.resolve("mit Leerzeichen & Größe"));
    Files.writeString(odd.resolve("gate.sh"), "#!/bin/sh\npwd\n");
    assertThat(odd.resolve("gate.sh").toFile().setExecutable(true)).isTrue();
    var there = new Bench(odd, bench.processes);

    assertThat(there.program("./gate.sh").output()).isEqualTo(odd + "\n");
    assertThat(there.sh("pwd").output()).isEqualTo(odd + "\n");
  }

  private static void assumeUtf8() {
    assumeTrue(
        System.getProperty("sun.jnu.encoding", "").equals("UTF-8"), "needs a locale with UTF-8");
  }

  @Test
  void the_environment_is_the_runners_own_and_the_jobs() {
    var processes = inEnvironment(Map.of("OWN", "1", "BOTH", "own"));

    String output =
        processes
            .run(
                job("echo $OWN $BOTH $JOB", Map.of("BOTH", "job", "JOB", "2")), _ -> {}, bench.stop)
            .output();

    assertThat(output).isEqualTo("1 job 2\n");
  }

  @ParameterizedTest
  @CsvSource({"'', unset", "de_DE.UTF-8, de_DE.UTF-8"})
  void the_locale_is_the_one_that_the_user_had(String original, String seen) {
    var processes =
        inEnvironment(Map.of("LC_ALL", "C.UTF-8", "AGENT_RUNNER_ORIG_LC_ALL", original));

    String output =
        processes.run(job("echo ${LC_ALL-unset}; env", Map.of()), _ -> {}, bench.stop).output();

    assertThat(output).startsWith(seen + "\n").doesNotContain("AGENT_RUNNER_ORIG_");
  }

  @Test
  void without_a_note_of_it_the_locale_is_left_alone() {
    var processes = inEnvironment(Map.of("LC_ALL", "C"));

    assertThat(processes.run(job("echo $LC_ALL", Map.of()), _ -> {}, bench.stop).output())
        .isEqualTo("C\n");
  }

  @Test
  void what_a_runner_in_a_hook_starts_still_belongs_to_the_hook() {
    var processes = inEnvironment(Map.of("AGENT_RUNNER_JOB", "outer"));

    assertThat(processes.run(job("echo $AGENT_RUNNER_JOB", Map.of()), _ -> {}, bench.stop).output())
        .matches("outer,\\d{18}\n");
  }

  private SystemProcesses inEnvironment(Map<String, String> environment) {
    Map<String, String> whole = new HashMap<>(environment);
    whole.put("PATH", "/usr/bin:/bin");
    return new SystemProcesses(
        SHORT_GRACE, new Launcher(whole, Prelude.found("/usr/bin:/bin"), NO_SANDBOX));
  }

  private Job job(String line, Map<String, String> environment) {
    return new Job(new Shell(line), folder.toString(), environment, LONG, Optional.empty());
  }

  // What cannot be started

  @Test
  void a_program_that_does_not_exist_is_named() {
    assertNotStarted(
        bench.program("no-such-tool", "x"), "no such program: no-such-tool (looked in PATH)");
    assertNotStarted(bench.program("./gate.sh"), "no such program: ./gate.sh");
    assertNotStarted(bench.program(""), "the program has no name");
    assertNotStarted(bench.program("a\0b"), "no such program: a\0b");
  }

  @Test
  void a_program_that_may_not_be_run_is_named() throws IOException {
    Files.writeString(folder.resolve("gate.sh"), "#!/bin/sh\n");
    Files.createDirectory(folder.resolve("sub"));

    assertNotStarted(
        bench.program("./gate.sh"), "not executable: ./gate.sh (chmod +x would make it so)");
    assertNotStarted(bench.program("./sub"), "a folder, not a program: ./sub");
  }

  @Test
  void a_script_whose_interpreter_is_missing_is_named() throws IOException {
    Files.writeString(folder.resolve("gate.py"), "#!/no/such/python\n");
    assertThat(folder.resolve("gate.py").toFile().setExecutable(true)).isTrue();

    assertThat(bench.program("./gate.py").verdict())
        .startsWith(
            "could not be started: ./gate.py: No such file or directory; if it is a script");
  }

  @Test
  void a_program_that_ends_with_the_code_of_a_missing_one_did_start() {
    assertThat(bench.program("sh", "-c", "echo setsid: x >&2; echo: y; exit 127").end())
        .isEqualTo(new Exited(127));
  }

  @Test
  void a_folder_that_does_not_exist_is_named() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    String missing = folder.resolve("missing").toString();
    String file = folder.resolve("file").toString();

    assertNotStarted(
        bench.run(new Job(new Shell("true"), missing, Map.of(), LONG, Optional.empty())),
        "no such folder: " + missing);
    assertNotStarted(
        bench.run(new Job(new Shell("true"), file, Map.of(), LONG, Optional.empty())),
        "not a folder: " + file);
  }

  @Test
  void arguments_that_the_system_does_not_take_are_a_plain_answer() {
    assertNotStarted(bench.program("true", "x".repeat(3_000_000)), "true: Argument list too long");
    assertNotStarted(bench.program("true", "\0"), "true: invalid null character in command");
  }

  @Test
  void a_value_that_the_system_does_not_take_is_not_quoted() {
    Command program = new Program(List.of("true"));

    HookResult result =
        bench.run(
            new Job(program, folder.toString(), Map.of("KEY", "secret\0"), LONG, Optional.empty()));

    assertThat(result.end()).isInstanceOf(NotStarted.class);
    assertThat(result.verdict()).doesNotContain("secret");
  }

  private static void assertNotStarted(HookResult result, String why) {
    assertThat(result.end()).isEqualTo(new NotStarted(why));
    assertThat(result.outputBytes()).isZero();
  }

  // What it costs

  @Test
  void many_runs_leave_no_thread_and_no_file_open() {
    bench.sh("sleep $tag & echo warm");
    long files = openFiles();
    Set<Thread> threads = Thread.getAllStackTraces().keySet();

    for (int i = 0; i < 100; i++) {
      bench.sh(i % 10 == 0 ? "setsid sleep $tag >/dev/null & echo" : "echo");
    }

    until(() -> openFiles() <= files);
    // The JDK keeps its own, which wait for processes to end, for a minute in case of more.
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !threads.contains(thread))
        .allSatisfy(thread -> assertThat(thread.getName()).startsWith("process reaper"));
  }

  private static long openFiles() {
    String[] names = new File("/proc/self/fd").list();
    return names == null ? 0 : names.length;
  }
}
