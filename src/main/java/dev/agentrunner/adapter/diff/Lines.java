package dev.agentrunner.adapter.diff;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A file's content, cut after each line feed, so that the lines together are the whole of it. */
final class Lines {

  /** Git looks this far for a NUL to tell what is no text. */
  private static final int BINARY_AFTER = 8_000;

  private Lines() {}

  static boolean isBinary(byte[] content) {
    for (int i = 0; i < Math.min(content.length, BINARY_AFTER); i++) {
      if (content[i] == 0) {
        return true;
      }
    }
    return false;
  }

  /** What both can be read in without losing a byte. */
  static Charset charset(byte[] one, byte[] other) {
    return isUtf8(one) && isUtf8(other) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
  }

  private static boolean isUtf8(byte[] content) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  static List<String> of(byte[] content, Charset charset) {
    String text = new String(content, charset);
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int feed = text.indexOf('\n', start);
      int next = feed < 0 ? text.length() : feed + 1;
      lines.add(text.substring(start, next));
      start = next;
    }
    return lines;
  }
}
