package dev.agentrunner.adapter.files;

import dev.agentrunner.adapter.files.LogScan.End;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.EventLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Each run's history as a file of lines, {@code .agent-runner/runs/<run-id>/events.jsonl}:
 *
 * <pre>
 * {"seq":1,…,"type":"run.started",…,"prev":"000000…"}
 * {"seq":2,…,"type":"task.started",…,"prev":"&lt;SHA-256 of line 1>"}
 * {"seq":3,…,"type":"hook.st                                        a torn last line was never reported as written
 * </pre>
 *
 * <p>Texts above 64 KiB are kept among the run's artifacts first and named in the line. Lines are
 * as {@link EventJson} says.
 *
 * <p>Reading never changes a file and can go on beside a run in another process. Adding is for
 * whoever holds the {@link ProjectLock}: the first time, the whole log is checked, a torn last line
 * is taken away, and anything else that is not as it was written is refused.
 */
public final class FileEventLog implements EventLog, AutoCloseable {

  private final RunFolders folders;
  private final Reading reading;
  private final Opening opening;
  private final Map<RunId, LogPen> pens = new HashMap<>();
  private final Map<RunId, End> checked = new HashMap<>();

  /** How much {@link #read} trusts the disk. */
  public enum Reading {
    /** Every line is checked against the one before, back to the first: to resume, to verify. */
    CHECKED,
    /** Lines are taken as they stand and those passed over are not looked at: to show. */
    AT_A_GLANCE
  }

  /** Opens a file to append to; tests put trouble here. */
  interface Opening {
    FileChannel open(Path file) throws IOException;
  }

  public FileEventLog(RunFolders folders, Reading reading) {
    this(
        folders,
        reading,
        file -> PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  FileEventLog(RunFolders folders, Reading reading, Opening opening) {
    this.folders = folders;
    this.reading = reading;
    this.opening = opening;
  }

  @Override
  public void read(RunId run, long after, Consumer<Recorded> reader) {
    switch (reading) {
      case AT_A_GLANCE -> scan(run).glancing(after, reader);
      case CHECKED -> {
        End end = scan(run).checking(after, reader);
        synchronized (this) {
          checked.put(run, end);
        }
      }
    }
  }

  /** What a look at a whole log has shown. */
  public sealed interface Verdict {

    /**
     * Every line is as it was written and follows the one before.
     *
     * @param digest of the last line: whoever kept it can tell later whether the log is the same
     * @param torn whether something behind the last line was never reported as written
     */
    record Whole(long events, String digest, boolean torn) implements Verdict {}

    /**
     * @param where and how, for people
     */
    record Broken(String where) implements Verdict {}
  }

  /**
   * Looks at the whole log, whatever {@link Reading} this is for.
   *
   * @param reader is handed the events before the place where it is broken, if it is
   * @throws dev.agentrunner.port.EnvironmentException if it cannot be read
   */
  public Verdict verify(RunId run, Consumer<Recorded> reader) {
    Path file = folders.events(run);
    try {
      End end = scan(run).checking(0, reader);
      return new Verdict.Whole(end.seq(), end.digest(), Files.size(file) > end.bytes());
    } catch (EnvironmentException e) {
      if (e.getCause() instanceof IOException) {
        throw e;
      }
      return new Verdict.Broken(String.valueOf(e.getMessage()));
    } catch (NoSuchFileException e) {
      return new Verdict.Broken("%s is not there any more.".formatted(file));
    } catch (IOException e) {
      throw DiskTrouble.cannot("read", file, e);
    }
  }

  @Override
  public synchronized void append(RunId run, List<Recorded> events) {
    try (HeldInterrupt _ = HeldInterrupt.hold()) {
      LogPen pen = pens.get(run);
      if (pen == null) {
        pen = pen(run);
        pens.put(run, pen);
      }
      pen.append(events);
    }
  }

  private LogPen pen(RunId run) {
    Path file = folders.events(run);
    try {
      PrivateFiles.createFolder(folders.folder(run));
      FileChannel out = opening.open(file);
      try {
        PrivateFiles.syncFolder(folders.folder(run));
        folders.artifacts(run).removeLeftOvers();
        EventJson json = new EventJson(folders.bodies(run));
        return new LogPen(run, file, json, out, end(run, out.size()));
      } catch (IOException | RuntimeException e) {
        out.close();
        throw e;
      }
    } catch (IOException e) {
      throw DiskTrouble.cannot("write", file, e);
    }
  }

  /** Where the log ends. What was just read to its end need not be read again. */
  private End end(RunId run, long size) {
    End known = checked.get(run);
    return known != null && known.bytes() == size ? known : scan(run).checking(0, passed -> {});
  }

  private LogScan scan(RunId run) {
    return new LogScan(run, folders.events(run), new EventJson(folders.bodies(run)));
  }

  /** Adding to a run afterwards opens its log anew. */
  @Override
  public synchronized void close() {
    for (Map.Entry<RunId, LogPen> open : pens.entrySet()) {
      try {
        open.getValue().close();
      } catch (IOException e) {
        throw DiskTrouble.cannot("close", folders.events(open.getKey()), e);
      }
    }
    pens.clear();
    checked.clear();
  }
}
