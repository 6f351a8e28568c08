package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Whole lines to find in a file and the lines to put in their place. What stands there exactly
 * counts first. If nothing does, four slips are forgiven, in this order: white space at line ends,
 * blank lines around, all lines indented too little or too much by the same white space, and a
 * single line that is only a part of one. The first that finds something decides; it must find just
 * one place.
 *
 * @param name what the model calls the wanted lines, such as {@code SEARCH}
 * @param everywhere whether every place is meant
 */
record Passage(String name, List<Line> wanted, List<Line> replacement, boolean everywhere) {

  Passage {
    wanted = List.copyOf(wanted);
    replacement = List.copyOf(replacement);
  }

  /**
   * The lines to change in {@code file}, in order.
   *
   * @throws NotApplicableException if that is nowhere, or not clear
   */
  List<Splice> in(FileText file) {
    List<Splice> found = exact(file);
    if (found.isEmpty()) {
      found = likely(file);
    }
    if (found.isEmpty()) {
      throw missing(file);
    }
    if (found.size() > 1 && !everywhere) {
      throw new NotApplicableException(
          "the %s lines stand in %d places (%s). Give more lines around them, until there is only one such place."
              .formatted(
                  name, found.size(), Nearest.places(found.stream().map(Splice::at).toList())));
    }
    return found;
  }

  private List<Splice> exact(FileText file) {
    int head = sameAtHead();
    int tail = sameAtTail(head);
    return at(places(file, UnaryOperator.identity()), file).stream()
        .map(splice -> keeping(file.lines(), splice, head, tail))
        .toList();
  }

  /** {@code splice} with lines at its edges that do not change left as they are, endings too. */
  private static Splice keeping(List<Line> lines, Splice splice, int head, int tail) {
    List<Line> added = new ArrayList<>(lines.subList(splice.at(), splice.at() + head));
    added.addAll(splice.added().subList(head, splice.added().size() - tail));
    added.addAll(lines.subList(splice.end() - tail, splice.end()));
    return new Splice(splice.at(), splice.removed(), added);
  }

  private List<Splice> likely(FileText file) {
    if (wanted.size() == 1 && replacement.size() == 1) {
      return withinLine(file);
    }
    List<Splice> found = at(places(file, String::stripTrailing), file);
    Passage trimmed = withoutBlankEdges();
    if (found.isEmpty() && !trimmed.wanted.isEmpty()) {
      found = trimmed.at(trimmed.places(file, String::stripTrailing), file);
    }
    if (found.isEmpty()) {
      found = shifted(file);
    }
    if (found.isEmpty()) {
      found = trimmed.shifted(file);
    }
    return found;
  }

  private List<Integer> places(FileText file, UnaryOperator<String> likeness) {
    return apart(
        new LineSearch(Line.texts(file.lines()), likeness).find(Line.texts(wanted)), wanted.size());
  }

  /** Leaves out places that overlap an earlier one, if all are to be changed. */
  private List<Integer> apart(List<Integer> places, int length) {
    if (!everywhere) {
      return places;
    }
    List<Integer> apart = new ArrayList<>();
    int free = 0;
    for (int place : places) {
      if (place >= free) {
        apart.add(place);
        free = place + length;
      }
    }
    return apart;
  }

  private List<Splice> at(List<Integer> places, FileText file) {
    return places.stream().map(place -> splice(place, Line.texts(replacement), file)).toList();
  }

