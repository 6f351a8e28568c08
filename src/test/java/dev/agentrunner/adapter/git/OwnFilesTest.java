package dev.agentrunner.adapter.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that was killed has left, in the repository of the checkpoints. */
class OwnFilesTest {

  private static final String GONE = "999999999";

  @TempDir private Path folder;

  @Test
  void what_the_killed_were_writing_is_removed_and_what_others_write_is_not() throws Exception {
    Path home = folder.resolve("checkpoints.git");
    Path packs = Files.createDirectories(home.resolve("objects/pack"));
    Path tables = Files.createDirectories(home.resolve("stat"));
    Path work = Files.createDirectories(folder.resolve("work"));
    long alive = ProcessHandle.current().pid();
    Path table = Files.writeString(tables.resolve("abc." + GONE + ".tmp"), "half");
    Path pack = Files.writeString(packs.resolve("tmp_" + GONE + "_abc"), "half");
    Path others = Files.writeString(tables.resolve("abc." + alive + ".tmp"), "half");

    new GitCheckpoints(home, new SettableClock()).take(work.toString(), Optional.empty());

    assertThat(table).doesNotExist();
    assertThat(pack).doesNotExist();
    assertThat(others).exists();
  }
}
