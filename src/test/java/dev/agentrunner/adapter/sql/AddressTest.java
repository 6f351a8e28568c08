package dev.agentrunner.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.port.UsageException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"sqlite:/var/lib/runs.db", "jdbc:sqlite:/var/lib/runs.db"})
  void a_file_is_named_in_two_ways(String url) {
    assertThat(Address.parse(url)).isEqualTo(new Address.Sqlite(Path.of("/var/lib/runs.db")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://ann:s%40c+ret@db:5433/runs?sslmode=require",
        "postgresql://ann:s%40c+ret@db:5433/runs?sslmode=require",
        "jdbc:postgresql://ann:s%40c+ret@db:5433/runs?sslmode=require"
      })
  void a_server_is_named_in_three_ways_and_shown_without_its_password(String url) {
    var address = (Address.Postgresql) Address.parse(url);

    assertThat(address.jdbc()).isEqualTo("jdbc:postgresql://db:5433/runs?sslmode=require");
    assertThat(address.user()).isEqualTo("ann");
    assertThat(address.password()).isEqualTo("s@c+ret");
    assertThat(address.shown()).isEqualTo("postgresql://db:5433/runs");
    assertThat(address).hasToString("postgresql://db:5433/runs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "runs.db",
        "mysql://db/runs",
        "sqlite:",
        "sqlite::memory:",
        "sqlite:runs.db?mode=ro",
        "postgres:runs",
        "postgres://db",
        "postgres://db/",
        "postgres://ann:p^w@db/runs"
      })
  void anything_else_is_refused_without_showing_it(String url) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> Address.parse(url))
        .withMessageNotContaining("p^w");
  }
}
