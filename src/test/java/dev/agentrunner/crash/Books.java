package dev.agentrunner.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is written down of a run outside of its project: calls in the user's count, and commits.
 *
 * @param lines by booking, how often it is written; those that were taken back are left out
 * @param commits by task, how many there are of it
 * @param worktrees that git knows of, the user's own not counted, and folders of them
 * @param uncommitted what git says that is not as it was committed
 */
record Books(
    Map<String, Integer> lines,
    Map<String, Integer> commits,
    List<String> worktrees,
    List<String> uncommitted) {

  private static final Pattern TASK = Pattern.compile("(?m)^Agent-Runner-Task: (\\S+)$");

  /** What git says of the user's own work. */
  static final List<String> OWN = List.of(" M changed.txt", "M  staged.txt", "?? unknown.txt");

  private static final int WORDS = 4;

  static Books of(Ground ground) throws IOException, InterruptedException {
    Map<String, Integer> lines = new HashMap<>();
    if (Files.exists(ground.usage())) {
      try (Stream<Path> files = Files.list(ground.usage())) {
        for (Path file : files.filter(one -> one.toString().endsWith(".txt")).toList()) {
          Files.readAllLines(file, StandardCharsets.ISO_8859_1).forEach(line -> count(line, lines));
        }
      }
    }
    Path work = ground.folder().resolve("work");
    Map<String, Integer> commits = new TreeMap<>();
    List<String> uncommitted = new ArrayList<>();
    List<String> worktrees = new ArrayList<>();
    if (Files.exists(work.resolve(".git"))) {
      Matcher task = TASK.matcher(git(work, "log", "--format=%B"));
      while (task.find()) {
        commits.merge(task.group(1), 1, Integer::sum);
      }
      git(work, "--no-optional-locks", "status", "--porcelain").lines().forEach(uncommitted::add);
      worktrees.addAll(names(work.resolve(".git/worktrees")));
      for (String run : names(ground.home().resolve("worktrees"))) {
        worktrees.addAll(names(ground.home().resolve("worktrees").resolve(run)));
      }
    }
    return new Books(lines, commits, worktrees, uncommitted);
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).map(Path::toString).sorted().toList();
    }
  }

  private static void count(String line, Map<String, Integer> lines) {
    String[] words = line.split(" ", -1);
    if (words.length != WORDS) {
      return; // What the provider told, or half a line.
    }
    if (words[2].equals("-")) {
      lines.remove(words[1]);
    } else {
      lines.merge(words[1], 1, Integer::sum);
    }
  }

  /** With everything in it committed; without git, there is none. */
  static void layRepository(Path work) throws IOException, InterruptedException {
    try {
      git(work, "init", "-q", "-b", "main");
    } catch (IOException noGit) {
      return;
    }
    git(work, "add", ".");
    git(work, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "first");
  }

  /** What {@link #OWN} is about. */
  static void leaveWork(Path work) throws IOException, InterruptedException {
    for (String name : List.of("staged.txt", "changed.txt")) {
      Files.writeString(work.resolve(name), "as it was\n");
    }
    git(work, "add", ".");
    git(work, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "second");
    for (String name : List.of("staged.txt", "changed.txt", "unknown.txt")) {
      Files.writeString(work.resolve(name), "mine\n");
    }
    git(work, "add", "staged.txt");
  }

  private static String git(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("git"));
    words.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new UncheckedIOException(new IOException(words + ": " + said));
    }
    return said;
  }
}
