package dev.agentrunner.adapter.http;

import java.io.IOException;
import java.util.Optional;
import okio.BufferedSource;

/**
 * Reads server-sent events as they come in (WHATWG HTML, "Server-sent events", read 2026-11).
 * Comments, ids and reconnection times are passed over, and so is an event without data. Other than
 * the standard has it, an event that the end of the stream cut off is handed out: whether it is
 * whole shows in its JSON; and plain JSON from some line on to the end is an event too, as some
 * servers tell of an error in the middle of a stream so. Not safe for use by several threads.
 */
public final class EventReader {

  private final LineReader lines;
  private final int dataMax;

  public EventReader(BufferedSource source) {
    this(source, LineReader.LINE_BYTES_MAX);
  }

  /**
   * @param max bytes of a line and characters of an event's data
   */
  public EventReader(BufferedSource source, int max) {
    this.lines = new LineReader(source, max);
    this.dataMax = max;
  }

  /**
   * The next event; empty when there are no more.
   *
   * @throws OversizeException if the event is too long
   */
  public Optional<ServerSentEvent> next() throws IOException {
    String name = "";
    StringBuilder data = new StringBuilder();
    boolean hasData = false;
    while (true) {
      Optional<String> next = lines.next();
      if (next.isEmpty() || next.get().isEmpty()) {
        if (hasData) {
          return Optional.of(new ServerSentEvent(name, data.toString()));
        }
        if (next.isEmpty()) {
          return Optional.empty();
        }
        name = "";
        continue;
      }
      String line = next.get();
      if (!hasData && (line.startsWith("{") || line.startsWith("["))) {
        return Optional.of(new ServerSentEvent("", rest(line)));
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      switch (field) {
        case "event" -> name = value(line, colon);
        case "data" -> {
          if (hasData) {
            data.append('\n');
          }
          hasData = true;
          data.append(value(line, colon));
          if (data.length() > dataMax) {
            throw new OversizeException("an event of more than " + dataMax + " characters");
          }
        }
        default -> {
          // A comment has no field name; the rest is of no use to us.
        }
      }
    }
  }

  private String rest(String first) throws IOException {
    StringBuilder rest = new StringBuilder(first);
    for (Optional<String> next = lines.next(); next.isPresent(); next = lines.next()) {
      rest.append('\n').append(next.get());
      if (rest.length() > dataMax) {
        throw new OversizeException("an event of more than " + dataMax + " characters");
      }
    }
    return rest.toString();
  }

  private static String value(String line, int colon) {
    if (colon < 0) {
      return "";
    }
    int start = line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
    return line.substring(start);
  }
}
