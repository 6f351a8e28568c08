package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The databases of a server, through the front door. */
final class DatabaseTest {

  @TempDir private Path folder;

  private ProgramDoor door;

  @BeforeEach
  void open() {
    door = new ProgramDoor(folder, Script.ofFiles());
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void a_database_is_made_ready_once() {
    Outcome first = door.run("db", "migrate", "--db", url("runs.db"));
    Outcome second = door.run("db", "migrate", "--db", url("runs.db"));

    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.lines()).containsExactly("took step 1 runs", "the tables are of version 1");
    assertThat(second.lines()).containsExactly("the tables are of version 1");
    assertThat(folder.resolve("runs.db")).exists();
  }

  @Test
  void a_database_is_copied_and_checked() {
    door.run("db", "migrate", "--db", url("runs.db"));

    Outcome copied = door.run("db", "copy", "--from", url("runs.db"), "--to", url("new.db"));

    assertThat(copied.exit()).as(copied.err()).isZero();
    assertThat(copied.lines()).containsExactly("copied and checked 0 runs with 0 events");
    assertThat(folder.resolve("new.db")).exists();
  }

  @Test
  void a_url_that_names_no_database_is_misuse() {
    Outcome refused = door.run("db", "migrate", "--db", "mysql://ann:s3cret@db/runs");

    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("sqlite:PATH or postgresql://").doesNotContain("s3cret");
    assertThat(door.run("db", "copy", "--from", url("runs.db")).exit()).isEqualTo(2);
  }

  @Test
  void a_database_that_cannot_be_reached_is_trouble_of_the_environment() {
    Outcome refused = door.run("db", "migrate", "--db", "postgresql://ann:s3cret@localhost:1/runs");

    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.err()).contains("postgresql://localhost:1/runs").doesNotContain("s3cret");
  }

  @Test
  void help_says_how_a_database_is_named() {
    assertThat(door.run("db", "--help").out())
        .contains("sqlite:PATH or postgresql://")
        .contains("migrate")
        .contains("copy");
  }

  private String url(String file) {
    return "sqlite:" + folder.resolve(file);
  }
}
