package dev.agentrunner.cli;

import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Checkpoints.Kept;
import dev.agentrunner.port.Checkpoints.PathChange;
import java.util.Optional;

/** Changes between checkpoints as a unified diff that {@code git apply} takes. */
record KeptDiff(Workbench workbench, Checkpoints checkpoints) {

  String of(PathChange change) {
    Optional<Kept> before = change.before();
    Optional<Kept> after = change.after();
    if (before.equals(after)) {
      return "";
    }
    if (before.isPresent() && after.isPresent() && isLink(before) != isLink(after)) {
      // To git, a link is another thing, not another content.
      return of(new PathChange(change.path(), before, Optional.empty()))
          + of(new PathChange(change.path(), Optional.empty(), after));
    }
    String text =
        workbench.diff(
            change.path(), before.map(checkpoints::content), after.map(checkpoints::content));
    if (before.isEmpty() || after.isEmpty()) {
      Kept there = after.or(() -> before).orElseThrow();
      return text.replaceFirst("file mode 100644", "file mode " + number(there.mode()));
    }
    if (before.get().mode() == after.get().mode()) {
      return text;
    }
    String head =
        text.isEmpty()
            ? "diff --git a/%s b/%s%n".formatted(change.path(), change.path())
            : text.substring(0, text.indexOf('\n') + 1);
    return head
        + "old mode %s\nnew mode %s\n"
            .formatted(number(before.get().mode()), number(after.get().mode()))
        + text.substring(Math.min(text.length(), head.length()));
  }

  private static boolean isLink(Optional<Kept> file) {
    return file.map(Kept::mode).equals(Optional.of(FileMode.LINK));
  }

  private static String number(FileMode mode) {
    return switch (mode) {
      case PLAIN -> "100644";
      case EXECUTABLE -> "100755";
      case LINK -> "120000";
    };
  }
}
