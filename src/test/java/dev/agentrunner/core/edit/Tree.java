package dev.agentrunner.core.edit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files in memory, with their modes, that changes can be made to. */
final class Tree implements FileView {

  private record Blob(byte[] content, FileMode mode) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Blob(byte[] bytes, FileMode kind)
          && Arrays.equals(content, bytes)
          && mode == kind;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
      return mode + " " + new String(content, UTF_8);
    }
  }

  private final TreeMap<String, Blob> blobs = new TreeMap<>();

  static Tree holding(String path, String content) {
    Tree tree = new Tree();
    tree.put(path, content);
    return tree;
  }

  static Tree of(Path folder) {
    Tree tree = new Tree();
    if (!Files.isDirectory(folder)) {
      return tree;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        tree.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tree;
  }

  /** From an object of paths and texts. */
  static Tree of(JsonNode texts) {
    Tree tree = new Tree();
    texts.properties().forEach(one -> tree.put(one.getKey(), one.getValue().asText()));
    return tree;
  }

  /** From entries with {@code path} or {@code path_b64}, {@code text} or {@code b64}, and mode. */
  static Tree ofEntries(JsonNode entries) {
    Tree tree = new Tree();
    for (JsonNode entry : entries) {
      String path =
          entry.has("path_b64")
              ? Bytes.name(Bytes.text(Base64.getDecoder().decode(entry.get("path_b64").asText())))
              : entry.get("path").asText();
      tree.blobs.put(path, new Blob(EditCorpusTest.bytes(entry), mode(entry)));
    }
    return tree;
  }

  private static FileMode mode(JsonNode entry) {
    return switch (entry.get("mode").asText()) {
      case "100755" -> FileMode.EXECUTABLE;
      case "120000" -> FileMode.LINK;
      default -> FileMode.PLAIN;
    };
  }

  /** This tree with the edits of {@code reply} made; they must apply. */
  Tree edited(String reply) {
    return switch (planned(reply).applyTo(this)) {
      case EditResult.Changed(List<Change> changes) -> after(changes);
      case EditResult.Refused refused -> throw new AssertionError(refused.message());
    };
  }

  /** What the model is told of {@code reply}, which must not apply. */
  String refusal(String reply) {
    return switch (EditPlan.read(reply, Optional.empty())) {
      case EditPlan.Reading.Unreadable(String reason) -> reason;
      case EditPlan.Reading.Planned(EditPlan plan) ->
          switch (plan.applyTo(this)) {
            case EditResult.Refused refused -> refused.message();
            case EditResult.Changed(List<Change> changes) ->
                throw new AssertionError("applied: " + after(changes));
          };
    };
  }

  static EditPlan planned(String reply) {
    return switch (EditPlan.read(reply, Optional.empty())) {
      case EditPlan.Reading.Planned(EditPlan plan) -> plan;
      case EditPlan.Reading.Unreadable(String reason) -> throw new AssertionError(reason);
    };
  }

  void put(String path, String text) {
    put(path, text.getBytes(UTF_8));
  }

  void put(String path, byte[] content) {
    blobs.put(path, new Blob(content, FileMode.PLAIN));
  }

  void mark(String path, FileMode mode) {
    blobs.computeIfPresent(path, (at, blob) -> new Blob(blob.content(), mode));
  }

  @Override
  public Optional<byte[]> read(String path) {
    return Optional.ofNullable(blobs.get(path)).map(Blob::content);
  }

  String text(String path) {
    return read(path).map(content -> new String(content, UTF_8)).orElse("(no file)");
  }

  FileMode mode(String path) {
    return Optional.ofNullable(blobs.get(path)).map(Blob::mode).orElse(FileMode.PLAIN);
  }

  /** This tree with {@code changes} made one after the other; each must find what it expects. */
  Tree after(List<Change> changes) {
    Tree tree = new Tree();
    tree.blobs.putAll(blobs);
    for (Change change : changes) {
      switch (change) {
        case Change.Written(
                String path,
                Optional<byte[]> before,
                byte[] after,
                Optional<FileMode> mode) -> {
          tree.expect(path, before);
          tree.blobs.put(path, new Blob(after, mode.orElse(tree.mode(path))));
        }
        case Change.Moved(
                String from,
                String path,
                byte[] before,
                Optional<byte[]> replaced,
                byte[] after,
                Optional<FileMode> mode) -> {
          tree.expect(from, Optional.of(before));
          tree.expect(path, replaced);
          FileMode old = tree.mode(from);
          tree.blobs.remove(from);
          tree.blobs.put(path, new Blob(after, mode.orElse(old)));
        }
        case Change.Deleted(String path, byte[] before) -> {
          tree.expect(path, Optional.of(before));
          tree.blobs.remove(path);
        }
      }
    }
    return tree;
  }

  private void expect(String path, Optional<byte[]> content) {
    if (!Arrays.equals(read(path).orElse(null), content.orElse(null))) {
      throw new AssertionError(path + " holds something else than expected");
    }
  }

  Tree endingInNewlines() {
    Tree tree = new Tree();
    blobs.forEach((path, blob) -> tree.put(path, (text(path) + "\n").replaceFirst("\n+$", "\n")));
    return tree;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tree tree && blobs.equals(tree.blobs);
  }

  @Override
  public int hashCode() {
    return blobs.hashCode();
  }

  @Override
  public String toString() {
    return blobs.toString();
  }
}
