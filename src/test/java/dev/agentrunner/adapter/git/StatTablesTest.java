package dev.agentrunner.adapter.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatTablesTest {

  private static final Stat STAT = new Stat(TreeEntry.PLAIN, 1, 2, 3, 4);
  private static final String ID = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path home;

  private final AtomicLong nanos = new AtomicLong();

  private StatTables tables() {
    // Each look at the clock is a millisecond after the last.
    return new StatTables(home, () -> nanos.addAndGet(1_000_000));
  }

  private static StatTable table(String... files) {
    StatTable table = new StatTable();
    for (String file : files) {
      table.add(file, STAT, ID, Long.MAX_VALUE);
    }
    return table;
  }

  private static boolean knows(StatTable table, String file) {
    return table.file(file, STAT).isPresent();
  }

  private StatTables keeping(Path folder, StatTable... known) throws IOException {
    StatTables tables = tables();
    for (StatTable table : known) {
      tables.of(folder);
      tables.keep(folder, table);
    }
    return tables;
  }

  @Test
  void what_was_kept_is_known_to_the_next_process() throws IOException {
    keeping(home.resolve("a"), table("one"));

    assertThat(knows(tables().of(home.resolve("a")), "one")).isTrue();
    assertThat(knows(tables().of(home.resolve("b")), "one")).isFalse();
  }

  @Test
  void a_table_just_written_is_kept_in_memory_until_its_share_of_time_has_passed()
      throws IOException {
    StatTables tables = keeping(home.resolve("a"), table("one"), table("one", "two"));

    assertThat(knows(tables.of(home.resolve("a")), "two")).isTrue();
    assertThat(knows(tables().of(home.resolve("a")), "two")).isFalse();

    nanos.addAndGet(1_000_000_000);
    tables.keep(home.resolve("a"), table("one", "two"));
    assertThat(knows(tables().of(home.resolve("a")), "two")).isTrue();
  }

  @Test
  void a_table_that_makes_room_for_another_is_written_first() throws IOException {
    StatTables tables = keeping(home.resolve("a"), table("one"), table("one", "two"));

    tables.of(home.resolve("b"));

    assertThat(knows(tables.of(home.resolve("a")), "two")).isTrue();
  }

  @Test
  void nothing_is_known_once_the_files_were_deleted() throws IOException {
    StatTables tables = keeping(home.resolve("a"), table("one"), table("one", "two"));
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }

    assertThat(knows(tables.of(home.resolve("a")), "one")).isFalse();
  }

  @Test
  void a_table_that_says_the_same_is_not_written_again() throws IOException {
    StatTables tables = keeping(home.resolve("a"), table("one"));
    List<Path> before = files();
    Files.writeString(before.getFirst(), "touched");
    nanos.addAndGet(1_000_000_000);

    tables.keep(home.resolve("a"), table("one"));

    assertThat(Files.readString(before.getFirst())).isEqualTo("touched");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.toList();
    }
  }
}
