package dev.agentrunner.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program as it is shipped, started as people start it.
 *
 * @param home the folder that has the launcher in it
 */
record Program(Path home) {

  private static final Patience TO_ITS_END = new Patience(Duration.ofMinutes(2));

  /** How a start came to its end: 128 and more for a signal. */
  record Ended(int exit, String output) {}

  /** The words that start it, by the launcher. */
  List<String> words() {
    return List.of(home.resolve("agent-runner").toString());
  }

  /** The words that start its JVM at once, for tracing, with the launcher's options. */
  List<String> bareWords() {
    Path dist = home.resolve("target/dist");
    try {
      String jdk = Files.readString(dist.resolve("jdk")).strip();
      return List.of(
          jdk + "/bin/java",
          "-XX:SharedArchiveFile=" + dist.resolve("run.jsa"),
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmn16m",
          "-Xshare:auto",
          "-Xlog:disable",
          "-Xlog:all=error,cds*=off,aot*=off:stderr",
          "-XX:-UsePerfData",
          "-XX:UserThreadWaitAttemptsAtExit=0",
          "--enable-native-access=ALL-UNNAMED",
          "-cp",
          dist.resolve("agent-runner.jar").toString(),
          "dev.agentrunner.Main");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it for {@code ground} in a session of its own, with signals as the system has them. */
  Process start(Ground ground, String... arguments) throws IOException {
    return start(ground, List.of(), words(), arguments);
  }

  /**
   * @param before a program that is put before it, such as a tracer
   */
  Process start(Ground ground, List<String> before, List<String> words, String... arguments)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT,TERM,HUP"));
    line.addAll(before);
    line.addAll(words);
    line.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(line)
            .directory(ground.folder().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(ground.output().toFile()));
    builder.environment().putAll(ground.environment());
    return builder.start();
  }

  /** Runs it to its end. */
  Ended run(Ground ground, String... arguments) throws IOException, InterruptedException {
    return end(start(ground, arguments), ground);
  }

  /** Waits for its end, and for the end of everything it started. */
  Ended end(Process process, Ground ground) throws IOException, InterruptedException {
    Duration most = TO_ITS_END.now();
    if (!process.waitFor(most)) {
      Signal.KILL.toGroupOf(process);
      throw new IOException("still running after " + most.toSeconds() + " s: " + process.info());
    }
    ground.awaitSilence();
    return new Ended(process.exitValue(), Files.readString(ground.output()));
  }

  /** Whether it can be used: it was built, and {@code setsid} and {@code env} are there. */
  boolean ready() {
    return Stream.of("agent-runner", "target/dist/agent-runner.jar", "target/dist/jdk")
        .allMatch(name -> Files.exists(home.resolve(name)));
  }
}
