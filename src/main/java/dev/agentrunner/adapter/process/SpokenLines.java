package dev.agentrunner.adapter.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Output cut into lines, which are handed out as they are complete. A line that is longer than any
 * honest one is left out, and a line of ours says so.
 */
final class SpokenLines implements Output {

  static final int LINE_BYTES_MAX = 16 << 20;
  private static final Duration BETWEEN_REMARKS = Duration.ofSeconds(10);

  private final Consumer<String> reader;
  private final Consumer<Duration> silence;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long leftOut;
  private String last = "";
  private Duration remarked = Duration.ZERO;

  /**
   * @param silence is told every ten seconds of them
   */
  SpokenLines(Consumer<String> reader, Consumer<Duration> silence) {
    this.reader = reader;
    this.silence = silence;
  }

  @Override
  public void add(byte[] bytes, int length) {
    remarked = Duration.ZERO;
    int from = 0;
    for (int at = 0; at < length; at++) {
      if (bytes[at] == '\n') {
        take(bytes, from, at);
        end();
        from = at + 1;
      }
    }
    take(bytes, from, length);
  }

  private void take(byte[] bytes, int from, int to) {
    if (leftOut > 0 || line.size() + (to - from) > LINE_BYTES_MAX) {
      leftOut += line.size() + (to - from);
      line.reset();
    } else {
      line.write(bytes, from, to - from);
    }
  }

  private void end() {
    if (leftOut > 0) {
      say("left out a line of %d bytes".formatted(leftOut));
      leftOut = 0;
      return;
    }
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    hand(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  @Override
  public void say(String text) {
    hand("[agent-runner: " + text + "]");
  }

  private void hand(String text) {
    last = text;
    reader.accept(text);
  }

  @Override
  public void silence(Duration since) {
    if (since.minus(remarked).compareTo(BETWEEN_REMARKS) >= 0) {
      remarked = since;
      silence.accept(since);
    }
  }

  /** Hands out a last line that no line end followed. To be called once, when there is no more. */
  void finish() {
    if (line.size() > 0 || leftOut > 0) {
      end();
    }
  }

  /** The line handed out last; empty if there was none. */
  String last() {
    return last;
  }
}
