package dev.agentrunner.testing;

import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.Artifacts;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.port.Workspaces;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One folder for all tasks, in memory, with the kept bodies beside it. */
public final class MemoryWorkspaces implements Workspaces, Workspace, Artifacts {

  public final Map<String, String> files = new TreeMap<>();
  public final Map<String, byte[]> kept = new HashMap<>();
  public boolean missing;

  @Override
  public Workspace open(Task task) {
    if (missing) {
      throw new UsageException("no such folder: " + task.path());
    }
    return this;
  }

  @Override
  public String folder(Task task) {
    return "/tasks/" + task.path();
  }

  @Override
  public String projectFolder(String relative) {
    return "/project/" + relative;
  }

  @Override
  public String gitStatus(Task task) {
    return "";
  }

  @Override
  public Content read(String path) {
    String text = files.get(path);
    if (path.startsWith("/") || path.contains("..")) {
      return new Content.Refused(path + " leads out of the folder");
    }
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
    Optional<String> now =
        Optional.ofNullable(files.get(path)).map(t -> digest(t.getBytes(StandardCharsets.UTF_8)));
    if (!now.equals(expected)) {
      return Optional.of(path + " changed meanwhile");
    }
    files.put(path, new String(content, StandardCharsets.UTF_8));
    return Optional.empty();
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
