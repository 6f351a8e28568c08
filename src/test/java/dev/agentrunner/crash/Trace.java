package dev.agentrunner.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** System calls of the program, but not of what it starts, as {@code strace} saw them. */
final class Trace {

  private static final Pattern WHOLE = Pattern.compile("(\\d+) +(\\w+)\\((.*)\\) += (-?\\w+).*");
  private static final Pattern BEGUN =
      Pattern.compile("(\\d+) +(\\w+)\\((.*) <unfinished \\.\\.\\.>");
  private static final Pattern ENDED =
      Pattern.compile("(\\d+) +<\\.\\.\\. (\\w+) resumed>(.*)\\) += (-?\\w+).*");

  private Trace() {}

  /**
   * One call that came to an end.
   *
   * @param thread that made it
   * @param result a number, or {@code ?}
   */
  record Call(String thread, String name, String arguments, String result) {

    boolean succeeded() {
      return !result.startsWith("-") && !result.equals("?");
    }

    /** The same call without what tells one run from another. */
    boolean mentions(String text) {
      return arguments.contains(text);
    }
  }

  static boolean possible() throws InterruptedException {
    try {
      return new ProcessBuilder("strace", "-f", "-qq", "-b", "execve", "-o", "/dev/null", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  /** What is put before the program to write {@code calls} into {@code log}. */
  static List<String> into(Path log, String calls) {
    return List.of(
        "strace",
        "-f",
        "-qq",
        "-y",
        "-b",
        "execve",
        "-s",
        "1000000",
        "-e",
        "trace=" + calls,
        "-e",
        "signal=none",
        "-o",
        log.toString());
  }

  /**
   * What is put before the program to have something happen at a call.
   *
   * @param what such as {@code signal=SIGKILL:when=3}; calls are counted by thread
   */
  static List<String> tampering(String call, String what) {
    return List.of(
        "strace",
        "-f",
        "-qq",
        "-b",
        "execve",
        "-e",
        "trace=" + call,
        "-e",
        "inject=" + call + ":" + what,
        "-o",
        "/dev/null");
  }

  /** The calls in the order in which they ended. */
  static List<Call> read(Path log) throws IOException {
    List<Call> calls = new ArrayList<>();
    Map<String, String> begun = new HashMap<>();
    for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
      Matcher matcher = BEGUN.matcher(line);
      if (matcher.matches()) {
        begun.put(matcher.group(1), matcher.group(3));
        continue;
      }
      matcher = ENDED.matcher(line);
      if (matcher.matches()) {
        String arguments = begun.getOrDefault(matcher.group(1), "") + matcher.group(3);
        calls.add(new Call(matcher.group(1), matcher.group(2), arguments, matcher.group(4)));
        continue;
      }
      matcher = WHOLE.matcher(line);
      if (matcher.matches()) {
        calls.add(new Call(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)));
      }
    }
    return calls;
  }
}
