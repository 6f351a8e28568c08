package dev.agentrunner.adapter.recording;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A cassette being recorded. Every answer is a YAML document of its own, added durably; a later one
 * to the same question replaces an earlier one. A document that lacks its closing dots was cut off
 * and does not count. Safe for use by many threads.
 *
 * <pre>
 * ---
 * cassette: 1
 * provider: claude
 * model: …
 * recorded: 2026-11-21            left out by people who write one by hand, and the dots with it
 * ...
 * ---
 * task: T1
 * attempt: 1                      1 if left out
 * turn: 1
 * request:                        matches any question if left out, and so does each of its parts
 *   model: …
 *   system: sha256:…
 *   system_text: |                the first time only
 *     …
 *   tools: sha256:…
 *   tool_names: [read_file, …]
 *   new:                          what was said since the last reply
 *     - user: …
 *     - results: [{call: …, name: read_file, failed: true, text: …}]
 * reply:                          or just a text, or {thinking: …, text: …, calls: […]} instead of parts
 *   model: …
 *   parts:
 *     - thinking: …
 *     - text: …
 *     - call: {id: …, name: read_file, arguments: {path: …}}
 *     - call: {id: …, name: read_file, broken: '{"pa', why: cut off}
 *   stop: tools                   tools or end if left out
 *   stop_detail: …
 *   usage: {input: 1, cache_read: 0, cache_write: 0, output: 2, reasoning: 0, exact: true}
 *   echo: {wire: …, model: …, json: …}
 * failure: {kind: denied, message: …}      instead of a reply; also unusable,
 *                                 transient with retry_after: 1.5, window with resets_at: 2026-12-01T00:00:00Z
 * ...
 * </pre>
 */
public final class CassetteFile implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;
  private final Set<String> systemsWritten;

  private CassetteFile(Path file, FileChannel channel, Set<String> systemsWritten) {
    this.file = file;
    this.channel = channel;
    this.systemsWritten = systemsWritten;
  }

  /**
   * Begins a cassette, or goes on with one that is there.
   *
   * @param notices is told what a person should know, such as that the end of the file was dropped
   * @throws UsageException if there is something else than a recorded cassette, or another run is
   *     recording into it
   */
  public static CassetteFile open(
      Path file, String provider, String model, LocalDate today, Consumer<String> notices) {
    try {
      if (!Files.exists(file) || Files.size(file) == 0) {
        begin(file, CassetteWriter.header(provider, model, today));
      }
      return goOn(file, notices);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** In one go, so that there is never half a header. */
  private static void begin(Path file, String header) throws IOException {
    Path fresh = file.toAbsolutePath().resolveSibling("." + file.getFileName() + ".new");
    Path folder = fresh.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(fresh, header);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static CassetteFile goOn(Path file, Consumer<String> notices) throws IOException {
    Cassette cassette = CassetteReader.read(file);
    if (!cassette.header().recorded()) {
      throw new UsageException(
          file + ": this cassette was written by hand and is not recorded over; name another file");
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw inUse(file);
      }
      if (cassette.torn()) {
        notices.accept(file + ": the last answer was cut off while it was recorded; dropped");
        channel.truncate(cassette.wholeBytes());
      }
      channel.position(channel.size());
      return new CassetteFile(file, channel, new HashSet<>(cassette.systemTexts().keySet()));
    } catch (OverlappingFileLockException _) {
      channel.close();
      throw inUse(file);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static UsageException inUse(Path file) {
    return new UsageException(
        file + ": another run is recording into this cassette; wait for it, or name another file");
  }

  /**
   * Adds one answer, durably.
   *
   * @throws EnvironmentException if it could not be written
   */
  synchronized void add(ChatRequest request, Answer answer) {
    Asked asked = Asked.of(request);
    boolean newSystem =
        !request.system().isEmpty() && systemsWritten.add(asked.system().orElseThrow());
    String entry = CassetteWriter.entry(request, asked, newSystem, answer);
    try {
      ByteBuffer bytes = ByteBuffer.wrap(entry.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static EnvironmentException unwritable(Path file, IOException cause) {
    return new EnvironmentException(
        "the cassette %s cannot be written: %s; see to its permissions, or name another"
            .formatted(file, cause),
        cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }
}
