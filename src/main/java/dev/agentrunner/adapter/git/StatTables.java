package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The tables of all folders, a file each, and the one that was last asked for in memory: that of a
 * folder with many files takes longer to read and write than the files take to be looked at. It is
 * written for at most a twentieth of the time; what a crash loses of it is read from the files.
 */
final class StatTables {

  private static final int SHARE = 20;

  private final Path home;
  private final LongSupplier nanoTime;
  private Optional<Held> held = Optional.empty();
  private long nextAt;

  /**
   * @param written what stands in the file
   */
  private record Held(Path file, StatTable table, StatTable written) {}

  /**
   * @param home the folder that holds the tables and nothing else
   */
  StatTables(Path home, LongSupplier nanoTime) {
    this.home = home;
    this.nanoTime = nanoTime;
  }

  /** Removes what others were writing when they were killed. */
  void removeLeftOvers() throws IOException {
    OwnFiles.removeLeft(home, StatTable.TEMPORARY);
  }

  /** What is known of {@code folder}. */
  StatTable of(Path folder) throws IOException {
    Path file = file(folder);
    if (held.isPresent() && !held.get().file.equals(file)) {
      write(held.get());
    } else if (held.isPresent() && Files.exists(file)) {
      return held.get().table;
    }
    // Never asked about, or its file was deleted, and with it maybe what it speaks of.
    StatTable read = StatTable.read(file);
    held = Optional.of(new Held(file, read, read));
    nextAt = nanoTime.getAsLong();
    return read;
  }

  /**
   * Keeps what is known of a folder now.
   *
   * @param folder the last one that {@link #of} was asked about
   * @param table whose objects are durable
   */
  void keep(Path folder, StatTable table) throws IOException {
    Path file = file(folder);
    Held now = new Held(file, table, held.map(Held::written).orElseGet(() -> StatTable.read(file)));
    held = Optional.of(now);
    long begun = nanoTime.getAsLong();
    if (begun - nextAt >= 0) {
      write(now);
      long ended = nanoTime.getAsLong();
      nextAt = ended + (ended - begun) * SHARE;
    }
  }

  private void write(Held known) throws IOException {
    if (!known.table.says(known.written)) {
      known.table.write(known.file);
      held = Optional.of(new Held(known.file, known.table, known.table));
    }
  }

  private Path file(Path folder) {
    byte[] path = folder.toUri().getRawPath().getBytes(StandardCharsets.UTF_8);
    return home.resolve(PackWriter.name(ObjectKind.BLOB, path));
  }
}
