package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class VersionTest {

  @Test
  void the_version_is_filled_in_by_the_build() {
    assertThat(Version.line()).matches("agent-runner \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }
}
