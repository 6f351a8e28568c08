package dev.agentrunner.adapter.sql;

import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Files of SQLite: nobody but their owner reads them, for they hold what agents were told. */
final class SqliteFiles {

  private static final int BUSY_MILLIS = 10_000;

  private SqliteFiles() {}

  /** Makes the file, and the folder it is in, if they are not there. */
  static void create(Address.Sqlite address) {
    Path file = address.file();
    try {
      Path folder = file.getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder, mode("rwx------"));
      }
      Files.createFile(file, mode("rw-------"));
    } catch (FileAlreadyExistsException e) {
      // As it should be from the second time on.
    } catch (IOException e) {
      throw new EnvironmentException(
          "The database %s cannot be made: %s.".formatted(file, e.getMessage()), e);
    }
  }

  private static FileAttribute<?>[] mode(String mode) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  static DataSource source(Address.Sqlite address) {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // FULL: what was committed is on the disk, also when the power goes.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    var source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + address.file());
    return source;
  }
}
