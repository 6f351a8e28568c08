package dev.agentrunner.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okio.Buffer;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.junit.jupiter.api.Test;

final class LineReaderTest {

  @Test
  void any_kind_of_line_end_ends_a_line() throws IOException {
    assertThat(lines("a\nb\r\nc\rd")).containsExactly("a", "b", "c", "d");
  }

  @Test
  void empty_lines_are_lines_but_for_what_follows_the_last_end() throws IOException {
    assertThat(lines("\n\r\n\r\ra\n")).containsExactly("", "", "", "", "a");
    assertThat(lines("")).isEmpty();
  }

  @Test
  void where_the_bytes_are_split_does_not_matter() throws IOException {
    byte[] bytes = "\uFEFFgrün\r\n→ 🦆\r\rende\n".getBytes(StandardCharsets.UTF_8);

    for (int size = 1; size <= bytes.length; size++) {
      assertThat(all(new LineReader(Okio.buffer(new Pieces(bytes, size)))))
          .as("pieces of %d", size)
          .containsExactly("grün", "→ 🦆", "", "ende");
    }
  }

  @Test
  void a_line_is_handed_out_at_its_end_without_waiting_for_more() throws IOException {
    var reader =
        new LineReader(Okio.buffer(new Pieces("a\rb".getBytes(StandardCharsets.UTF_8), 2)));

    assertThat(reader.next()).contains("a");
  }

  @Test
  void bytes_that_are_no_text_are_replaced() throws IOException {
    Buffer buffer = new Buffer().writeByte(0xff).writeByte('\n');

    assertThat(new LineReader(buffer).next()).contains("\uFFFD");
  }

  @Test
  void a_line_as_long_as_allowed_passes_and_a_longer_one_does_not() throws IOException {
    assertThat(new LineReader(new Buffer().writeUtf8("12345\n"), 5).next()).contains("12345");
    var tooLong = new LineReader(new Buffer().writeUtf8("123456\n"), 5);
    assertThatThrownBy(tooLong::next)
        .isInstanceOf(OversizeException.class)
        .hasMessageContaining("5 bytes");
  }

  private static List<String> lines(String text) throws IOException {
    return all(new LineReader(new Buffer().writeUtf8(text)));
  }

  private static List<String> all(LineReader reader) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Optional<String> line = reader.next(); line.isPresent(); line = reader.next()) {
      lines.add(line.get());
    }
    return lines;
  }

  /** Hands bytes out a few at a time. */
  private static final class Pieces implements Source {
    private final byte[] bytes;
    private final int size;
    private int at;

    Pieces(byte[] bytes, int size) {
      this.bytes = bytes;
      this.size = size;
    }

    @Override
    public long read(Buffer sink, long byteCount) {
      if (at == bytes.length) {
        return -1;
      }
      int count = (int) Math.min(Math.min(size, byteCount), bytes.length - at);
      sink.write(bytes, at, count);
      at += count;
      return count;
    }

    @Override
    public Timeout timeout() {
      return Timeout.NONE;
    }

    @Override
    public void close() {}
  }
}
