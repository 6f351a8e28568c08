package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Finds where the hunks of a diff belong. A hunk whose old lines stand in the file just once
 * belongs there; where they stand in several places, its line numbers decide.
 *
 * <p>What a program wrote is taken as git takes it: to the byte, without fuzz, and nearest to its
 * line numbers. What a model wrote may differ in line endings and in white space at line ends, up
 * to two lines of context may be wrong at either edge, and its line numbers, moved as far as its
 * neighbours were, must be right to the line if they are needed.
 */
final class HunkPlaces {

  private static final int FUZZ = 2;

  /**
   * Where a hunk may go.
   *
   * @param hunk maybe with less context than the reply has
   * @param places in order
   */
  private record Candidates(Hunk hunk, List<Integer> places, boolean sameBytes) {

    int length() {
      return hunk.old().size();
    }

    IntStream within(int from, int to) {
      return places.stream().mapToInt(place -> place).filter(at -> from <= at && at <= to);
    }
  }

  private final FileText file;
  private final List<String> wholes;
  private final List<String> texts;
  private final boolean exact;

  /**
   * @param file with its byte order mark, if any, in its first line
   */
  HunkPlaces(FileText file, boolean exact) {
    this.file = file;
    this.exact = exact;
    this.wholes = file.lines().stream().map(Line::whole).toList();
    this.texts = file.lines().stream().map(line -> unmarked(line.text())).toList();
  }

