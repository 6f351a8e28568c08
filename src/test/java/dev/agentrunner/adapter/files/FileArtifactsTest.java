package dev.agentrunner.adapter.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.port.EnvironmentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileArtifactsTest {

  private static final byte[] BODY = "hello".getBytes(UTF_8);
  private static final String DIGEST =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir private Path folder;

  @Test
  void a_body_is_found_under_its_digest() {
    var artifacts = new FileArtifacts(folder);

    assertThat(artifacts.keep(BODY)).isEqualTo(DIGEST);
    assertThat(artifacts.keep(BODY)).isEqualTo(DIGEST);

    assertThat(new FileArtifacts(folder).find(DIGEST)).contains(BODY);
    assertThat(folder.resolve("sha256/2c/" + DIGEST.substring(2))).hasBinaryContent(BODY);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void an_empty_body_is_a_body() {
    var artifacts = new FileArtifacts(folder);

    assertThat(artifacts.find(artifacts.keep(new byte[0]))).contains(new byte[0]);
  }

  @Test
  void what_was_never_kept_is_not_found() {
    assertThat(new FileArtifacts(folder.resolve("none")).find(DIGEST)).isEmpty();
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../../etc/passwd", "2CF24DBA", "2c/../2c"})
  void what_is_no_digest_leads_nowhere(String digest) {
    assertThat(new FileArtifacts(folder).find(digest)).isEmpty();
  }

  @Test
  void a_damaged_body_is_not_found_and_can_be_kept_anew() throws Exception {
    new FileArtifacts(folder).keep(BODY);
    Files.writeString(folder.resolve("sha256/2c/" + DIGEST.substring(2)), "hellO");

    assertThat(new FileArtifacts(folder).find(DIGEST)).isEmpty();

    new FileArtifacts(folder).keep(BODY);
    assertThat(new FileArtifacts(folder).find(DIGEST)).contains(BODY);
  }

  @Test
  void many_threads_can_keep_the_same_body() throws Exception {
    var artifacts = new FileArtifacts(folder);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        all.add(threads.submit(() -> artifacts.keep(BODY)));
      }
      for (Future<String> one : all) {
        assertThat(one.get()).isEqualTo(DIGEST);
      }
    }
    assertThat(artifacts.find(DIGEST)).contains(BODY);
  }

  @Test
  void a_disk_that_is_full_is_named_and_nothing_is_left_half_written() throws Exception {
    try (SmallDisk disk = SmallDisk.mounted("size=64k")) {
      var artifacts = new FileArtifacts(disk.folder());

      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(() -> artifacts.keep(new byte[100_000]))
          .withMessageContaining("No space left on device");
      assertThat(disk.folder()).isDirectoryNotContaining("glob:**.tmp");

      assertThat(artifacts.find(artifacts.keep(BODY))).contains(BODY);
    }
  }
}
