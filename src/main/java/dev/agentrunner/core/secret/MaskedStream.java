package dev.agentrunner.core.secret;

import java.nio.charset.StandardCharsets;

/**
 * Masks text that comes in pieces which end anywhere. What may be the beginning of a secret is held
 * back until it is whole; at most 64 Ki characters. For one thread at a time.
 */
public final class MaskedStream {

  private static final int HELD_MAX = 1 << 16;

  private final Mask mask;
  private final StringBuilder held = new StringBuilder();

  MaskedStream(Mask mask) {
    this.mask = mask;
  }

  /** What can be shown now that {@code piece} has come; may be empty. */
  public String add(String piece) {
    held.append(piece);
    String text = held.toString();
    int end = Shapes.safeEnd(text, mask.byLine());
    return take(text, text.length() - end > HELD_MAX ? text.length() : end);
  }

  /** The same for bytes of any encoding. */
  public byte[] add(byte[] piece) {
    return add(new String(piece, StandardCharsets.ISO_8859_1))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** All that was held back, but a private key that is not whole yet. */
  public byte[] flush() {
    String text = held.toString();
    int end = Shapes.closedEnd(text, text.length());
    return take(text, text.length() - end > HELD_MAX ? text.length() : end)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The rest; nothing more comes. */
  public String end() {
    return take(held.toString(), held.length());
  }

  /** The same as bytes. */
  public byte[] endOfBytes() {
    return end().getBytes(StandardCharsets.ISO_8859_1);
  }

  private String take(String text, int end) {
    held.setLength(0);
    held.append(text, end, text.length());
    return mask.text(text.substring(0, end));
  }
}
