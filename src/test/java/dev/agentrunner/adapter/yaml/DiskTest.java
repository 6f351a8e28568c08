package dev.agentrunner.adapter.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskTest {

  @TempDir Path folder;

  private final Faults faults = new Faults();
  private final Disk disk = new Disk(faults);

  @Test
  void a_mark_of_utf_8_at_the_start_is_no_text() throws IOException {
    assertThat(read("\uFEFFa: b".getBytes(StandardCharsets.UTF_8))).contains("a: b");
  }

  @Test
  void bytes_that_are_not_utf_8_are_told_with_offset_and_place() throws IOException {
    assertThat(read(new byte[] {'a', ':', '\n', ' ', (byte) 0xE9, 'x', (byte) 0xFF})).isEmpty();

    assertThat(messages())
        .containsExactly(
            "f.yml:2:2: byte 4 (0xE9) is not UTF-8", "f.yml:2:4: byte 6 (0xFF) is not UTF-8");
  }

  @Test
  void utf_16_is_named_with_or_without_its_mark() throws IOException {
    read("a: b".getBytes(StandardCharsets.UTF_16));
    read("a: b".getBytes(StandardCharsets.UTF_16LE));

    assertThat(messages()).containsExactly("f.yml: this is UTF-16 text");
  }

  @Test
  void each_control_character_is_told() throws IOException {
    assertThat(read("a: \0\nb: x\u001b[2J\nc: \u0091\n".getBytes(StandardCharsets.UTF_8)))
        .isEmpty();

    assertThat(messages())
        .containsExactly(
            "f.yml:1:4: a control character: \\x00",
            "f.yml:2:5: a control character: \\x1B",
            "f.yml:3:4: a control character: \\x91");
  }

  @Test
  void a_missing_file_a_folder_and_a_device_are_told_apart() {
    disk.read(folder.resolve("none.yml"), "none.yml");
    disk.read(folder, "folder");
    disk.read(Path.of("/dev/null"), "/dev/null");

    assertThat(messages())
        .contains("none.yml: there is no such file", "folder: this is a folder")
        .hasSize(3);
  }

  @Test
  void a_file_one_may_not_read_is_told() throws IOException {
    Path file = Files.writeString(folder.resolve("f.yml"), "a: b");
    assumeTrue(file.toFile().setReadable(false) && !Files.isReadable(file), "not as this user");

    disk.read(file, "f.yml");

    assertThat(messages()).containsExactly("f.yml: you may not read this file");
  }

  @Test
  void a_file_too_large_is_refused_before_it_is_parsed() throws IOException {
    assertThat(read("# ".repeat(Disk.CHARACTERS_MAX).getBytes(StandardCharsets.UTF_8))).isEmpty();

    assertThat(messages()).containsExactly("f.yml: larger than 3000000 characters");
  }

  private Optional<String> read(byte[] bytes) throws IOException {
    return disk.read(Files.write(folder.resolve("f.yml"), bytes), "f.yml").map(Source::text);
  }

  private List<String> messages() {
    return Reports.messages(faults.refused());
  }
}
