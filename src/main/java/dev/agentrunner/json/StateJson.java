package dev.agentrunner.json;

import dev.agentrunner.core.run.Closed;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskStates;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The state of a run as one JSON object. Equal states give equal bytes, and a state that is read is
 * equal to the one written.
 *
 * <pre>
 * {"v":1, "run":"20261121-101500-7f3a", "last_seq":42, "at":"…", "status":"running",
 *  "started":{…}, "pause":{…}, "tasks":[…], "failures_in_a_row":0,
 *  "granted":[…], "usage":{…}, "closed":[…]}
 * </pre>
 */
public final class StateJson {

  private static final int VERSION = 1;
  private static final Words<RunStatus> STATUSES = new Words<>(RunStatus.values());

  private final Function<RunId, Bodies> bodies;

  /**
   * @param bodies where the long texts of a run are kept
   */
  public StateJson(Function<RunId, Bodies> bodies) {
    this.bodies = bodies;
  }

  /** The state was written by a version of agent-runner that came after this one. */
  public static final class NewerVersionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NewerVersionException(long version) {
      super("version " + version + " of the state is not known here");
    }
  }

  public byte[] write(RunState state) {
    return JsonWriter.bytes(state, StateJson::state, bodies.apply(state.run()));
  }

  /** Writes it to {@code out}, which stays open; that of a long run is never held as a whole. */
  public void write(RunState state, OutputStream out) throws IOException {
    JsonWriter.write(state, StateJson::state, bodies.apply(state.run()), out);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws UnreadableJsonException if it is something else
   * @throws NewerVersionException if a later version wrote it
   */
  public RunState read(byte[] json) {
    JsonObject head = JsonReader.read(json, 0, json.length, Bodies.INLINE);
    long version = head.number("v");
    if (version > VERSION) {
      throw new NewerVersionException(version);
    }
    Bodies ofRun = bodies.apply(head.id("run", RunId::new));
    try {
      return state(JsonReader.read(json, 0, json.length, ofRun));
    } catch (IllegalArgumentException e) {
      throw new UnreadableJsonException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void state(JsonWriter out, RunState state) throws IOException {
    out.number("v", VERSION)
        .text("run", state.run().value())
        .number("last_seq", state.seq())
        .time("at", state.at())
        .text("status", STATUSES.word(state.status()))
        .objectIfAny("started", state.started(), StateJson::start)
        .objectIfAny("pause", state.pause(), EventData::write)
        .objects("tasks", state.tasks(), TaskStateJson::task)
        .number("failures_in_a_row", state.failuresInARow())
        .objects("granted", state.granted(), RunJson::rule)
        .object("usage", state.usage(), ChatJson::usage)
        .objects("closed", state.closed(), StateJson::closed);
  }

  private static RunState state(JsonObject in) {
    return new RunState(
        in.id("run", RunId::new),
        in.number("last_seq"),
        in.time("at"),
        in.word("status", STATUSES),
        in.objectIfAny("started", StateJson::start),
        in.objectIfAny("pause", EventData::paused),
        TaskStates.of(in.objects("tasks", TaskStateJson::task)),
        in.integer("failures_in_a_row"),
        in.objects("granted", RunJson::rule),
        in.object("usage", ChatJson::usage),
        in.objects("closed", StateJson::closed));
  }

  private static void closed(JsonWriter out, Closed closed) throws IOException {
    out.text("provider", closed.provider()).timeIfAny("until", closed.until());
  }

  private static Closed closed(JsonObject in) {
    return new Closed(in.text("provider"), in.timeIfAny("until"));
  }

  private static void start(JsonWriter out, RunState.Start start) throws IOException {
    out.time("at", start.at())
        .text("list", start.list())
        .text("provider", start.provider())
        .text("model", start.model())
        .text("version", start.version())
        .text("reason", start.reason())
        .durationIfAny("idle", Optional.of(start.idle()).filter(Duration::isPositive));
  }

  private static RunState.Start start(JsonObject in) {
    return new RunState.Start(
        in.time("at"),
        in.text("list"),
        in.text("provider"),
        in.text("model"),
        in.text("version"),
        in.text("reason"),
        in.durationIfAny("idle").orElse(Duration.ZERO));
  }
}
