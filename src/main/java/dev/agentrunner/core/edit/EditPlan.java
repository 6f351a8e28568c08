package dev.agentrunner.core.edit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What a reply wants done to files: read, but not tried yet. */
public final class EditPlan {

  /** What came of reading a reply. */
  public sealed interface Reading {

    /** It says what to do. */
    record Planned(EditPlan plan) implements Reading {}

    /**
     * It does not, or not clearly.
     *
     * @param reason whole sentences for the model
     */
    record Unreadable(String reason) implements Reading {}
  }

  private static final int NOWHERE = Integer.MAX_VALUE;

  private final EditFormat format;
  private final List<Edit> edits;

  private EditPlan(EditFormat format, List<Edit> edits) {
    this.format = format;
    this.edits = List.copyOf(edits);
  }

  /** Reads what a model said. */
  public static Reading read(String reply, Optional<EditFormat> format) {
    return read(reply.getBytes(StandardCharsets.UTF_8), format);
  }

  /**
   * Reads a reply.
   *
   * @param format in which it is written; empty to see for oneself
   */
  public static Reading read(byte[] reply, Optional<EditFormat> format) {
    List<Line> lines = Line.split(Bytes.text(reply));
    Optional<EditFormat> form = format.or(() -> formatOf(lines));
    try {
      List<Edit> edits =
          form.map(known ->
                  switch (known) {
                    case SEARCH_REPLACE -> new SearchReplaceReader(lines).read();
                    case UNIFIED_DIFF -> new UnifiedDiffReader(lines).read();
                    case PATCH -> new PatchReader(lines).read();
                    case WHOLE_FILES -> new WholeFileReader(lines).read();
                  })
              .orElse(List.of());
      return form.isEmpty() || edits.isEmpty()
          ? new Reading.Unreadable("The reply holds no edit that could be applied.")
          : new Reading.Planned(new EditPlan(form.get(), edits));
    } catch (UnreadableReplyException e) {
      return new Reading.Unreadable("Nothing was changed. In " + e.reason());
    }
  }

  /** The form that the first edit is in; whole files only if there is nothing else. */
  private static Optional<EditFormat> formatOf(List<Line> lines) {
    int block = first(lines, SearchReplaceReader::begins);
    int patch = first(lines, PatchReader::begins);
    int diff = DiffLines.of(lines).numbers().stream().findFirst().orElse(NOWHERE);
    if (block < patch && block < diff) {
      return Optional.of(EditFormat.SEARCH_REPLACE);
    }
    if (patch < diff) {
      return Optional.of(EditFormat.PATCH);
    }
    if (diff < NOWHERE) {
      return Optional.of(EditFormat.UNIFIED_DIFF);
    }
    return WholeFileReader.in(lines) ? Optional.of(EditFormat.WHOLE_FILES) : Optional.empty();
  }

  /** How a form shows itself at a line. */
  private interface Beginning {
    boolean at(List<Line> lines, int index);
  }

  private static int first(List<Line> lines, Beginning beginning) {
    return IntStream.range(0, lines.size())
        .filter(i -> beginning.at(lines, i))
        .findFirst()
        .orElse(NOWHERE);
  }

  public EditFormat format() {
    return format;
  }

  /** Every file that {@link #applyTo} may ask for. */
  public SortedSet<String> paths() {
    SortedSet<String> paths = new TreeSet<>();
    edits.forEach(edit -> paths.addAll(edit.paths()));
    return paths;
  }

  List<Edit> edits() {
    return edits;
  }

  /** What the files become, all of them or none. */
  public EditResult applyTo(FileView files) {
    Draft draft = new Draft(files);
    Editing editing = new Editing(draft, edits);
    List<EditResult.Refusal> refusals = new ArrayList<>();
    for (int i = 0; i < edits.size(); i++) {
      try {
        editing.apply(edits.get(i));
      } catch (NotApplicableException e) {
        refusals.add(new EditResult.Refusal(i + 1, edits.get(i).path(), e.reason()));
      }
    }
    List<Change> changes = refusals.isEmpty() ? draft.changes() : List.of();
    if (refusals.isEmpty() && changes.isEmpty()) {
      refusals.add(
          new EditResult.Refusal(
              1, edits.getFirst().path(), "the file holds this already; nothing would change."));
    }
    return refusals.isEmpty()
        ? new EditResult.Changed(changes)
        : new EditResult.Refused(refusals, edits.size());
  }
}
