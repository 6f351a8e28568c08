package dev.agentrunner.adapter.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CappedOutputTest {

  private static final int KEPT = CappedOutput.KEPT;

  private final ByteArrayOutputStream read = new ByteArrayOutputStream();
  private final CappedOutput output = new CappedOutput(read::writeBytes);

  @Test
  void the_head_is_handed_on_as_it_comes() {
    add("one", 3);

    assertThat(read.toString(UTF_8)).isEqualTo("one");
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "262144, 65536", "262145, 1000", "524288, 65536", "400000, 999"})
  void what_can_be_kept_is_kept_whole(int length, int chunk) {
    byte[] all = noise(length);

    addAll(all, chunk);
    output.finish();

    assertThat(read.toByteArray()).isEqualTo(all);
    assertThat(output.leftOut()).isZero();
    assertThat(output.bytes()).isEqualTo(length);
  }

  @ParameterizedTest
  @CsvSource({"524289, 1000", "3000000, 65536", "2000001, 777", "3000000, 3000000"})
  void of_more_the_head_and_the_tail_are_kept(int length, int chunk)
      throws NoSuchAlgorithmException {
    byte[] all = noise(length);

    addAll(all, chunk);
    output.finish();

    String line = "\n[agent-runner: left out " + (length - 2 * KEPT) + " bytes here]\n";
    var expected = new ByteArrayOutputStream();
    expected.write(all, 0, KEPT);
    expected.writeBytes(line.getBytes(UTF_8));
    expected.write(all, length - KEPT, KEPT);
    assertThat(read.toByteArray()).isEqualTo(expected.toByteArray());
    assertThat(output.tail()).isEqualTo(Arrays.copyOfRange(all, length - KEPT, length));
    assertThat(output.bytes()).isEqualTo(length);
    assertThat(output.digest())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all)));
  }

  @Test
  void a_reader_that_fails_says_so_once() {
    var failing =
        new CappedOutput(_ -> {
          throw new IllegalStateException("disk full");
        });

    assertThatThrownBy(() -> failing.add(new byte[1], 1)).hasMessage("disk full");
    failing.add(new byte[1], 1);
    failing.finish();

    assertThat(failing.bytes()).isEqualTo(2);
  }

  private void add(String text, int length) {
    output.add(text.getBytes(UTF_8), length);
  }

  private void addAll(byte[] all, int chunk) {
    byte[] buffer = new byte[chunk];
    for (int at = 0; at < all.length; at += chunk) {
      int length = Math.min(chunk, all.length - at);
      System.arraycopy(all, at, buffer, 0, length);
      output.add(buffer, length);
    }
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
