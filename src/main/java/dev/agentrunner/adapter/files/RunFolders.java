package dev.agentrunner.adapter.files;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.json.UnreadableJsonException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Where the runs of a project are kept. Folders and files are made when something is first written,
 * for their owner only.
 *
 * <pre>
 * .agent-runner/
 * ├── lock                      {@link ProjectLock}
 * ├── state.json                {@link StateFile}
 * └── runs/&lt;run-id>/
 *     ├── events.jsonl          {@link FileEventLog}
 *     ├── artifacts/sha256/     {@link FileArtifacts}
 *     └── logs/&lt;task>/          {@link RunLogFiles}
 * </pre>
 */
public final class RunFolders {

  private static final String EVENTS = "events.jsonl";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT);
  private static final int STAMP_LENGTH = "20261121-101530".length();

  private final Path home;

  /**
   * @param project the folder that has {@code .agent-runner} in it, or is going to
   */
  public RunFolders(Path project) {
    this.home = project.resolve(".agent-runner");
  }

  /** {@code .agent-runner} itself. */
  public Path home() {
    return home;
  }

  public Path folder(RunId run) {
    return home.resolve("runs").resolve(run.value());
  }

  public Path events(RunId run) {
    return folder(run).resolve(EVENTS);
  }

  public FileArtifacts artifacts(RunId run) {
    return new FileArtifacts(folder(run).resolve("artifacts"));
  }

  public RunLogFiles logs(RunId run) {
    return new RunLogFiles(folder(run).resolve("logs"));
  }

  /**
   * Puts a file such as {@code report.md} into the run's folder, in place of what had that name.
   */
  public void keep(RunId run, String name, byte[] content) {
    Path file = folder(run).resolve(name);
    try (HeldInterrupt _ = HeldInterrupt.hold()) {
      PrivateFiles.createFolder(folder(run));
      PrivateFiles.replace(file, content, folder(run).resolve(name + ".tmp"));
    } catch (IOException e) {
      throw DiskTrouble.cannot("write", file, e);
    }
  }

  /**
   * Removes what was to be kept and was half written when the newest run died. Only for whoever
   * holds the lock.
   */
  public void removeLeftOvers() {
    names().stream()
        .max(Comparator.naturalOrder())
        .ifPresent(run -> PrivateFiles.removeTemporary(folder(run)));
  }

  Bodies bodies(RunId run) {
    return new ArtifactBodies(artifacts(run));
  }

  /** Every run that has a log, the newest first. */
  public List<RunId> newestFirst() {
    return names().stream()
        .sorted(Comparator.reverseOrder())
        .filter(run -> Files.exists(events(run)))
        .toList();
  }

  /**
   * The event a run began with; empty if it cannot be read, which {@link FileEventLog} explains.
   */
  public Optional<Recorded> first(RunId run) {
    try (LogLines lines = LogLines.of(events(run))) {
      if (!lines.next()) {
        return Optional.empty();
      }
      EventJson json = new EventJson(bodies(run));
      return Optional.of(json.read(lines.buffer(), lines.from(), lines.length()).recorded());
    } catch (IOException | UnreadableJsonException e) {
      return Optional.empty();
    }
  }

  /**
   * The newest run of a task list.
   *
   * @param list as {@link RunStarted#list} has it
   */
  public Optional<RunId> newestOf(String list) {
    return newestFirst().stream().filter(run -> isOf(list, run)).findFirst();
  }

  private boolean isOf(String list, RunId run) {
    return first(run)
        .filter(first -> first.event() instanceof RunStarted start && start.list().equals(list))
        .isPresent();
  }

  /** An id for a new run. It sorts after all there are, whatever the clock says. */
  public RunId next(Instant now, RandomGenerator random) {
    LocalDateTime time = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
    String suffix = "%04x".formatted(random.nextInt(1 << 16));
    Optional<LocalDateTime> newest =
        names().stream().flatMap(run -> stamp(run).stream()).max(Comparator.naturalOrder());
    if (newest.isPresent() && STAMP.format(newest.get()).compareTo(STAMP.format(time)) >= 0) {
      time = newest.get().plus(Duration.ofSeconds(1));
    }
    return new RunId(STAMP.format(time) + "-" + suffix);
  }

  /** When the run was begun, by its name; empty for a folder that somebody named otherwise. */
  private static Optional<LocalDateTime> stamp(RunId run) {
    String name = run.value();
    if (name.length() < STAMP_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDateTime.parse(name.substring(0, STAMP_LENGTH), STAMP));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private List<RunId> names() {
    Path runs = home.resolve("runs");
    List<RunId> found = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(runs)) {
      for (Path folder : folders) {
        String name = String.valueOf(folder.getFileName());
        if (RunId.isValid(name)) {
          found.add(new RunId(name));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw DiskTrouble.cannot("read", runs, e);
    }
    return found;
  }
}
