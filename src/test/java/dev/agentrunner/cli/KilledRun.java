package dev.agentrunner.cli;

import dev.agentrunner.ProgramDoor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes of a run that went well what a kill would have left of it. */
final class KilledRun {

  private KilledRun() {}

  /** As if killed right after the first event of that type was durable, in the middle of a line. */
  static void after(String type, ProgramDoor door) {
    try {
      Path log = log(door);
      List<String> lines = Files.readAllLines(log);
      int last = 0;
      while (!lines.get(last).contains("\"type\":\"" + type + "\"")) {
        last++;
      }
      String torn = last + 1 < lines.size() ? lines.get(last + 1).substring(0, 20) : "";
      Files.writeString(log, String.join("\n", lines.subList(0, last + 1)) + "\n" + torn);
      Files.deleteIfExists(door.project().resolve(".agent-runner/state.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void withoutLog(ProgramDoor door) {
    try {
      Files.delete(log(door));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The id of the newest run. */
  static String newest(ProgramDoor door) {
    return String.valueOf(log(door).getParent().getFileName());
  }

  static Path log(ProgramDoor door) {
    try (Stream<Path> runs = Files.list(door.project().resolve(".agent-runner/runs"))) {
      return runs.sorted().reduce((a, b) -> b).orElseThrow().resolve("events.jsonl");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
