package dev.agentrunner.core.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What no rule can allow: to become somebody else, to end other people's processes, to wipe what is
 * not the task's, to read what is secret, to run what was just downloaded. Not the wall that keeps
 * these out (the sandbox is), but a clear no in place of a strange failure.
 */
final class ForbiddenCommands {

  private static final Set<String> PROGRAMS =
      Set.of(
          "at",
          "batch",
          "chroot",
          "crontab",
          "doas",
          "fdisk",
          "halt",
          "init",
          "insmod",
          "kexec",
          "killall",
          "mkswap",
          "modprobe",
          "mount",
          "nsenter",
          "parted",
          "passwd",
          "pkexec",
          "pkill",
          "poweroff",
          "reboot",
          "rmmod",
          "runuser",
          "shutdown",
          "su",
          "sudo",
          "swapoff",
          "swapon",
          "sysctl",
          "systemctl",
          "telinit",
          "umount",
          "useradd",
          "userdel",
          "usermod",
          "visudo",
          "wipefs");

  private static final Set<String> DOWNLOADERS = Set.of("curl", "wget", "fetch", "aria2c");
  private static final Set<String> INTERPRETERS =
      Set.of(
          "sh", "bash", "dash", "zsh", "ksh", "ash", "python", "python3", "perl", "ruby", "node");

  private static final List<String> SECRETS =
      List.of(
          "/.ssh/",
          "/.aws/",
          "/.gnupg/",
          "/.netrc",
          "/.git-credentials",
          "/.docker/config.json",
          "/.kube/config",
          "/etc/shadow",
          "/etc/gshadow",
          "/etc/sudoers");

  private ForbiddenCommands() {}

  /** Why none of {@code commands} may run, which are all those of one line. */
  static Optional<String> why(List<SimpleCommand> commands) {
    boolean downloads = commands.stream().anyMatch(one -> DOWNLOADERS.contains(one.name()));
    if (downloads && commands.stream().anyMatch(ForbiddenCommands::readsItsProgram)) {
      return Optional.of("it runs what it downloads");
    }
    return commands.stream().flatMap(one -> why(one).stream()).findFirst();
  }

  private static boolean readsItsProgram(SimpleCommand command) {
    return INTERPRETERS.contains(command.name())
        && command.arguments().stream()
            .allMatch(word -> word.text().equals("-") || word.text().matches("-s|--"));
  }

  private static Optional<String> why(SimpleCommand command) {
    String name = command.name();
    List<String> arguments = command.arguments().stream().map(ShellWord::text).toList();
    if (PROGRAMS.contains(name) || name.startsWith("mkfs")) {
      return Optional.of("%s is not for an agent".formatted(name));
    }
    if (arguments.stream().anyMatch(ForbiddenCommands::isSecret)) {
      return Optional.of("it reaches for secrets");
    }
    return switch (name) {
      case "kill" -> killsOthers(arguments);
      case "rm" -> wipes(arguments);
      case "dd" ->
          arguments.stream().anyMatch(word -> word.matches("of=/dev/(?!null$).*"))
              ? Optional.of("it writes to a device")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean isSecret(String word) {
    String path = "/" + word + "/";
    return SECRETS.stream().anyMatch(path::contains)
        || path.matches(".*/proc/[^/]+/(task/[^/]+/)?(environ|mem)/.*");
  }

  private static Optional<String> killsOthers(List<String> arguments) {
    boolean others =
        arguments.stream()
            .anyMatch(word -> word.contains("PPID") || word.equals("1") || word.equals("0"));
    boolean everybody = !arguments.isEmpty() && arguments.getLast().equals("-1");
    return others || everybody
        ? Optional.of("it ends processes that are not its own")
        : Optional.empty();
  }

  private static Optional<String> wipes(List<String> arguments) {
    boolean recursive =
        arguments.stream().anyMatch(word -> word.matches("-[A-Za-z]*[rR][A-Za-z]*|--recursive"));
    boolean tooMuch =
        arguments.stream()
            .anyMatch(word ->
                word.matches("/+\\*?|/+[^/]+/*|~(/\\*?)?|\\$\\{?HOME}?(/\\*?)?|(\\.\\./?)+\\*?")
                    || word.matches("(\\./)?\\.(git|agent-runner)(/.*)?"));
    return recursive && tooMuch ? Optional.of("it wipes what is not the task's") : Optional.empty();
  }
}
