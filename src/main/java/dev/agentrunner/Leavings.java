package dev.agentrunner;

import dev.agentrunner.adapter.files.FileArtifacts;
import dev.agentrunner.adapter.files.RunFolders;
import dev.agentrunner.adapter.files.RunLogFiles;
import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.json.EventJson;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a run leaves behind for people, kept by what it holds and listed by name. */
final class Leavings {

  private static final int LOG_BYTES_MAX = 10 << 20;
  private static final List<String> LOGS = List.of("pre.log", "agent.md", "post.log", "defer.log");

  private final RunFolders folders;
  private final FileArtifacts artifacts;
  private final RunId run;
  private final InstantSource clock;
  private final List<ArtifactRecord> all = new ArrayList<>();

  Leavings(RunFolders folders, RunId run, InstantSource clock) {
    this.folders = folders;
    this.artifacts = folders.artifacts(run);
    this.run = run;
    this.clock = clock;
  }

  List<ArtifactRecord> all() {
    return List.copyOf(all);
  }

  void keep(String name, String kind, String text) {
    keep(name, kind, text.getBytes(StandardCharsets.UTF_8));
  }

  void keep(String name, String kind, byte[] bytes) {
    String digest = artifacts.keep(bytes);
    byte[] named = (run + "/" + name).getBytes(StandardCharsets.UTF_8);
    all.add(
        new ArtifactRecord(
            EventJson.digest(named, 0, named.length).substring(0, 24),
            run,
            name,
            kind,
            artifacts.place(digest).toUri().toString(),
            bytes.length,
            digest,
            clock.instant()));
  }

  /** The logs of a task, secrets masked; the end of those that are very long. */
  void keepLogs(TaskId task, UnaryOperator<String> masked) {
    RunLogFiles logs = folders.logs(run);
    for (String name : LOGS) {
      byte[] bytes = logs.end(task, name, LOG_BYTES_MAX);
      if (bytes.length > 0) {
        keep(task + "/" + name, "log", masked.apply(new String(bytes, StandardCharsets.UTF_8)));
      }
    }
  }
}
