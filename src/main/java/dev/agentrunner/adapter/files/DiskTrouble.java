package dev.agentrunner.adapter.files;

import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Tells people what the disk would not do, and what may help. */
final class DiskTrouble {

  private DiskTrouble() {}

  /**
   * @param doing such as {@code write}
   */
  static EnvironmentException cannot(String doing, Path where, IOException cause) {
    String reason = reason(cause);
    return new EnvironmentException(
        "Cannot %s %s: %s. %s".formatted(doing, where, reason, cure(reason)), cause);
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case AccessDeniedException _ -> "Permission denied";
      case NoSuchFileException _ -> "No such file or directory";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    };
  }

  private static String cure(String reason) {
    return switch (reason) {
      case "No space left on device", "Disk quota exceeded" ->
          "Make some space there, then resume the run.";
      case "Permission denied" -> "Make it readable and writable for this user, then try again.";
      case "Read-only file system" ->
          "Runs keep their state there: work in a folder that can be written to.";
      case "No such file or directory" ->
          "Was it moved or deleted meanwhile? Put it back, then resume the run.";
      case "File too large" -> "Raise the limit on file sizes (ulimit -f), then resume the run.";
      case "Too many open files" ->
          "Raise the limit on open files (ulimit -n), then resume the run.";
      case "Input/output error" -> "The disk may be failing: look at it before going on.";
      default -> "Mend that, then resume the run.";
    };
  }
}
