package dev.agentrunner.cli;

import dev.agentrunner.core.edit.Change;
import dev.agentrunner.core.edit.EditFormat;
import dev.agentrunner.core.edit.EditPlan;
import dev.agentrunner.core.edit.EditResult;
import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Checkpoints.Kept;
import dev.agentrunner.port.Checkpoints.PathChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What differs between two checkpoints, as a diff that {@code apply} makes the second of the first
 * with; that is tried, file by file.
 *
 * @param text empty if nothing differs that a diff can say
 * @param leftOut files that differ and are not in it: binary ones, links, those too long
 */
record KeptPatch(String text, List<String> leftOut) {

  KeptPatch {
    leftOut = List.copyOf(leftOut);
  }

  static KeptPatch between(
      Workbench workbench, Checkpoints checkpoints, TreeId before, TreeId after) {
    KeptDiff diff = new KeptDiff(workbench, checkpoints);
    StringBuilder text = new StringBuilder();
    List<String> leftOut = new ArrayList<>();
    for (PathChange change : checkpoints.changes(before, after)) {
      String one = diff.of(change);
      if (makes(one, change, checkpoints)) {
        text.append(one);
      } else {
        leftOut.add(change.path());
      }
    }
    return new KeptPatch(text.toString(), leftOut);
  }

  private static boolean makes(String diff, PathChange change, Checkpoints checkpoints) {
    Optional<byte[]> before = change.before().map(checkpoints::content);
    // A backslash stands for what is no text in a name.
    if (change.path().indexOf('\\') >= 0
        || !(EditPlan.read(
                diff.getBytes(StandardCharsets.UTF_8), Optional.of(EditFormat.UNIFIED_DIFF))
            instanceof EditPlan.Reading.Planned(EditPlan plan))
        || !(plan.applyTo(path -> path.equals(change.path()) ? before : Optional.empty())
            instanceof EditResult.Changed(List<Change> made))
        || made.size() != 1
        || !made.getFirst().path().equals(change.path())) {
      return false;
    }
    return switch (made.getFirst()) {
      case Change.Moved _ -> false;
      case Change.Deleted _ -> change.after().isEmpty();
      case Change.Written written ->
          change.after().isPresent()
              && Arrays.equals(written.after(), checkpoints.content(change.after().get()))
              && mode(written, change.before()) == change.after().get().mode()
              && change.after().get().mode() != FileMode.LINK;
    };
  }

  private static FileMode mode(Change.Written written, Optional<Kept> before) {
    return written.mode().or(() -> before.map(Kept::mode)).orElse(FileMode.PLAIN);
  }
}