  /**
   * @throws NotApplicableException if one is nowhere, or it is not clear where
   */
  List<Splice> of(List<Hunk> hunks) {
    List<Candidates> candidates = inOrder(hunks.stream().map(this::candidates).toList());
    List<Splice> splices = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Splice splice = splice(candidates.get(i), place(candidates, i));
      for (Splice other : splices) {
        if (splice.touches(other)) {
          throw new NotApplicableException(
              "%s changes the same lines as an earlier one.".formatted(named(hunks.get(i))));
        }
      }
      splices.add(splice);
    }
    return splices;
  }

  /**
   * Hunks with line numbers come in the order of the file. So a place counts only if it leaves room
   * for the hunks above and below. Nothing is ruled out if no places are in order.
   */
  private List<Candidates> inOrder(List<Candidates> all) {
    if (!all.stream().allMatch(candidates -> candidates.hunk().start().isPresent())) {
      return all;
    }
    int[] first = new int[all.size()];
    int free = 0;
    for (int i = 0; i < first.length; i++) {
      OptionalInt place = all.get(i).within(free, Integer.MAX_VALUE).findFirst();
      if (place.isEmpty()) {
        return all;
      }
      first[i] = place.getAsInt();
      free = first[i] + all.get(i).length();
    }
    List<Candidates> result = new ArrayList<>();
    int end = texts.size();
    for (int i = first.length - 1; i >= 0; i--) {
      List<Integer> places =
          all.get(i).within(first[i], end - all.get(i).length()).boxed().toList();
      result.addFirst(new Candidates(all.get(i).hunk(), places, all.get(i).sameBytes()));
      end = places.getLast();
    }
    return result;
  }

  private Candidates candidates(Hunk hunk) {
    if (hunk.old().isEmpty()) {
      return unanchored(hunk);
    }
    Candidates found = new Candidates(hunk, anchored(hunk, fitting(hunk, true)), true);
    if (found.places().isEmpty() && !exact) {
      found = new Candidates(hunk, fitting(hunk, false), false);
    }
    int fuzzMax = exact ? 0 : Math.min(FUZZ, Math.max(hunk.keptAtHead(), hunk.keptAtTail()));
    for (int fuzz = 1; found.places().isEmpty() && fuzz <= fuzzMax; fuzz++) {
      found = fuzzy(hunk, fuzz);
    }
    if (found.places().isEmpty()) {
      throw new NotApplicableException(
          "the lines of %s do not stand in the file. %s\nCopy the lines exactly, white space included."
              .formatted(named(hunk), new Nearest(texts).to(Line.texts(hunk.old()))));
    }
    return found;
  }

  private Candidates unanchored(Hunk hunk) {
    if (!texts.isEmpty()) {
      throw new NotApplicableException(
          "%s only adds lines and shows none of the file's, so that where they go cannot be checked. Give a line of the file before or after them, with a space in front."
              .formatted(named(hunk)));
    }
    return new Candidates(hunk, List.of(0), true);
  }

  private List<Integer> fitting(Hunk hunk, boolean sameBytes) {
    if (sameBytes) {
      return new LineSearch(wholes, UnaryOperator.identity())
          .find(hunk.old().stream().map(Line::whole).toList());
    }
    return new LineSearch(texts, String::stripTrailing)
        .find(hunk.old().stream().map(line -> unmarked(line.text())).toList());
  }

  /** As GNU patch does it: the edge with more context loses first. */
  private Candidates fuzzy(Hunk hunk, int fuzz) {
    int head = hunk.keptAtHead();
    int tail = hunk.keptAtTail();
    int context = Math.max(head, tail);
    Hunk shorter =
        hunk.without(Math.max(0, fuzz + head - context), Math.max(0, fuzz + tail - context));
    long old = shorter.old().stream().filter(line -> !line.blank()).count();
    boolean enough = shorter.removes() ? old > 0 : old > 1;
    return new Candidates(shorter, enough ? fitting(shorter, false) : List.of(), false);
  }

  /**
   * Programs leave out lines above or below a change only where the file begins or ends; so there
   * it must.
   */
  private List<Integer> anchored(Hunk hunk, List<Integer> places) {
    boolean atStart =
        hunk.keptAtHead() == 0 && hunk.keptAtTail() > 0 && hunk.start().orElse(1) == 0;
    boolean atEnd = hunk.keptAtTail() == 0 && hunk.keptAtHead() > 0;
    int last = texts.size() - hunk.old().size();
    return places.stream()
        .filter(place -> !exact || !atStart || place == 0)
        .filter(place -> !exact || !atEnd || place == last)
        .toList();
  }

  private int place(List<Candidates> all, int index) {
    Candidates candidates = all.get(index);
    if (candidates.places().size() == 1) {
      return candidates.places().getFirst();
    }
    OptionalInt stated = candidates.hunk().start();
    if (stated.isPresent()) {
      OptionalInt there = nearest(candidates.places(), stated.getAsInt());
      OptionalInt moved =
          nearest(candidates.places(), stated.getAsInt() + shift(all, index).orElse(0));
      if (moved.isPresent() && (!exact || moved.equals(there))) {
        return moved.getAsInt();
      }
    }
    throw new NotApplicableException(
        "the lines of %s stand in %d places (%s). Give more lines around them, until there is only one such place."
            .formatted(
                named(candidates.hunk()),
                candidates.places().size(),
                Nearest.places(candidates.places())));
  }

  /** The place at a line, or what is nearest to it if a program counted. */
  private OptionalInt nearest(List<Integer> places, int line) {
    int distance =
        exact ? places.stream().mapToInt(place -> Math.abs(place - line)).min().orElse(0) : 0;
    List<Integer> nearest =
        places.stream().filter(place -> Math.abs(place - line) == distance).toList();
    return nearest.size() == 1 ? OptionalInt.of(nearest.getFirst()) : OptionalInt.empty();
  }

  /** How far the nearest hunk that fits in one place only was moved, one above if there is one. */
  private static Optional<Integer> shift(List<Candidates> all, int index) {
    return IntStream.concat(
            IntStream.iterate(index - 1, i -> i >= 0, i -> i - 1),
            IntStream.range(index + 1, all.size()))
        .mapToObj(all::get)
        .filter(other -> other.places().size() == 1 && other.hunk().start().isPresent())
        .map(other -> other.places().getFirst() - other.hunk().start().getAsInt())
        .findFirst();
  }

  private Splice splice(Candidates candidates, int place) {
    Hunk hunk = candidates.hunk();
    int length = hunk.old().size();
    boolean toEnd = place + length == file.lines().size();
    List<Line> present = file.lines().subList(place, place + length);
    List<Line> lines =
        new ArrayList<>(
            hunk.applied(present, candidates.sameBytes() ? line -> line : this::fitted));
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      boolean last = toEnd && i == lines.size() - 1;
      if (candidates.sameBytes() && line.ending().isEmpty() && !last) {
        throw new NotApplicableException(
            "%s says that a line has no newline, but it is not the last one of the file."
                .formatted(named(hunk)));
      }
      if (!candidates.sameBytes() && last && !file.endsWithNewline()) {
        lines.set(i, line.ending(""));
      }
      if (!candidates.sameBytes() && place + i == 0 && marked() && !marked(line)) {
        lines.set(i, new Line(FileText.BYTE_ORDER_MARK + line.text(), line.ending()));
      }
    }
    return new Splice(place, length, lines);
  }

  private Line fitted(Line line) {
    return new Line(unmarked(line.text()), file.ending());
  }

  private boolean marked() {
    return !file.lines().isEmpty() && marked(file.lines().getFirst());
  }

  private static boolean marked(Line line) {
    return line.text().startsWith(FileText.BYTE_ORDER_MARK);
  }

  private static String unmarked(String text) {
    return text.startsWith(FileText.BYTE_ORDER_MARK)
        ? text.substring(FileText.BYTE_ORDER_MARK.length())
        : text;
  }

  private static String named(Hunk hunk) {
    return "the hunk at line %d of the reply".formatted(hunk.line());
  }
}
