package dev.agentrunner.bench;

import dev.agentrunner.adapter.files.FileEventLog;
import dev.agentrunner.adapter.files.RunFolders;
import dev.agentrunner.adapter.http.EventReader;
import dev.agentrunner.core.edit.EditPlan;
import dev.agentrunner.core.edit.EditResult;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.testing.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okio.Buffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the program does most often, without disks and sockets. {@link #reference} is a piece of
 * work that never changes: the others are told as multiples of it, which other machines, and other
 * moments of the same one, have in common.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CoreBenchmark {

  private static final int EVENTS = 1_000;
  private static final int FILE_LINES = 2_000;
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final byte[] digested = new byte[64 * 1024];
  private final List<Recorded> history = new ArrayList<>();
  private RunId run = new RunId("bench");
  private RunState halfway = RunState.empty(run);
  private Plan plan = Tasks.plan(List.of());
  private byte[] stream = {};
  private String reply = "";
  private byte[] file = {};

  /** The log of a run of many tasks, a reply of 500 deltas, a long file with one edit in it. */
  @Setup
  public void prepare() throws IOException {
    Path project = Files.createTempDirectory("agent-runner-bench");
    LongLog.main(new String[] {Integer.toString(EVENTS), project.toString()});
    var folders = new RunFolders(project);
    run = folders.newestFirst().getFirst();
    try (var log = new FileEventLog(folders, FileEventLog.Reading.AT_A_GLANCE)) {
      log.read(run, 0, history::add);
    }
    halfway = folded(history.subList(0, history.size() / 2));
    plan =
        Tasks.plan(
            List.of(),
            halfway.tasks().stream()
                .map(task -> Tasks.task(task.id().value()))
                .toArray(Task[]::new));
    stream =
        ("event: content_block_delta\n"
                + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a few words\"}}\n\n")
            .repeat(500)
            .getBytes(StandardCharsets.UTF_8);
    file =
        IntStream.range(0, FILE_LINES)
            .mapToObj("    value = compute(%d)\n"::formatted)
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8);
    reply =
        """
        app.py
        ```
        <<<<<<< SEARCH
            value = compute(1500)
            value = compute(1501)
        =======
            value = compute(1500) + 1
        >>>>>>> REPLACE
        ```
        """;
  }

  private RunState folded(List<Recorded> events) {
    RunState state = RunState.empty(run);
    for (Recorded event : events) {
      state = state.after(event);
    }
    return state;
  }

  /** SHA-256 of 64 KiB. */
  @Benchmark
  public byte[] reference() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256").digest(digested);
  }

  @Benchmark
  public RunState fold_of_1000_events() {
    return folded(history);
  }

  @Benchmark
  public Step next_step() {
    return halfway.next(plan, NOW);
  }

  @Benchmark
  public int stream_of_500_deltas() throws IOException {
    var events = new EventReader(new Buffer().write(stream));
    int length = 0;
    for (var event = events.next(); event.isPresent(); event = events.next()) {
      length += event.get().data().length();
    }
    return length;
  }

  @Benchmark
  public EditResult edit_in_2000_lines() {
    return switch (EditPlan.read(reply, Optional.empty())) {
      case EditPlan.Reading.Planned(EditPlan edits) -> edits.applyTo(_ -> Optional.of(file));
      case EditPlan.Reading.Unreadable(String why) -> throw new IllegalStateException(why);
    };
  }
}
