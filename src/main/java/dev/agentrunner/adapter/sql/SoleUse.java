package dev.agentrunner.adapter.sql;

import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One process serves or works on a file of SQLite: it is not told what others write. A lock on an
 * empty file beside it, named as it with {@code .lock}; it ends with the process, however that
 * ends.
 */
final class SoleUse implements AutoCloseable {

  private final FileChannel channel;

  private SoleUse(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws EnvironmentException if another process has it
   */
  static SoleUse of(Address.Sqlite address) {
    Path file = address.file().resolveSibling(address.file().getFileName() + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          return new SoleUse(channel);
        }
      } catch (OverlappingFileLockException ofThisProcess) {
        // As good as somebody else's.
      }
      channel.close();
    } catch (IOException e) {
      throw new EnvironmentException(
          "The database %s cannot be locked: %s.".formatted(address.shown(), e.getMessage()), e);
    }
    throw new EnvironmentException(
        "Another server or worker uses %s. Stop that one, or name a PostgreSQL that they can share: --db postgresql://…"
            .formatted(address.shown()));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is given up with the process at the latest.
    }
  }
}
