package dev.agentrunner.adapter.files;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Goes down a path from folder to folder, each held open until the visit at its end is over. */
final class Descent {

  private static final int LINKS_MAX = 10;

  private final OpenFolder top;
  private final OnTheWay onTheWay;

  private int links;

  Descent(OpenFolder top, OnTheWay onTheWay) {
    this.top = top;
    this.onTheWay = onTheWay;
  }

  /** What to do about what stands in the way. */
  enum OnTheWay {
    STOP,
    FOLLOW_LINKS,
    MAKE_FOLDERS
  }

  /** What is done at the end of a path. */
  interface Visit<T> {
    T at(Spot spot) throws IOException, Refusal;
  }

  /**
   * Goes down {@code path}.
   *
   * @throws NoSuchFileException if a folder on the way is missing
   */
  <T> T to(FolderPath path, Visit<T> visit) throws IOException, Refusal {
    return from(top, path, 0, visit);
  }

  private <T> T from(OpenFolder holder, FolderPath path, int index, Visit<T> visit)
      throws IOException, Refusal {
    Spot spot = Spot.at(holder, path, index);
    if (spot.isLink() && onTheWay == OnTheWay.FOLLOW_LINKS) {
      return from(top, beyond(spot), 0, visit);
    }
    if (spot.isEnd()) {
      return visit.at(spot);
    }
    if (spot.found().isEmpty() && onTheWay == OnTheWay.MAKE_FOLDERS) {
      top.makeFolder(holder, spot.name());
      spot = Spot.at(holder, path, index);
    }
    try (OpenFolder below = spot.enter()) {
      return from(below, path, index + 1, visit);
    }
  }

  private FolderPath beyond(Spot link) throws IOException, Refusal {
    links++;
    if (links > LINKS_MAX) {
      throw new Refusal(link.path() + " is a link to a link and so on, too many to follow");
    }
    FolderPath path = link.throughLink();
    if (path.parts().isEmpty()) {
      throw new Refusal(link.path() + " is a link to the task's folder, not to a file");
    }
    return path;
  }
}
