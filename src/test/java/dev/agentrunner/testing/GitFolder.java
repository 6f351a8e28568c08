package dev.agentrunner.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A work tree laid out, and asked about, by the git program. */
public final class GitFolder {

  public final Path home;
  public final Path tree;

  /**
   * @param folder where both are made: the home of a user, and the work tree on branch {@code main}
   */
  public GitFolder(Path folder) throws IOException, InterruptedException {
    home = Files.createDirectory(folder.toRealPath().resolve("home"));
    tree = Files.createDirectory(folder.toRealPath().resolve("tree"));
    git("init", "-q", "-b", "main");
  }

  public GitFolder file(String name, String content) throws IOException {
    Path file = tree.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return this;
  }

  public String text(String name) throws IOException {
    return Files.readString(tree.resolve(name));
  }

  /** Everything there is, committed. */
  public GitFolder committed(String message) throws IOException, InterruptedException {
    git("add", "-A");
    git("commit", "-q", "-m", message);
    return this;
  }

  /** What git prints. */
  public String git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(tree.toFile());
    builder.redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("HOME", home.toString());
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      environment.put("GIT_" + who + "_NAME", "Tester");
      environment.put("GIT_" + who + "_EMAIL", "tester@example.org");
    }
    Process git = builder.start();
    String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (git.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + out);
    }
    return out;
  }
}
