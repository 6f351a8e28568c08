package dev.agentrunner.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Files of a run that was cut off, lost or changed by somebody else. */
final class DamageFaults {

  private final Cases cases;

  DamageFaults(Cases cases) {
    this.cases = cases;
  }

  void check() throws IOException, InterruptedException {
    cases.tryOut(
        "a byte of the log is another one",
        trial -> {
          cut(trial);
          Path log = trial.ground().log();
          byte[] whole = Files.readAllBytes(log);
          byte[] damaged = whole.clone();
          damaged[damaged.length / 2] ^= 1;
          Files.write(log, damaged);
          refused(trial, "is not what was written");
          trial.expect(Arrays.equals(Files.readAllBytes(log), damaged), "the log was changed");
          Files.write(log, whole);
          trial.finish("run");
        });
    cases.tryOut(
        "the state is of a later version",
        trial -> {
          cut(trial);
          Path state = trial.ground().home().resolve("state.json");
          String was = Files.readString(state);
          String later = was.replaceFirst("\"v\":1", "\"v\":1001");
          Files.writeString(state, later);
          refused(trial, "newer agent-runner");
          trial.expect(Files.readString(state).equals(later), "the state was changed");
          Files.writeString(state, was);
          trial.finish("run");
        });
    cases.tryOut(
        "the state is lost",
        trial -> {
          cut(trial);
          Files.delete(trial.ground().home().resolve("state.json"));
          trial.finish("resume");
        });
    cases.tryOut(
        "the state is garbage",
        trial -> {
          cut(trial);
          Files.writeString(trial.ground().home().resolve("state.json"), "\0\0\0{]");
          trial.finish("resume");
        });
    cases.tryOut(
        "the last line is torn",
        trial -> {
          cut(trial);
          Files.writeString(
              trial.ground().log(), "{\"seq\":99,\"at\":\"20", StandardOpenOption.APPEND);
          trial.finish("resume");
        });
    cases.tryOut(
        "a hook writes to the log",
        trial -> {
          trial
              .ground()
              .hookAlso(
                  "before-T02", "echo nonsense >>\"$(ls ../.agent-runner/runs/*/events.jsonl)\"");
          Process process = trial.start();
          Program.Ended ended = trial.program().end(process, trial.ground());
          trial.expect(ended.exit() == 5, "ended with %d", ended.exit());
          trial.ground().hookNoMore("before-T02");
          Path log = trial.ground().log();
          String damaged = Files.readString(log);
          Process again = trial.start();
          ended = trial.program().end(again, trial.ground());
          trial.expect(ended.exit() == 5, "ended with %d when started again", ended.exit());
          trial.expect(Files.readString(log).equals(damaged), "the log was changed");
          Files.writeString(log, damaged.replace("nonsense\n", ""));
          trial.finish("run");
        });
  }

  /** A run that was killed in the middle of its second task. */
  private static void cut(Trial trial) throws IOException, InterruptedException {
    Process process = trial.start();
    trial.awaitHook("after T02");
    Signal.KILL.toGroupOf(process);
    process.waitFor();
    trial.lookAtDead();
  }

  private static void refused(Trial trial, String said) throws IOException, InterruptedException {
    int asked = trial.ground().provider().requests().size();
    Program.Ended ended = trial.program().end(trial.start(), trial.ground());
    trial.expect(ended.exit() == 5, "ended with %d", ended.exit());
    trial.expect(ended.output().contains(said), "did not say '%s'", said);
    trial.expect(trial.ground().provider().requests().size() == asked, "the model was asked");
  }
}
