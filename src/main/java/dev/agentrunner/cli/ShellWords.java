package dev.agentrunner.cli;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands of ours as they can be pasted into a shell. */
final class ShellWords {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  private ShellWords() {}

  /**
   * Such as {@code agent-runner resume -C 'my project' tasks.yml}.
   *
   * @param directory the project's folder, where it must be named
   */
  static String command(Optional<String> directory, String name, String... words) {
    Stream<String> place = directory.stream().flatMap(folder -> Stream.of("-C", folder));
    return Stream.of(Stream.of("agent-runner", name), place, Arrays.stream(words))
        .flatMap(all -> all)
        .map(ShellWords::quoted)
        .collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
