package dev.agentrunner.core.edit;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Does to a draft what a unified diff says of one file. */
final class DiffEditing {

  private final Edit.Diff diff;
  private final Draft draft;
  private final Set<String> leaving;

  /**
   * @param leaving names that other diffs of the reply take away, so that new files may have them
   */
  DiffEditing(Edit.Diff diff, Draft draft, Set<String> leaving) {
    this.diff = diff;
    this.draft = draft;
    this.leaving = leaving;
  }

  void apply() {
    if (diff.before().isEmpty()) {
      create(diff.path());
    } else if (diff.after().isEmpty()) {
      delete(diff.path());
    } else if (diff.kind() != Edit.Diff.Kind.CHANGE) {
      rename(diff.before().get(), diff.after().get());
    } else {
      change(diff.before().get(), diff.after().get());
    }
  }

  private void create(String path) {
    List<Hunk> hunks = diff.hunks();
    if (!hunks.stream().allMatch(Hunk::onlyAdds) || hunks.size() > 1) {
      throw new NotApplicableException(
          "the diff says that the file is new, so it must be one hunk with nothing but + lines.");
    }
    if (inUse(path)) {
      throw new NotApplicableException(
          "the diff says that the file is new (--- /dev/null), but it is there already.");
    }
    List<Line> lines =
        hunks.stream().flatMap(hunk -> hunk.entries().stream()).map(Hunk.Entry::line).toList();
    draft.create(path, new FileText("", lines).bytes(), diff.mode());
  }

  private void delete(String path) {
    FileText left = changed(present(path));
    if (!left.lines().isEmpty()) {
      throw new NotApplicableException(
          "the diff says that the file is deleted, but it does not take away all of its lines; %d would be left, from \"%s\" on."
              .formatted(left.lines().size(), Nearest.shown(left.lines().getFirst().text())));
    }
    if (!draft.taken(path)) {
      draft.delete(path);
    }
  }

  private void rename(String from, String to) {
    byte[] content = changed(present(from)).bytes();
    if (!from.equals(to) && inUse(to)) {
      throw new NotApplicableException(
          "%s is to get this name, but there is a file of this name already.".formatted(from));
    }
    if (diff.kind() == Edit.Diff.Kind.COPY) {
      draft.create(to, content, diff.mode());
    } else if (draft.taken(from)) {
      draft.moveOriginal(from, to, content, diff.mode());
    } else {
      draft.move(from, to, content, diff.mode());
    }
  }

  /** The two names differ where one was a copy, such as {@code a.py.orig}; the new one counts. */
  private void change(String before, String after) {
    if (!before.equals(after) && draft.now(after).isEmpty()) {
      throw new NotApplicableException(
          "the diff goes from %s to %s, and there is no file %s. To rename a file, add the lines \"rename from %s\" and \"rename to %s\" of a git diff."
              .formatted(before, after, after, before, after));
    }
    boolean creates =
        !diff.exact()
            && diff.hunks().size() == 1
            && diff.hunks().getFirst().onlyAdds()
            && draft.now(after).isEmpty();
    if (creates) {
      create(after);
    } else {
      draft.write(after, changed(present(after)).bytes(), diff.mode());
    }
  }

  private boolean inUse(String path) {
    return draft.now(path).isPresent() && !leaving.contains(path);
  }

  private byte[] present(String path) {
    Optional<byte[]> file = draft.taken(path) ? draft.original(path) : draft.now(path);
    return file.orElseThrow(
        () -> new NotApplicableException("there is no such file. Check the path."));
  }

  private FileText changed(byte[] content) {
    FileText file = new FileText("", Line.split(Bytes.text(content)));
    return diff.hunks().isEmpty()
        ? file
        : file.with(new HunkPlaces(file, diff.exact()).of(diff.hunks()));
  }
}
