package dev.agentrunner.core.edit;

import java.util.Optional;

/** What is to be done to one file. A list of them is in the order they are safe to be done in. */
public sealed interface Change {

  String path();

  /**
   * A file gets new content, or comes to be.
   *
   * @param before what it must hold now; empty if there must be no file
   * @param mode what it is to be; empty to leave it as it is
   */
  record Written(String path, Optional<byte[]> before, byte[] after, Optional<FileMode> mode)
      implements Change {}

  /**
   * A file gets another name, and maybe other content.
   *
   * @param before what {@code from} must hold now
   * @param replaced what {@code path} must hold now and then loses; empty if there must be no file
   */
  record Moved(
      String from,
      String path,
      byte[] before,
      Optional<byte[]> replaced,
      byte[] after,
      Optional<FileMode> mode)
      implements Change {}

  /**
   * A file goes.
   *
   * @param before what it must hold now
   */
  record Deleted(String path, byte[] before) implements Change {}
}
