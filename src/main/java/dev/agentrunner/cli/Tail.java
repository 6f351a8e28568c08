package dev.agentrunner.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The end of something that comes in pieces, as plain text: what steers a terminal is taken out,
 * and of a line that is written over again and again, as progress bars are, the last state is kept.
 */
final class Tail {

  private static final int CHARS_MAX = 8192;

  private static final Pattern SEQUENCE =
      Pattern.compile(
          "\u001B(\\[[0-9;:?<=>]*[ -/]*[@-~]|\\][^\u0007\u001B]*(\u0007|\u001B\\\\)|.)");

  private final StringBuilder text = new StringBuilder();
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] cut = {};

  void add(String more) {
    text.append(more);
    if (text.length() > 2 * CHARS_MAX) {
      text.delete(0, text.length() - CHARS_MAX);
    }
  }

  /** UTF-8 that may end in the middle of a character. */
  void add(byte[] more) {
    ByteBuffer bytes = ByteBuffer.allocate(cut.length + more.length).put(cut).put(more).flip();
    CharBuffer chars = CharBuffer.allocate(bytes.remaining() + 1);
    decoder.decode(bytes, chars, false);
    cut = new byte[bytes.remaining()];
    bytes.get(cut);
    add(chars.flip().toString());
  }

  void clear() {
    text.setLength(0);
    cut = new byte[0];
  }

  /** The last lines that are not blank, at most {@code max}, oldest first. */
  List<String> lines(int max) {
    List<String> last = new ArrayList<>();
    int end = text.length();
    while (end > 0 && last.size() < max) {
      int start = text.lastIndexOf("\n", end - 1) + 1;
      String line = plain(text.substring(start, end));
      if (!line.isBlank()) {
        last.addFirst(line);
      }
      end = start - 1;
    }
    return last;
  }

  private static String plain(String line) {
    String seen = SEQUENCE.matcher(line).replaceAll("").stripTrailing();
    String latest = seen.substring(seen.lastIndexOf('\r') + 1);
    return Screen.harmless(latest.replace("\t", "    "));
  }
}
