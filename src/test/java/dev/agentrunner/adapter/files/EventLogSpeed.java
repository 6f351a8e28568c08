package dev.agentrunner.adapter.files;

import dev.agentrunner.adapter.files.FileEventLog.Reading;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.testing.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures a log of 100,000 events in a new folder below the one named, each reading in a cold JVM
 * as well as a warm one.
 *
 * <pre>
 * java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx120m -cp target/classes:target/test-classes:… \
 *     dev.agentrunner.adapter.files.EventLogSpeed /tmp/speed write|checked|glance
 * </pre>
 */
final class EventLogSpeed {

  private static final RunId RUN = new RunId("20261121-101530-7f3a");
  private static final TaskId TASK = new TaskId("setup-project");
  private static final int EVENTS = 100_000;
  private static final int BATCH = 250;
  private static final int SINGLE = 200;

  private EventLogSpeed() {}

  public static void main(String[] arguments) throws IOException {
    var folders = new RunFolders(Path.of(arguments[0]));
    switch (arguments[1]) {
      case "write" -> write(folders);
      case "checked" -> read(folders, Reading.CHECKED);
      case "glance" -> read(folders, Reading.AT_A_GLANCE);
      default -> throw new IllegalArgumentException(arguments[1]);
    }
  }

  private static void write(RunFolders folders) throws IOException {
    try (var log = new FileEventLog(folders, Reading.CHECKED)) {
      long begun = System.nanoTime();
      for (int seq = 1; seq <= EVENTS; seq += BATCH) {
        log.append(RUN, events(seq, BATCH));
      }
      System.out.println(
          "%d events in batches of %d: %d ms".formatted(EVENTS, BATCH, millisSince(begun)));
      long single = System.nanoTime();
      for (int seq = EVENTS + 1; seq <= EVENTS + SINGLE; seq++) {
        log.append(RUN, events(seq, 1));
      }
      System.out.println("one event: %.2f ms".formatted(millisSince(single) / (double) SINGLE));
      long size = Files.size(folders.events(RUN));
      System.out.println("%d bytes, %d a line".formatted(size, size / (EVENTS + SINGLE)));
      FileArtifacts artifacts = folders.artifacts(RUN);
      long keeping = System.nanoTime();
      for (int i = 0; i < SINGLE; i++) {
        artifacts.keep(("body " + i).getBytes(StandardCharsets.UTF_8));
      }
      System.out.println("one artifact: %.2f ms".formatted(millisSince(keeping) / (double) SINGLE));
    }
  }

  private static void read(RunFolders folders, Reading reading) {
    for (int i = 0; i < 3; i++) {
      var count = new LongAdder();
      long begun = System.nanoTime();
      new FileEventLog(folders, reading).read(RUN, 0, recorded -> count.increment());
      System.out.println(
          "%s, time %d: %d events in %d ms"
              .formatted(reading, i + 1, count.sum(), millisSince(begun)));
    }
  }

  private static List<Recorded> events(int from, int count) {
    List<Recorded> events = new ArrayList<>(count);
    for (int seq = from; seq < from + count; seq++) {
      events.add(Samples.recorded(seq, event(seq)));
    }
    return events;
  }

  /** What a conversation consists of, at the lengths it usually has. */
  private static RunEvent event(int seq) {
    String id = "toolu_01A09q90qw90lq917835l" + seq;
    return switch (seq % 4) {
      case 0 -> new RunEvent.ModelAsked(TASK, 1, seq);
      case 1 ->
          new RunEvent.ModelReplied(
              TASK,
              1,
              seq,
              new Reply(
                  "claude-sonnet-4-5-20250929",
                  List.of(
                      new Part.Text("I read the file first."),
                      new Part.Call(
                          new ToolCall(
                              id, "read_file", new ToolCall.Valid(Map.of("path", "src/a.py"))))),
                  Stop.TOOLS,
                  "tool_use",
                  new Usage(12, 20_480, 311, 95, 0, true),
                  Optional.empty()));
      case 2 -> new RunEvent.ToolCalled(TASK, 1, id, "read_file", List.of(), "");
      default ->
          new RunEvent.ToolReturned(
              TASK,
              1,
              new ToolResult(
                  id, "read_file", "def main():\n    print(\"hello\")\n".repeat(6), false));
    };
  }

  private static long millisSince(long begun) {
    return (System.nanoTime() - begun) / 1_000_000;
  }
}
