package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.util.Locale;

/** What an object of git can be, as far as states of folders are made of it. */
enum ObjectKind {
  TREE(2),
  BLOB(3);

  private final int number;

  ObjectKind(int number) {
    this.number = number;
  }

  /** In a pack. */
  int number() {
    return number;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ObjectKind of(int number) throws IOException {
    return switch (number) {
      case 2 -> TREE;
      case 3 -> BLOB;
      default -> throw new IOException("not an object of ours: kind " + number);
    };
  }
}
