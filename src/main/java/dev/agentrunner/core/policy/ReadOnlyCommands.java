package dev.agentrunner.core.policy;

import java.util.List;
import java.util.Set;

/**
 * Commands that look and touch nothing, known down to their options: the ones that may run without
 * a rule. What reaches outside of the folder by its arguments is none of them, though the sandbox
 * would have its say too.
 */
final class ReadOnlyCommands {

  private static final Set<String> WHATEVER_THE_ARGUMENTS =
      Set.of(
          "basename",
          "cat",
          "cd",
          "cmp",
          "comm",
          "cut",
          "df",
          "diff",
          "dirname",
          "du",
          "echo",
          "egrep",
          "expr",
          "false",
          "fgrep",
          "grep",
          "head",
          "id",
          "ls",
          "md5sum",
          "nl",
          "numfmt",
          "od",
          "paste",
          "printf",
          "pwd",
          "readlink",
          "realpath",
          "rev",
          "seq",
          "sha1sum",
          "sha256sum",
          "stat",
          "strings",
          "tac",
          "tail",
          "test",
          "[",
          "tr",
          "true",
          "uname",
          "wc",
          "which",
          "whoami");

  /** Their arguments are text, or a pattern comes first: a slash in it is no path. */
  private static final Set<String> TEXT =
      Set.of("echo", "printf", "expr", "tr", "seq", "numfmt", "basename", "dirname");

  private static final Set<String> PATTERN_FIRST = Set.of("grep", "egrep", "fgrep", "rg");

  private static final Set<String> FIND_ACTIONS =
      Set.of(
          "-exec",
          "-execdir",
          "-ok",
          "-okdir",
          "-delete",
          "-fls",
          "-fprint",
          "-fprint0",
          "-fprintf",
          "-files0-from");

  private ReadOnlyCommands() {}

  static boolean have(SimpleCommand command) {
    if (command.words().isEmpty()
        || !command.assignments().isEmpty()
        || !command.isSure()
        || !command.isOfTheSystem()) {
      return false;
    }
    List<String> arguments = command.arguments().stream().map(ShellWord::text).toList();
    String name = command.name();
    return staysInside(name, arguments)
        && (WHATEVER_THE_ARGUMENTS.contains(name) || harmless(name, arguments));
  }

  private static boolean harmless(String name, List<String> arguments) {
    return switch (name) {
      case "base64" -> none(arguments, word -> word.startsWith("-o") || word.startsWith("--o"));
      case "sort" ->
          none(
              arguments,
              word ->
                  word.matches("-[A-Za-z]*[oTS].*")
                      || word.startsWith("--o")
                      || word.startsWith("--comp")
                      || word.startsWith("--t")
                      || word.startsWith("--f"));
      case "uniq" -> arguments.stream().filter(word -> !word.startsWith("-")).count() <= 1;
      case "date" -> none(arguments, word -> word.startsWith("-s") || word.startsWith("--s"));
      case "tree" -> none(arguments, word -> word.startsWith("-o") || word.startsWith("--o"));
      case "file" -> none(arguments, word -> word.matches("-[A-Za-z]*C.*|--c.*"));
      case "find" -> none(arguments, FIND_ACTIONS::contains);
      case "rg" ->
          none(
              arguments,
              word ->
                  word.startsWith("--pre")
                      || word.startsWith("--hostname-bin")
                      || word.startsWith("--search-zip")
                      || word.matches("-[A-Za-z]*z.*"));
      case "sed" ->
          arguments.size() >= 2
              && arguments.size() <= 3
              && arguments.getFirst().equals("-n")
              && arguments.get(1).matches("[0-9]+(,[0-9]+)?p")
              && arguments.stream().skip(2).noneMatch(word -> word.startsWith("-"));
      case "git" -> git(arguments);
      default -> false;
    };
  }

  private static boolean git(List<String> arguments) {
    List<String> words = arguments.stream().dropWhile(word -> word.equals("--no-pager")).toList();
    if (words.isEmpty()) {
      return false;
    }
    List<String> rest = words.subList(1, words.size());
    return switch (words.getFirst()) {
      case "status", "log", "diff", "show" ->
          none(
              rest,
              word ->
                  word.startsWith("--output")
                      || word.startsWith("--ext-diff")
                      || word.startsWith("--textconv")
                      || word.startsWith("--exec")
                      || word.startsWith("--upload-pack")
                      || word.startsWith("--no-index")
                      || word.startsWith("--open-files-in-pager")
                      || (word.startsWith("-O") && word.length() > 1)
                      || word.startsWith("--show-signature"));
      case "branch" ->
          rest.stream()
              .allMatch(word ->
                  word.matches("-[alrv]+|--(list|show-current|all|remotes|verbose|format=.*)"));
      default -> false;
    };
  }

  private interface Trait {
    boolean of(String word);
  }

  private static boolean none(List<String> words, Trait trait) {
    return words.stream().noneMatch(trait::of);
  }

  private static boolean staysInside(String name, List<String> arguments) {
    if (TEXT.contains(name)) {
      return true;
    }
    boolean patternGone =
        !PATTERN_FIRST.contains(name)
            || arguments.stream().anyMatch(word -> word.matches("-[A-Za-z]*[ef].*|--regexp.*"));
    for (String word : arguments) {
      boolean option = word.startsWith("-") && word.length() > 1;
      if (!option && !patternGone) {
        patternGone = true;
      } else if (leadsOut(option ? valueOf(word) : word)) {
        return false;
      }
    }
    return true;
  }

  /** What may be a path in {@code --option=value} or {@code -ovalue}. */
  private static String valueOf(String option) {
    int equals = option.indexOf('=');
    if (equals >= 0) {
      return option.substring(equals + 1);
    }
    int slash = option.indexOf('/');
    boolean shortOne = !option.startsWith("--") && slash >= 0;
    return shortOne ? option.substring(Math.min(2, slash)) : "";
  }

  private static boolean leadsOut(String path) {
    return !path.equals("/dev/null")
        && (path.startsWith("/") || path.startsWith("~") || ("/" + path + "/").contains("/../"));
  }
}
