package dev.agentrunner.adapter.files;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/**
 * Where a path has led so far: a name in a folder held open, and what was found there.
 *
 * @param way the path that led here
 * @param index of the part that names this spot
 * @param found empty if there is nothing
 */
record Spot(OpenFolder holder, FolderPath way, int index, Optional<PosixFileAttributes> found) {

  static Spot at(OpenFolder holder, FolderPath way, int index) throws IOException, Refusal {
    return new Spot(holder, way, index, holder.look(way.name(index)));
  }

  Path name() throws Refusal {
    return way.name(index);
  }

  /** From the task's folder, for the agent. */
  String path() {
    return way.text(index);
  }

  boolean isEnd() {
    return index == way.length() - 1;
  }

  boolean isLink() {
    return found.filter(BasicFileAttributes::isSymbolicLink).isPresent();
  }

  /** The way that goes on where this link leads. */
  FolderPath throughLink() throws IOException, Refusal {
    return way.through(index, holder.target(name()));
  }

  /** Opens the folder that is here. */
  OpenFolder enter() throws IOException, Refusal {
    if (!lookedAt().isDirectory()) {
      throw new Refusal(path() + " is not a folder");
    }
    return holder.enter(name());
  }

  /**
   * The whole of the file that is here.
   *
   * @throws Refusal also if it has more than {@code max} bytes
   */
  byte[] read(int max) throws IOException, Refusal {
    BasicFileAttributes file = lookedAt();
    if (file.isDirectory()) {
      throw new Refusal(path() + " is a folder; list it, or name a file in it");
    }
    if (!file.isRegularFile()) {
      throw new Refusal(path() + " is a pipe, a socket or a device, not a file");
    }
    byte[] bytes = holder.read(name(), max + 1);
    if (bytes.length > max) {
      throw new Refusal(path() + " is too large: it has more than " + max + " bytes");
    }
    return bytes;
  }

  private BasicFileAttributes lookedAt() throws IOException, Refusal {
    if (isLink()) {
      String instead = throughLink().text();
      throw new Refusal(
          path() + " is a link; use " + (instead.isEmpty() ? "." : instead) + " instead");
    }
    return found.orElseThrow(() -> new NoSuchFileException(path()));
  }
}
