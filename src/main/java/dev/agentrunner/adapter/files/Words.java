package dev.agentrunner.adapter.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** What went wrong with a file, said without its path. */
final class Words {

  private Words() {}

  static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException f -> orName(f.getReason(), f);
      default -> orName(e.getMessage(), e);
    };
  }

  private static String orName(@Nullable String words, IOException e) {
    return words == null ? e.getClass().getSimpleName() : words;
  }
}