  private Splice splice(int place, List<String> texts, FileText file) {
    boolean atEnd = place + wanted.size() == file.lines().size();
    List<Line> added = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      boolean open = atEnd && i == texts.size() - 1 && !file.endsWithNewline();
      added.add(new Line(texts.get(i), open ? "" : file.ending()));
    }
    return new Splice(place, wanted.size(), added);
  }

  private int sameAtHead() {
    int same = 0;
    while (same < Math.min(wanted.size(), replacement.size())
        && wanted.get(same).text().equals(replacement.get(same).text())) {
      same++;
    }
    return same;
  }

  private int sameAtTail(int head) {
    int same = 0;
    while (same < Math.min(wanted.size(), replacement.size()) - head
        && wanted
            .get(wanted.size() - 1 - same)
            .text()
            .equals(replacement.get(replacement.size() - 1 - same).text())) {
      same++;
    }
    return same;
  }

  /** The same without blank lines at its edges; what both sides have there, both lose. */
  private Passage withoutBlankEdges() {
    int from = 0;
    int to = wanted.size();
    int newFrom = 0;
    int newTo = replacement.size();
    while (from < to && wanted.get(from).blank()) {
      from++;
      if (newFrom < newTo && replacement.get(newFrom).blank()) {
        newFrom++;
      }
    }
    while (to > from && wanted.get(to - 1).blank()) {
      to--;
      if (newTo > newFrom && replacement.get(newTo - 1).blank()) {
        newTo--;
      }
    }
    return new Passage(
        name, wanted.subList(from, to), replacement.subList(newFrom, newTo), everywhere);
  }

  private List<Splice> shifted(FileText file) {
    Optional<String> indent = commonIndent(wanted);
    Optional<String> newIndent = commonIndent(replacement);
    // Where the two sides do not begin at the same depth, it is not clear how deep the new lines
    // are meant to be.
    if (indent.isEmpty() || (newIndent.isPresent() && !newIndent.equals(indent))) {
      return List.of();
    }
    List<Splice> found = new ArrayList<>();
    for (int place : places(file, String::strip)) {
      shift(file.lines().subList(place, place + wanted.size()), indent.get())
          .ifPresent(
              shift -> found.add(splice(place, reindented(indent.get().length(), shift), file)));
    }
    return found;
  }

  /**
   * What {@code lines} have in place of the indent of the wanted ones, if it is the same for all.
   */
  private Optional<String> shift(List<Line> lines, String indent) {
    Optional<String> shift = Optional.empty();
    for (int i = 0; i < lines.size(); i++) {
      String want = wanted.get(i).text().stripTrailing();
      String have = lines.get(i).text().stripTrailing();
      if (want.isEmpty()) {
        continue;
      }
      String rest = want.substring(indent.length());
      if (!have.endsWith(rest)) {
        return Optional.empty();
      }
      Optional<String> here = Optional.of(have.substring(0, have.length() - rest.length()));
      if (!here.get().isBlank() || (shift.isPresent() && !shift.equals(here))) {
        return Optional.empty();
      }
      shift = here;
    }
    return shift;
  }

  private List<String> reindented(int indent, String shift) {
    return replacement.stream()
        .map(line -> line.blank() ? line.text() : shift + line.text().substring(indent))
        .toList();
  }

  /** The white space that all lines with text begin with; empty if no line has any. */
  private static Optional<String> commonIndent(List<Line> lines) {
    Optional<String> common = Optional.empty();
    for (Line line : lines) {
      if (!line.blank()) {
        String indent = indent(line.text());
        common = Optional.of(common.map(so -> commonStart(so, indent)).orElse(indent));
      }
    }
    return common;
  }

  private static String indent(String text) {
    return text.substring(0, text.length() - text.stripLeading().length());
  }

  private static String commonStart(String one, String other) {
    int same = 0;
    while (same < Math.min(one.length(), other.length())
        && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    return one.substring(0, same);
  }

  /** One line that is like the wanted one but for white space around it, or that holds it. */
  private List<Splice> withinLine(FileText file) {
    String from = wanted.getFirst().text();
    String to = replacement.getFirst().text();
    if (from.isBlank() || !indent(from).equals(indent(to))) {
      return List.of();
    }
    List<Splice> found = new ArrayList<>();
    for (int place : places(file, String::strip)) {
      String line = file.lines().get(place).text();
      found.add(change(place, line.indexOf(from.strip()), from.strip(), to.strip(), file));
    }
    boolean likeLine = !found.isEmpty();
    for (int i = 0; !likeLine && !everywhere && i < file.lines().size(); i++) {
      String line = file.lines().get(i).text();
      for (int at = line.indexOf(from); at >= 0; at = line.indexOf(from, at + from.length())) {
        if (standsAlone(line, at, at + from.length())) {
          found.add(change(i, at, from, to, file));
        }
      }
    }
    return found;
  }

  private static Splice change(int place, int at, String from, String to, FileText file) {
    Line line = file.lines().get(place);
    String text = line.text().substring(0, at) + to + line.text().substring(at + from.length());
    return new Splice(place, 1, List.of(new Line(text, line.ending())));
  }

  /** Whether a part of a line does not begin or end in the middle of a word. */
  private static boolean standsAlone(String line, int from, int to) {
    return !(from > 0 && inWord(line.charAt(from - 1)) && inWord(line.charAt(from)))
        && !(to < line.length() && inWord(line.charAt(to - 1)) && inWord(line.charAt(to)));
  }

  private static boolean inWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c > 0x7F;
  }

  private NotApplicableException missing(FileText file) {
    boolean done =
        !replacement.isEmpty()
            && !new LineSearch(Line.texts(file.lines()), UnaryOperator.identity())
                .find(Line.texts(replacement))
                .isEmpty();
    return new NotApplicableException(
        "the %s lines do not stand in the file.%s %s\nCopy the lines exactly, white space included."
            .formatted(
                name,
                done ? " The lines to put there do; is this done already?" : "",
                new Nearest(Line.texts(file.lines())).to(Line.texts(wanted))));
  }
}
