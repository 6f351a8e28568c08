package dev.agentrunner.adapter.files;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.json.StateJson;
import dev.agentrunner.json.UnreadableJsonException;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of the newest run, {@code .agent-runner/state.json}, as {@link StateJson} writes it: a
 * snapshot, to be had quickly. What it says stands in the log as well, and the log says more where
 * the two differ: a state is only offered once its last event is durable, and not every state is
 * written.
 *
 * <p>Writing goes through {@code state.json.tmp}, so that a reader finds the old state or the new
 * one. Only for whoever holds the {@link ProjectLock}; reading is for all.
 */
public final class StateFile implements RunWatcher {

  private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

  /**
   * Writing takes less than one part in so many of the time, but for the states that are always
   * written.
   */
  private static final int SHARE = 20;

  private final RunFolders folders;
  private final LongSupplier nanoTime;
  private final Path file;
  private final StateJson json;
  private long nextAt;
  private boolean written;

  public StateFile(RunFolders folders) {
    this(folders, System::nanoTime);
  }

  StateFile(RunFolders folders, LongSupplier nanoTime) {
    this.folders = folders;
    this.nanoTime = nanoTime;
    this.file = folders.home().resolve("state.json");
    this.json = new StateJson(folders::bodies);
  }

  /** What was found on disk. */
  public sealed interface Found {

    /** The state of a run, which may have gone on since. */
    record State(RunState state) implements Found {}

    /** The state of a run whose log is gone; what it tells is all there is to know. */
    record WithoutLog(RunState state) implements Found {}

    /** Nothing: no run was ever begun here, or the file is lost. */
    record Nothing() implements Found {}

    /**
     * Something that is no state. The log has it all, so that nothing is lost.
     *
     * @param why for people
     */
    record Damaged(String why) implements Found {}
  }

  /**
   * What stands there now.
   *
   * @throws EnvironmentException if it cannot be read, or a later version of agent-runner wrote it
   */
  public Found read() {
    RunState state;
    try {
      state = json.read(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return new Found.Nothing();
    } catch (UnreadableJsonException e) {
      return new Found.Damaged(
          "%s is damaged (%s); it is made anew from the log.".formatted(file, e.getMessage()));
    } catch (StateJson.NewerVersionException e) {
      throw new EnvironmentException(
          "A newer agent-runner wrote %s: %s. Update this one, then try again."
              .formatted(file, e.getMessage()),
          e);
    } catch (IOException e) {
      throw DiskTrouble.cannot("read", file, e);
    }
    return Files.exists(folders.events(state.run()))
        ? new Found.State(state)
        : new Found.WithoutLog(state);
  }

  /** Removes what a run that died left half written. */
  public void removeLeftOvers() {
    try {
      Files.deleteIfExists(temporary());
    } catch (IOException e) {
      throw DiskTrouble.cannot("remove", temporary(), e);
    }
  }

  /**
   * Writes {@code state}, unless another one was written only just now.
   *
   * @param state whose last event is durable
   * @param always whether to write it anyway: the run begins, pauses or ends
   * @throws EnvironmentException if it cannot be written; the file is as it was
   */
  public synchronized void offer(RunState state, boolean always) {
    long begun = nanoTime.getAsLong();
    if (written && !always && begun - nextAt < 0) {
      return;
    }
    try (HeldInterrupt _ = HeldInterrupt.hold()) {
      PrivateFiles.createFolder(folders.home());
      PrivateFiles.replace(file, temporary(), out -> json.write(state, out));
    } catch (IOException e) {
      throw DiskTrouble.cannot("write", file, e);
    } finally {
      long ended = nanoTime.getAsLong();
      nextAt = ended + (ended - begun) * SHARE;
      written = true;
    }
  }

  @Override
  public void recorded(Recorded recorded, RunState state) {
    try {
      offer(state, !(recorded.event() instanceof RunEvent.OfTask));
    } catch (EnvironmentException e) {
      // The run need not stop for this: if the disk is at fault, the log will say so as well.
      LOG.warn("{}", e.getMessage());
    }
  }

  private Path temporary() {
    return folders.home().resolve("state.json.tmp");
  }
}
