package dev.agentrunner.core.secret;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The ways a value is written: as it is, and as the encodings at hand have it. */
final class Forms {

  /** A shorter piece could stand in a text by chance. */
  private static final int PIECE_MIN = 8;

  private static final int LINE_MIN = 16;

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private Forms() {}

  static Set<String> of(String value) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(value);
    // Whoever prints it with a margin prints it line by line.
    value
        .lines()
        .filter(line -> line.strip().length() >= LINE_MIN)
        .forEach(line -> forms.add(line.strip()));
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    // As a stream of bytes has it before anybody knows where its characters end.
    forms.add(new String(bytes, StandardCharsets.ISO_8859_1));
    String percent = percent(bytes);
    forms.add(percent);
    forms.add(percent.replace("%20", "+"));
    forms.add(lowerDigits(percent));
    forms.add(inQuotes(value));
    for (int before = 0; before < 3; before++) {
      String piece = base64(bytes, before);
      forms.add(piece);
      forms.add(piece.replace('+', '-').replace('/', '_'));
    }
    forms.removeIf(form -> form.length() < PIECE_MIN);
    return forms;
  }

  /**
   * The part of the base64 form that is the same whatever stands around the value.
   *
   * @param before how many bytes stand before it in its group of three
   */
  private static String base64(byte[] value, int before) {
    byte[] padded = new byte[before + value.length];
    System.arraycopy(value, 0, padded, before, value.length);
    String whole = Base64.getEncoder().withoutPadding().encodeToString(padded);
    int from = before == 0 ? 0 : before + 1;
    int to = padded.length % 3 == 0 ? whole.length() : whole.length() - 1;
    return whole.substring(Math.min(from, to), to);
  }

  private static String percent(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    HexFormat hex = HexFormat.of().withUpperCase();
    for (byte b : bytes) {
      if (UNRESERVED.indexOf(b) >= 0) {
        text.append((char) b);
      } else {
        text.append('%').append(hex.toHexDigits(b));
      }
    }
    return text.toString();
  }

  private static String lowerDigits(String percent) {
    String[] parts = percent.split("%", -1);
    return parts[0]
        + String.join(
            "",
            Arrays.stream(parts)
                .skip(1)
                .map(
                    part -> "%" + part.substring(0, 2).toLowerCase(Locale.ROOT) + part.substring(2))
                .toList());
  }

  /** As JSON and most languages write it between quotes. */
  private static String inQuotes(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t");
  }
}
