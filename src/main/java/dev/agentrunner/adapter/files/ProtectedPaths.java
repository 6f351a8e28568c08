package dev.agentrunner.adapter.files;

import dev.agentrunner.port.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Files of a task's folder that the user wants to stay as they are, as globs. What lies below
 * anything that a glob names is protected with it, whether it is there yet or not.
 */
public final class ProtectedPaths {

  public static final ProtectedPaths NONE = new ProtectedPaths(List.of());

  /**
   * One glob.
   *
   * @param alike the same in small letters, for folders where {@code Tests} is {@code tests}; empty
   *     where letters are told apart on purpose
   */
  private record Guard(String written, Glob exact, Optional<Glob> alike) {

    static Guard of(String written) {
      String trimmed = written.endsWith("/") ? written.substring(0, written.length() - 1) : written;
      try {
        Optional<Glob> alike =
            written.contains("[")
                ? Optional.empty()
                : Optional.of(Glob.of(trimmed.toLowerCase(Locale.ROOT)));
        return new Guard(written, Glob.of(trimmed), alike);
      } catch (Refusal e) {
        throw new UsageException(
            "protect: %s: %s; write it otherwise".formatted(written, e.reason()));
      }
    }

    boolean covers(String path) {
      return exact.matches(path)
          || alike.filter(glob -> glob.matches(path.toLowerCase(Locale.ROOT))).isPresent();
    }
  }

  private final List<Guard> guards;

  private ProtectedPaths(List<Guard> guards) {
    this.guards = List.copyOf(guards);
  }

  /**
   * @throws UsageException if one of {@code globs} is none
   */
  public static ProtectedPaths of(List<String> globs) {
    List<Guard> guards = new ArrayList<>();
    globs.forEach(glob -> guards.add(Guard.of(glob)));
    return new ProtectedPaths(guards);
  }

  /**
   * The glob, as written, that protects {@code path}; empty if none does.
   *
   * @param path from the task's folder, with {@code /} between its parts
   */
  public Optional<String> guardOf(String path) {
    return guards.stream().filter(guard -> isCovered(guard, path)).map(Guard::written).findFirst();
  }

  private static boolean isCovered(Guard guard, String path) {
    for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      if (guard.covers(path.substring(0, end))) {
        return true;
      }
    }
    return guard.covers(path);
  }
}
