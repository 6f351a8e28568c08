package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Finds where the chunks of an {@code *** Update File} section belong. Chunks come in the order of
 * the file, so each is looked for below the one before.
 */
final class ChunkPlaces {

  private final FileText file;
  private final List<String> texts;

  ChunkPlaces(FileText file) {
    this.file = file;
    this.texts = Line.texts(file.lines());
  }

  /**
   * @throws NotApplicableException if one is nowhere, or it is not clear where
   */
  List<Splice> of(List<Chunk> chunks) {
    List<Splice> splices = new ArrayList<>();
    int from = 0;
    for (Chunk chunk : chunks) {
      if (chunk.lines().old().isEmpty()) {
        splices.add(appended(chunk));
      } else {
        Splice splice = replaced(chunk, from);
        splices.add(splice);
        from = splice.end();
      }
    }
    return splices;
  }

  private Splice appended(Chunk chunk) {
    if (!chunk.anchors().isEmpty()) {
      throw new NotApplicableException(
          "the chunk at line %d of the reply only adds lines and does not say where. Give a line of the file before or after them, with a space in front."
              .formatted(chunk.lines().line()));
    }
    return new Splice(texts.size(), 0, chunk.lines().applied(List.of(), this::fitted));
  }

  private Splice replaced(Chunk chunk, int from) {
    Hunk lines = chunk.lines();
    OptionalInt place = place(chunk, lines, from);
    for (int blanks = chunk.openBlanks(); place.isEmpty() && blanks > 0; blanks--) {
      lines = lines.without(0, 1);
      place = lines.old().isEmpty() ? place : place(chunk, lines, from);
    }
    if (place.isEmpty()) {
      throw missing(chunk, from);
    }
    int at = place.getAsInt();
    int length = lines.old().size();
    return new Splice(
        at, length, lines.applied(file.lines().subList(at, at + length), this::fitted));
  }

  private Line fitted(Line line) {
    return line.ending(file.ending());
  }

  private OptionalInt place(Chunk chunk, Hunk lines, int from) {
    List<String> old = Line.texts(lines.old());
    for (UnaryOperator<String> likeness : Likeness.LOOSER) {
      List<Integer> places =
          new LineSearch(texts, likeness)
              .find(old).stream()
                  .filter(place -> place >= from)
                  .filter(place -> !chunk.atEnd() || place + old.size() == texts.size())
                  .toList();
      if (!places.isEmpty()) {
        return OptionalInt.of(chosen(chunk, places, from));
      }
    }
    return OptionalInt.empty();
  }

  private int chosen(Chunk chunk, List<Integer> places, int from) {
    int below = from;
    boolean clear = true;
    for (String anchor : chunk.anchors()) {
      List<Integer> anchors = anchors(anchor, below);
      if (anchors.isEmpty()) {
        throw new NotApplicableException(
            "the line after @@, \"%s\", does not stand in the file%s. %s"
                .formatted(
                    Nearest.shown(anchor),
                    below > 0 ? " below line " + below : "",
                    new Nearest(texts).to(List.of(anchor))));
      }
      clear = anchors.size() == 1;
      below = anchors.getFirst() + 1;
    }
    int first = below;
    Optional<Integer> next = places.stream().filter(place -> place >= first).findFirst();
    if (next.isEmpty()) {
      throw new NotApplicableException(
          "the lines to change stand in the file (%s), but above the line after @@."
              .formatted(Nearest.places(places)));
    }
    if (places.size() > 1 && (chunk.anchors().isEmpty() || !clear)) {
      throw new NotApplicableException(
          "the lines of the chunk at line %d of the reply stand in %d places (%s). Give more lines around them, or the unique line of the class or function above them after @@."
              .formatted(chunk.lines().line(), places.size(), Nearest.places(places)));
    }
    return next.get();
  }

  private List<Integer> anchors(String anchor, int from) {
    for (UnaryOperator<String> likeness : Likeness.ANCHOR) {
      List<Integer> found =
          new LineSearch(texts, likeness)
              .find(List.of(anchor)).stream().filter(place -> place >= from).toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private NotApplicableException missing(Chunk chunk, int from) {
    return new NotApplicableException(
        "the lines of the chunk at line %d of the reply do not stand in the file%s%s. %s\nCopy the lines exactly, white space included."
            .formatted(
                chunk.lines().line(),
                from > 0 ? " below line " + from : "",
                chunk.atEnd() ? ", not at its end" : "",
                new Nearest(texts).to(Line.texts(chunk.lines().old()))));
  }
}
