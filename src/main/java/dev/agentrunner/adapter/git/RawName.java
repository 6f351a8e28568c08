package dev.agentrunner.adapter.git;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Names of files as the bytes they are on disk, a {@code char} each: not every name is text. Java
 * hands out such bytes only in the URI of a path.
 */
final class RawName {

  private RawName() {}

  /** The last name of {@code file}. */
  static String of(Path file) {
    String name = String.valueOf(file.getFileName());
    if (isPlain(name)) {
      return name;
    }
    String path = withoutSlash(file.toUri().getRawPath());
    return decoded(path.substring(path.lastIndexOf('/') + 1));
  }

  /** What a link leads to, which need not be there. */
  static String ofTarget(Path target) {
    String text = target.toString();
    if (isPlain(text)) {
      return text;
    }
    String path = withoutSlash(Path.of("/").resolve(target).toUri().getRawPath());
    return decoded(target.isAbsolute() ? path : path.substring(1));
  }

  /** The file called {@code raw}, with slashes between folders, in {@code folder}. */
  static Path in(Path folder, String raw) {
    if (isPlain(raw)) {
      return folder.resolve(raw);
    }
    return Path.of(
        URI.create("file://" + withoutSlash(folder.toUri().getRawPath()) + "/" + encoded(raw)));
  }

  /** The path, not looked at, that a link with this content leads to. */
  static Path target(String raw) {
    if (isPlain(raw)) {
      return Path.of(raw);
    }
    boolean absolute = raw.startsWith("/");
    Path path = Path.of(URI.create("file:///" + encoded(absolute ? raw.substring(1) : raw)));
    return absolute ? path : path.subpath(0, path.getNameCount());
  }

  /** For people. */
  static String shown(String raw) {
    if (isPlain(raw)) {
      return raw;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(raw))).toString();
    } catch (CharacterCodingException e) {
      StringBuilder text = new StringBuilder();
      raw.chars()
          .forEach(c -> text.append(c < 0x80 ? String.valueOf((char) c) : "\\x%02x".formatted(c)));
      return text.toString();
    }
  }

  static byte[] bytes(String raw) {
    return raw.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static boolean isPlain(String name) {
    // Asked of every file of a folder: a stream takes several times as long.
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String decoded(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private static String encoded(String raw) {
    StringBuilder text = new StringBuilder();
    raw.chars()
        .forEach(c ->
            text.append(
                c == '/' || (c < 0x80 && Character.isLetterOrDigit(c))
                    ? String.valueOf((char) c)
                    : String.format(Locale.ROOT, "%%%02X", c)));
    return text.toString();
  }
}
