package dev.agentrunner.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One program started once.
 *
 * @param assignments variables set for it alone, such as {@code LANG=C}
 * @param words its name and arguments; empty if there are only assignments
 */
record SimpleCommand(List<ShellWord> assignments, List<ShellWord> words) {

  private static final Set<String> SYSTEM_FOLDERS =
      Set.of("/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin");
  private static final Set<String> GIT_OPTIONS_WITH_VALUE =
      Set.of("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env", "--exec-path");

  SimpleCommand {
    assignments = List.copyOf(assignments);
    words = List.copyOf(words);
  }

  static SimpleCommand of(List<ShellWord> words) {
    return new SimpleCommand(List.of(), words);
  }

  /** The program's name without its folder; empty if there is none. */
  String name() {
    String written = words.isEmpty() ? "" : words.getFirst().text();
    return written.substring(written.lastIndexOf('/') + 1);
  }

  /**
   * Whether {@link #name} is the program a person would mean by it: {@code git} and {@code
   * /usr/bin/git} are, {@code ./git} is another program of that name.
   */
  boolean isOfTheSystem() {
    String written = words.isEmpty() ? "" : words.getFirst().text();
    int slash = written.lastIndexOf('/');
    return slash < 0 || SYSTEM_FOLDERS.contains(written.substring(0, slash));
  }

  List<ShellWord> arguments() {
    return words.isEmpty() ? List.of() : words.subList(1, words.size());
  }

  /** Whether every word, assignments included, is known for sure. */
  boolean isSure() {
    return words.stream().allMatch(ShellWord::sure)
        && assignments.stream().allMatch(ShellWord::sure);
  }

  /** Assignments and words, the program's name without a folder of the system. */
  List<ShellWord> spelled() {
    List<ShellWord> all = new ArrayList<>(assignments);
    all.addAll(isOfTheSystem() ? plainWords() : words);
    return all;
  }

  /** The words, the program's name without any folder. */
  List<ShellWord> plainWords() {
    List<ShellWord> plain = new ArrayList<>(words);
    if (!plain.isEmpty()) {
      plain.set(0, new ShellWord(name(), plain.getFirst().sure()));
    }
    return plain;
  }

  /**
   * As {@link #plainWords}, without what stands between {@code git} and its command: {@code git -C
   * x push} is a push.
   */
  List<ShellWord> withoutGlobalOptions() {
    List<ShellWord> plain = plainWords();
    if (!name().equals("git")) {
      return plain;
    }
    int at = 1;
    while (at < plain.size() && plain.get(at).text().startsWith("-")) {
      at += GIT_OPTIONS_WITH_VALUE.contains(plain.get(at).text()) ? 2 : 1;
    }
    List<ShellWord> without = new ArrayList<>(plain.subList(0, 1));
    without.addAll(plain.subList(Math.min(at, plain.size()), plain.size()));
    return without;
  }

  /** For people. */
  String shown() {
    return spelled().stream().map(ShellWord::text).collect(Collectors.joining(" "));
  }
}
