package dev.agentrunner.adapter.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The files that are read; the only way out of this package. */
final class Disk {

  static final int CHARACTERS_MAX = 3_000_000;
  private static final int BYTES_MAX = 4 * CHARACTERS_MAX;
  private static final int BAD_SHOWN_MAX = 20;

  private final Faults faults;

  Disk(Faults faults) {
    this.faults = faults;
  }

  boolean exists(Path file) {
    return Files.exists(file);
  }

  boolean isFolder(Path path) {
    return Files.isDirectory(path);
  }

  /** Whether {@code path}, once links are followed, lies in {@code folder}; true if unknown. */
  boolean within(Path path, Path folder) {
    try {
      return path.toRealPath().startsWith(folder.toRealPath());
    } catch (IOException _) {
      return true;
    }
  }

  boolean same(Path one, Path other) {
    try {
      return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    } catch (IOException _) {
      return false;
    }
  }

  /** What is written as a path; empty and noted if it cannot be one. */
  Optional<Path> path(Node.Scalar written) {
    try {
      return Optional.of(Path.of(written.text()));
    } catch (InvalidPathException wrong) {
      faults.add(
          written.at(),
          "%s cannot be a path: %s"
              .formatted(Printable.quoted(written.text()), Printable.of(wrong.getReason())),
          "name a file or folder that this system can have");
      return Optional.empty();
    }
  }

  /** The text of a file that another one names at {@code place}; faults are noted there. */
  Optional<Source> named(Path file, Node.Scalar place) {
    if (!Files.isRegularFile(file)) {
      faults.add(
          place.at(),
          "there is no file %s".formatted(Printable.quoted(file.toString())),
          "name one from the project's folder, or with its whole path");
      return Optional.empty();
    }
    return read(file, file.toString());
  }

  /** The text of {@code file}, known to the user as {@code name}; empty and noted if unusable. */
  Optional<Source> read(Path file, String name) {
    Origin at = new Origin.WholeFile(name);
    if (!Files.exists(file)) {
      faults.add(at, "there is no such file", "check the name, or the folder you are in");
    } else if (Files.isDirectory(file)) {
      faults.add(at, "this is a folder", "name the file in it");
    } else if (!Files.isRegularFile(file)) {
      faults.add(at, "this is not a regular file", "write its content into a file");
    } else {
      return bytes(file, at).flatMap(bytes -> text(bytes, name, at));
    }
    return Optional.empty();
  }

  private Optional<byte[]> bytes(Path file, Origin at) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        tooLarge(at);
        return Optional.empty();
      }
      return Optional.of(bytes);
    } catch (AccessDeniedException _) {
      faults.add(at, "you may not read this file", "check its permissions");
    } catch (IOException trouble) {
      faults.add(
          at, "cannot be read: " + Printable.of(String.valueOf(trouble.getMessage())), "try again");
    }
    return Optional.empty();
  }

  private void tooLarge(Origin at) {
    faults.add(at, "larger than %d characters".formatted(CHARACTERS_MAX), "split the file");
  }

  private Optional<Source> text(byte[] bytes, String name, Origin at) {
    if (isUtf16(bytes)) {
      faults.add(at, "this is UTF-16 text", "save the file as UTF-8");
      return Optional.empty();
    }
    boolean marked =
        bytes.length >= 3
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    Optional<String> text = decoded(bytes, marked ? 3 : 0, name);
    if (text.isPresent() && text.get().codePointCount(0, text.get().length()) > CHARACTERS_MAX) {
      tooLarge(at);
      return Optional.empty();
    }
    return text.map(content -> new Source(name, content)).filter(this::isClean);
  }

  private static boolean isUtf16(byte[] bytes) {
    if (bytes.length < 2) {
      return false;
    }
    int first = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
    boolean everySecondIsZero =
        bytes.length >= 4
            && ((bytes[0] == 0 && bytes[2] == 0 && bytes[1] != 0)
                || (bytes[1] == 0 && bytes[3] == 0 && bytes[0] != 0));
    return first == 0xFEFF || first == 0xFFFE || everySecondIsZero;
  }

  private Optional<String> decoded(byte[] bytes, int start, String name) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
    CharBuffer out = CharBuffer.allocate(bytes.length - start + 1);
    int bad = 0;
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError() && bad++ < BAD_SHOWN_MAX) {
      int offset = in.position();
      // What went before is text, and enough to show the line.
      Source before = new Source(name, out.duplicate().flip().toString());
      faults.add(
          before.at(before.text().length(), 1),
          "byte %d (0x%02X) is not UTF-8".formatted(offset, bytes[offset]),
          "save the file as UTF-8");
      in.position(offset + result.length());
      out.put('\uFFFD');
      result = decoder.decode(in, out, true);
    }
    return bad == 0 ? Optional.of(out.flip().toString()) : Optional.empty();
  }

  /** Notes every control character: none of them can be meant. */
  private boolean isClean(Source source) {
    String text = source.text();
    int bad = 0;
    for (int i = 0; i < text.length() && bad < BAD_SHOWN_MAX; i++) {
      char c = text.charAt(i);
      boolean control =
          (c < ' ' && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c <= 0x9F && c != 0x85);
      if (control) {
        bad++;
        faults.add(
            source.at(i, 1),
            "a control character: %s".formatted(Printable.of(c)),
            "take it out; it does not show in most editors");
      }
    }
    return bad == 0;
  }
}
