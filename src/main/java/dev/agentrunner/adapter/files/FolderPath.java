package dev.agentrunner.adapter.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A path as the agent writes it, relative to the task's folder and leading down only. It is taken
 * literally: no {@code ~}, no {@code $VAR} and no {@code %2e} mean anything.
 *
 * @param parts ordinary names, none of them closed; empty for the folder itself
 */
record FolderPath(List<String> parts) {

  /** Below what any file system here takes, so that a path cannot grow past it on the way. */
  private static final int CHARS_MAX = 1_000;

  private static final int PART_BYTES_MAX = 255;

  FolderPath {
    parts = List.copyOf(parts);
  }

  /** The path to a file. */
  static FolderPath ofFile(String text) throws Refusal {
    FolderPath path = ofFolder(text);
    if (path.parts.isEmpty()) {
      throw new Refusal("\"" + text + "\" names no file; give one such as src/main.py");
    }
    if (text.endsWith("/")) {
      throw new Refusal("\"" + text + "\" ends with a slash, so it names a folder, not a file");
    }
    return path;
  }

  /** The path to a folder; {@code ""} and {@code .} are the task's own. */
  static FolderPath ofFolder(String text) throws Refusal {
    if (text.length() > CHARS_MAX) {
      throw new Refusal("the path is longer than " + CHARS_MAX + " characters");
    }
    if (text.startsWith("/")) {
      throw new Refusal(
          "\""
              + text
              + "\" is an absolute path; give it relative to the task's folder, such as src/main.py");
    }
    return ofParts(Arrays.asList(text.split("/", -1)));
  }

  /** {@code this} with its first parts, up to the link at {@code index}, replaced by its target. */
  FolderPath through(int index, String target) throws Refusal {
    List<String> led = new ArrayList<>(parts.subList(0, index));
    String leadsOut = text(index) + " is a link that leads out of the task's folder";
    if (target.startsWith("/")) {
      throw new Refusal(leadsOut);
    }
    for (String part : target.split("/", -1)) {
      // What stands before the link are folders and no links, so .. takes back the last of them.
      if (!part.equals("..")) {
        led.add(part);
      } else if (led.isEmpty()) {
        throw new Refusal(leadsOut);
      } else {
        led.removeLast();
      }
    }
    led.addAll(parts.subList(index + 1, parts.size()));
    return ofParts(led);
  }

  private static FolderPath ofParts(List<String> written) throws Refusal {
    List<String> parts = new ArrayList<>();
    for (String part : written) {
      if (!part.isEmpty() && !part.equals(".")) {
        check(part);
        parts.add(part);
      }
    }
    return new FolderPath(parts);
  }

  private static void check(String part) throws Refusal {
    if (part.equals("..")) {
      throw new Refusal("a path may not hold \"..\"; give it from the task's folder downwards");
    }
    if (part.indexOf('\0') >= 0) {
      throw new Refusal("a path may not hold a NUL character");
    }
    if (part.getBytes(StandardCharsets.UTF_8).length > PART_BYTES_MAX) {
      throw new Refusal("a name may not be longer than " + PART_BYTES_MAX + " bytes");
    }
    var closed = ClosedName.of(part);
    if (closed.isPresent()) {
      throw new Refusal(closed.get().reason());
    }
  }

  int length() {
    return parts.size();
  }

  /** One part, as the machine names it. */
  Path name(int index) throws Refusal {
    try {
      return Path.of(parts.get(index));
    } catch (InvalidPathException e) {
      throw new Refusal(
          "this machine has no way to write the name \""
              + parts.get(index)
              + "\"; the runner needs a UTF-8 locale for it, such as LC_ALL=C.UTF-8");
    }
  }

  /** The path up to the part at {@code index}. */
  String text(int index) {
    return String.join("/", parts.subList(0, index + 1));
  }

  /** As the agent would write it. */
  String text() {
    return String.join("/", parts);
  }
}
