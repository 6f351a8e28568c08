package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Does one edit after the other to a draft. */
final class Editing {

  /** A comment that stands for code its writer did not care to repeat. */
  private static final Pattern ELISION =
      Pattern.compile(
          "(?i)^\\s*(#|//|/\\*|<!--|--|;|%)?\\s*(\\.\\.\\.|\u00E2\u0080\u00A6)\\s*\\(?(the )?(rest|remaining|existing|unchanged|other|previous|same)\\b.*");

  private final Draft draft;
  private final Set<String> leaving;

  /**
   * @param all every edit that will be applied
   */
  Editing(Draft draft, List<Edit> all) {
    this.draft = draft;
    this.leaving =
        all.stream().flatMap(edit -> left(edit).stream()).collect(Collectors.toUnmodifiableSet());
  }

  /** The name that goes with {@code edit}, if it is a diff that takes one away. */
  private static Optional<String> left(Edit edit) {
    return edit instanceof Edit.Diff diff
            && (diff.after().isEmpty() || diff.kind() == Edit.Diff.Kind.RENAME)
        ? diff.before()
        : Optional.empty();
  }

  /**
   * @throws NotApplicableException if it cannot be done; the draft is as it was
   */
  void apply(Edit edit) {
    switch (edit) {
      case Edit.Block block -> apply(block);
      case Edit.Whole whole -> apply(whole);
      case Edit.Add(String path, List<Line> content) ->
          draft.write(path, bytes(content), Optional.empty());
      case Edit.Delete(String path) -> {
        present(path);
        draft.delete(path);
      }
      case Edit.Update update -> apply(update);
      case Edit.Diff diff -> new DiffEditing(diff, draft, leaving).apply();
    }
  }

  private void apply(Edit.Block block) {
    if (block.search().stream().allMatch(Line::blank)) {
      Optional<byte[]> file = draft.now(block.path());
      if (file.isPresent() && file.get().length > 0) {
        throw new NotApplicableException(
            "SEARCH is empty, which is for new files, but the file is there. Put the lines you want to change, or to add to, into SEARCH.");
      }
      draft.write(block.path(), bytes(block.replace()), Optional.empty());
      return;
    }
    FileText file = FileText.of(present(block.path()));
    List<Splice> splices =
        new Passage("SEARCH", unmarked(block.search()), unmarked(block.replace()), false).in(file);
    draft.write(block.path(), file.with(splices).bytes(), Optional.empty());
  }

  private void apply(Edit.Whole whole) {
    Optional<FileText> old = draft.now(whole.path()).map(FileText::of);
    List<String> present = old.map(file -> Line.texts(file.lines())).orElse(List.of());
    whole.content().stream()
        .map(Line::text)
        .filter(text -> ELISION.matcher(text).matches() && !present.contains(text))
        .findFirst()
        .ifPresent(text -> {
          throw new NotApplicableException(
              "the line \"%s\" leaves something out. Give the whole content of the file."
                  .formatted(Nearest.shown(text.strip())));
        });
    byte[] content =
        old.filter(file -> !file.lines().isEmpty())
            .map(file ->
                new FileText(
                        file.mark(),
                        unmarked(whole.content()).stream()
                            .map(line -> line.ending(file.ending()))
                            .toList())
                    .bytes())
            .orElseGet(() -> bytes(whole.content()));
    draft.write(whole.path(), content, Optional.empty());
  }

  private void apply(Edit.Update update) {
    FileText file = FileText.of(present(update.from()));
    List<Line> lines =
        new ArrayList<>(file.with(new ChunkPlaces(file).of(update.chunks())).lines());
    // codex ends every file it updates with a newline.
    if (!update.chunks().isEmpty() && !lines.isEmpty() && lines.getLast().ending().isEmpty()) {
      lines.addLast(lines.removeLast().ending(file.ending()));
    }
    byte[] content = new FileText(file.mark(), lines).bytes();
    update
        .moveTo()
        .filter(to -> !to.equals(update.from()))
        .ifPresentOrElse(
            to -> draft.move(update.from(), to, content, Optional.empty()),
            () -> draft.write(update.from(), content, Optional.empty()));
  }

  private byte[] present(String path) {
    return draft
        .now(path)
        .orElseThrow(() -> new NotApplicableException("there is no such file. Check the path."));
  }

  private static byte[] bytes(List<Line> lines) {
    return new FileText("", lines).bytes();
  }

  /** {@code lines} without a byte order mark; the file's own stays, or stays away. */
  private static List<Line> unmarked(List<Line> lines) {
    if (lines.isEmpty() || !lines.getFirst().text().startsWith(FileText.BYTE_ORDER_MARK)) {
      return lines;
    }
    List<Line> unmarked = new ArrayList<>(lines);
    Line first = unmarked.removeFirst();
    unmarked.addFirst(
        new Line(first.text().substring(FileText.BYTE_ORDER_MARK.length()), first.ending()));
    return unmarked;
  }
}
