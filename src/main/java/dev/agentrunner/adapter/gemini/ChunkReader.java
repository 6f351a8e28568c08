package dev.agentrunner.adapter.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.LineReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import okio.BufferedSource;

/**
 * Reads the chunks of a reply as they come in, in whichever form: as server-sent events; as one
 * JSON object; as a JSON array of them; and as plain JSON behind events, which is how an error in
 * the middle of a stream may look, whatever the content type says. Not safe for use by several
 * threads.
 */
final class ChunkReader {

  /** A piece of a reply. */
  sealed interface Chunk {

    record Json(JsonNode tree) implements Chunk {}

    /** No JSON, or cut off. */
    record Unreadable(String text) implements Chunk {}
  }

  private final LineReader lines;
  private final StringBuilder data = new StringBuilder();
  private final StringBuilder plain = new StringBuilder();
  private final Deque<Chunk> ready = new ArrayDeque<>();
  private boolean ended;

  ChunkReader(BufferedSource source) {
    this.lines = new LineReader(source);
  }

  /** The next chunk; empty when there are no more. */
  Optional<Chunk> next() throws IOException {
    while (ready.isEmpty() && !ended) {
      Optional<String> line = lines.next();
      if (line.isPresent()) {
        take(line.get());
      } else {
        ended = true;
        flush(data);
        flush(plain);
      }
    }
    return Optional.ofNullable(ready.poll());
  }

  private void take(String line) {
    if (line.startsWith("data:")) {
      // Some servers leave out the blank line between events.
      if (!data.isEmpty() && parsed(data) instanceof Chunk.Json json) {
        ready(json);
        data.setLength(0);
      }
      data.append(line, 5, line.length()).append('\n');
    } else if (line.isBlank()) {
      flush(data);
    } else if (!line.startsWith(":") && !line.matches("(event|id|retry):.*")) {
      plain.append(line).append('\n');
    }
  }

  private void flush(StringBuilder text) {
    if (!text.toString().isBlank() && !text.toString().strip().equals("[DONE]")) {
      ready(parsed(text));
    }
    text.setLength(0);
  }

  private void ready(Chunk chunk) {
    if (chunk instanceof Chunk.Json(JsonNode tree) && tree.isArray()) {
      tree.forEach(element -> ready.add(new Chunk.Json(element)));
    } else {
      ready.add(chunk);
    }
  }

  private static Chunk parsed(StringBuilder text) {
    try {
      return new Chunk.Json(JsonTree.read(text.toString()));
    } catch (JsonProcessingException _) {
      return new Chunk.Unreadable(text.toString());
    }
  }
}
