package dev.agentrunner.json;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Events as lines of JSON, one object a line. Equal events give equal bytes.
 *
 * <pre>
 * {"seq":7,                             1, 2, 3 … within the run
 *  "at":"2026-11-21T10:15:30.123Z",     UTC, always with milliseconds
 *  "run":"20261121-101500-7f3a",
 *  "task":"T1",                         events of a task only
 *  "attempt":1,                         events of an attempt only
 *  "type":"model.asked",
 *  "v":1,                               version of the type
 *  "data":{"turn":1},
 *  "prev":"9f86d081…"}                  SHA-256 of the line before without its newline; of no line: 64 zeros
 * </pre>
 *
 * <p>Members are added as need be, and readers skip those they do not know; {@code v} is raised
 * when a member changes its meaning. Safe for use by many threads if its {@link Bodies} are.
 */
public final class EventJson {

  /** The {@code prev} of a first line. */
  public static final String NO_LINE = "0".repeat(64);

  private static final int VERSION = 1;

  private final Bodies bodies;

  public EventJson(Bodies bodies) {
    this.bodies = bodies;
  }

  /** A line as it was read. */
  public record Line(RunId run, Recorded recorded, String prev) {}

  /** SHA-256 in hex, which the line after has as its {@code prev}. */
  public static String digest(byte[] bytes, int from, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes, from, length);
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }

  /** The line of a log, without newline. */
  public byte[] write(RunId run, Recorded recorded, String prev) {
    return write(run, recorded, Optional.of(prev));
  }

  /** The same line for readers other than a log: without {@code prev}. */
  public byte[] write(RunId run, Recorded recorded) {
    return write(run, recorded, Optional.empty());
  }

  private byte[] write(RunId run, Recorded recorded, Optional<String> prev) {
    return JsonWriter.bytes(
        recorded,
        (out, value) -> {
          envelope(out, run, value);
          out.object("data", value.event(), EventData::write).textIfAny("prev", prev);
        },
        bodies);
  }

  private static void envelope(JsonWriter out, RunId run, Recorded recorded) throws IOException {
    RunEvent event = recorded.event();
    out.number("seq", recorded.seq())
        .text("at", Timestamps.millis(recorded.at()))
        .text("run", run.value());
    place(out, event);
    out.text("type", event.type()).number("v", VERSION);
  }

  static void place(JsonWriter out, RunEvent event) throws IOException {
    if (event instanceof RunEvent.OfTask ofTask) {
      out.text("task", ofTask.task().value());
    }
    if (event instanceof RunEvent.OfAttempt ofAttempt) {
      out.number("attempt", ofAttempt.attempt());
    }
  }

  /**
   * Reads a line of a log, given without its newline.
   *
   * @throws UnreadableJsonException if it is no such line; says which field of which type is at
   *     fault
   */
  public Line read(byte[] bytes, int from, int length) {
    JsonObject line = JsonReader.read(bytes, from, length, bodies);
    String type = line.text("type");
    try {
      return read(line, type);
    } catch (UnreadableJsonException | IllegalArgumentException e) {
      // The latter from a record that does not take what was read.
      throw new UnreadableJsonException(type + ": " + e.getMessage(), e);
    }
  }

  private static Line read(JsonObject line, String type) {
    long version = line.number("v");
    if (version != VERSION) {
      throw new UnreadableJsonException(
          "version "
              + version
              + " of this type is not known here; was it written by a newer agent-runner?");
    }
    var recorded =
        new Recorded(
            line.number("seq"), line.time("at"), EventData.read(type, line, line.object("data")));
    return new Line(line.id("run", RunId::new), recorded, line.text("prev"));
  }
}
