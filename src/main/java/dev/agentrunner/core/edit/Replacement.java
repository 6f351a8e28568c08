package dev.agentrunner.core.edit;

import java.util.List;

/**
 * Puts one text in place of another in a file: the exact text, wherever it begins and ends, or else
 * whole lines that are it but for white space, as {@link EditPlan} forgives it.
 *
 * @param oldText what stands there now
 * @param newText what shall stand there
 * @param everywhere whether every occurrence is meant; otherwise there must be just one
 */
public record Replacement(String oldText, String newText, boolean everywhere) {

  /** What came of it. */
  public sealed interface Result {

    /** The whole file as it is to be; {@code places} were changed. */
    record Changed(byte[] content, int places) implements Result {}

    /** Nothing to write; {@code reason} helps the model to do better. */
    record Refused(String reason) implements Result {}
  }

  public Result applyTo(byte[] file) {
    if (oldText.isEmpty()) {
      return new Result.Refused(
          "old_text is empty; to create or replace a whole file use write_file");
    }
    if (oldText.equals(newText)) {
      return new Result.Refused("old_text and new_text are the same; nothing would change");
    }
    String text = Bytes.text(file);
    String from = Bytes.working(oldText);
    String to = Bytes.working(newText);
    // The file's own line endings win; models write LF.
    boolean carriageReturns = text.contains(Line.CRLF);
    int places = count(text, from);
    if (places == 0 && carriageReturns) {
      from = toCrLf(from);
      places = count(text, from);
    }
    if (places == 0) {
      return byLines(file, Line.split(from), Line.split(to));
    }
    if (places > 1 && !everywhere) {
      return new Result.Refused(
          "old_text stands in %d places; add lines around it until it is unique, or set replace_all"
              .formatted(places));
    }
    String ending = carriageReturns ? Line.CRLF : Line.LF;
    if (to.isEmpty() && !from.endsWith(Line.LF) && wholeLines(text, from, ending) == places) {
      from += ending; // lines that go leave no empty line behind
    }
    boolean fitted = carriageReturns && (!from.contains("\n") || from.contains(Line.CRLF));
    String result = text.replace(from, fitted ? toCrLf(to) : to);
    return new Result.Changed(Bytes.of(result), places);
  }

  private Result byLines(byte[] content, List<Line> from, List<Line> to) {
    FileText file = FileText.of(content);
    try {
      List<Splice> splices = new Passage("old_text", from, to, everywhere).in(file);
      return new Result.Changed(file.with(splices).bytes(), splices.size());
    } catch (NotApplicableException e) {
      return new Result.Refused(e.reason());
    }
  }

  private static int count(String text, String wanted) {
    int count = 0;
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
      count++;
    }
    return count;
  }

  private static int wholeLines(String text, String wanted, String ending) {
    return count(Line.LF + text, Line.LF + wanted + ending);
  }

  private static String toCrLf(String text) {
    return text.replace(Line.CRLF, Line.LF).replace(Line.LF, Line.CRLF);
  }
}
