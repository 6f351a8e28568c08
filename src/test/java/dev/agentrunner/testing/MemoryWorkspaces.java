package dev.agentrunner.testing;

import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.Artifacts;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.port.Workspaces;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** One folder for all tasks, in memory, with the kept bodies beside it. */
public final class MemoryWorkspaces implements Workspaces, Workspace, Artifacts {

  public final Map<String, String> files = new TreeMap<>();
  public final Map<String, byte[]> kept = new HashMap<>();
  public boolean missing;

  /** The files that can be run. */
  public final Set<String> executable = new TreeSet<>();

  /** Names that are not for the agent. */
  public final Set<String> outOfBounds = new TreeSet<>();

  /** Names that nothing can be done to, though they can be read. */
  public final Set<String> locked = new TreeSet<>();

  /** Happens after a file was read. */
  public Runnable onRead = () -> {};

  /** Happens after something could not be done. */
  public Runnable onTrouble = () -> {};

  private final Map<String, MemoryWorkspaces> apart = new ConcurrentHashMap<>();

  /** The files of a folder: of a worktree, or of the one that all tasks share. */
  Map<String, String> filesOf(String folder) {
    return folder.startsWith(MemoryWorktrees.FOLDER) ? worktree(folder).files : files;
  }

  /** The worktree of that place; made if it is not there. */
  MemoryWorkspaces worktree(String place) {
    return apart.computeIfAbsent(place, _ -> new MemoryWorkspaces());
  }

  void removeWorktree(String place) {
    apart.remove(place);
  }

  /** Places of the worktrees there are. */
  public Set<String> worktrees() {
    return new TreeSet<>(apart.keySet());
  }

  /** Every file, those of worktrees below their places. */
  public Map<String, String> allFiles() {
    Map<String, String> all = new TreeMap<>(files);
    apart.forEach(
        (place, own) -> own.files.forEach((path, text) -> all.put(place + "/" + path, text)));
    return all;
  }

  /** Has what {@link #allFiles} told, and nothing else. */
  public void restore(Map<String, String> all) {
    files.clear();
    apart.clear();
    all.forEach((path, text) -> {
      int end = path.indexOf('/', MemoryWorktrees.FOLDER.length());
      if (path.startsWith(MemoryWorktrees.FOLDER)) {
        worktree(path.substring(0, end)).files.put(path.substring(end + 1), text);
      } else {
        files.put(path, text);
      }
    });
  }

  @Override
  public Workspace open(Task task) {
    Optional<String> own = task.delivery().worktree();
    if (own.isPresent()) {
      return worktree(own.get());
    }
    if (missing) {
      throw new UsageException("no such folder: " + task.path());
    }
    return this;
  }

  @Override
  public String folder(Task task) {
    return task.delivery().worktree().orElse("/tasks/" + task.path());
  }

  @Override
  public String projectFolder(Task task, String relative) {
    return "/project/" + relative;
  }

  @Override
  public Predicate<String> protectedFiles(Task task) {
    return path -> task.protect().contains(path);
  }

  @Override
  public Predicate<String> changedRules(Task task) {
    return path -> false;
  }

  @Override
  public Predicate<String> matching(List<String> globs) {
    return path ->
        globs.stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .anyMatch(matcher -> matcher.matches(Path.of(path)));
  }

  @Override
  public String gitStatus(Task task) {
    return "";
  }

  @Override
  public Content read(String path) {
    String text = files.get(path);
    if (path.startsWith("/") || path.contains("..") || outOfBounds.contains(path)) {
      return new Content.Refused(path + " leads out of the folder");
    }
    onRead.run();
    return text == null
        ? new Content.Missing()
        : new Content.Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Listing list(String path, Optional<String> glob, int max) {
    List<String> found = files.keySet().stream().filter(name -> name.startsWith(path)).toList();
    return new Listing(
        found.subList(0, Math.min(max, found.size())), found.size() > max, Optional.empty());
  }

  @Override
  public Matches search(String pattern, Optional<String> glob, int max) {
    List<Match> found = new ArrayList<>();
    files.forEach((path, text) -> {
      List<String> lines = text.lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).contains(pattern)) {
          found.add(new Match(path, i + 1, lines.get(i)));
        }
      }
    });
    return new Matches(found, false, Optional.empty());
  }

  @Override
  public Optional<String> write(String path, byte[] content, Optional<String> expected) {
    Optional<String> trouble = trouble(path, expected);
    if (trouble.isEmpty()) {
      files.put(path, new String(content, StandardCharsets.UTF_8));
    }
    return trouble;
  }

  @Override
  public Optional<String> delete(String path, String expected) {
    Optional<String> trouble = trouble(path, Optional.of(expected));
    if (trouble.isEmpty()) {
      files.remove(path);
      executable.remove(path);
    }
    return trouble;
  }

  @Override
  public Optional<String> move(String from, String to, String expected) {
    Optional<String> trouble =
        trouble(from, Optional.of(expected)).or(() -> trouble(to, Optional.empty()));
    if (trouble.isEmpty()) {
      files.put(to, files.remove(from));
      if (executable.remove(from)) {
        executable.add(to);
      }
    }
    return trouble;
  }

  @Override
  public Optional<String> makeExecutable(String path, boolean can) {
    if (locked.contains(path) || !files.containsKey(path)) {
      return Optional.of(path + " cannot be changed");
    }
    if (can) {
      executable.add(path);
    } else {
      executable.remove(path);
    }
    return Optional.empty();
  }

  private Optional<String> trouble(String path, Optional<String> expected) {
    Optional<String> now =
        Optional.ofNullable(files.get(path)).map(t -> digest(t.getBytes(StandardCharsets.UTF_8)));
    if (locked.contains(path)) {
      onTrouble.run();
      return Optional.of(path + " cannot be changed");
    }
    return now.equals(expected) ? Optional.empty() : Optional.of(path + " changed meanwhile");
  }

  @Override
  public String keep(byte[] body) {
    String digest = digest(body);
    kept.put(digest, body);
    return digest;
  }

  @Override
  public Optional<byte[]> find(String digest) {
    return Optional.ofNullable(kept.get(digest));
  }

  public static String digest(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
