package dev.agentrunner.core.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MaskTest {

  private static final String VALUE = "pl/anted+s3cret=\"ä\"&x";
  private static final String PEM =
      """
      -----BEGIN RSA PRIVATE KEY-----
      MIIEowIBAAKCAQEAplanted0123456789
      abcdefghijklmnopqrstuvwxyz+/=
      -----END RSA PRIVATE KEY-----
      """;

  private final Mask mask = Mask.of(List.of(new Secret("THE_KEY", VALUE)));

  @Test
  void a_known_value_is_shown_by_its_name() {
    assertThat(mask.text("a " + VALUE + " b " + VALUE))
        .isEqualTo("a [masked THE_KEY] b [masked THE_KEY]");
    assertThat(mask.fileText("key=" + VALUE)).isEqualTo("key=[masked THE_KEY]");
  }

  @Test
  void a_known_value_is_found_in_base64_wherever_it_begins() {
    for (String before : List.of("", "u", "us", "usr", "user:")) {
      byte[] bytes = (before + VALUE + ":and more").getBytes(StandardCharsets.UTF_8);
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        assertThat(mask.text(encoder.encodeToString(bytes)))
            .as(before)
            .contains("[masked THE_KEY]");
      }
    }
  }

  @Test
  void a_known_value_is_found_in_addresses_and_between_quotes() {
    assertThat(mask.text(URLEncoder.encode(VALUE, StandardCharsets.UTF_8)))
        .isEqualTo("[masked THE_KEY]");
    assertThat(mask.text("{\"key\":\"" + VALUE.replace("\"", "\\\"") + "\"}"))
        .isEqualTo("{\"key\":\"[masked THE_KEY]\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "sk-ant-api03-abcDEF_0123456789, anthropic key",
    "sk-proj-abcDEF0123456789abcdef, api key",
    "AIzaSyA0123456789abcdefghijklmnopqrstuv, google key",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345, github token",
    "github_pat_11ABCDEFG0123456789_abcdef, github token",
    "glpat-0123456789abcdefghij, gitlab token",
    "xoxb-123456789012-abcdef, slack token",
    "AKIAIOSFODNN7EXAMPLE, aws key id"
  })
  void a_token_is_known_by_its_first_letters(String token, String name) {
    assertThat(mask.text("a \"" + token + "\" b")).isEqualTo("a \"[masked " + name + "]\" b");
    assertThat(mask.fileText(token)).isEqualTo("[masked " + name + "]");
    assertThat(mask.hides(token.getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  @Test
  void credentials_are_masked_where_they_are_said_and_left_in_files() {
    String jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N";
    assertThat(mask.text("authorization: Bearer abc.def-0123456789"))
        .isEqualTo("authorization: Bearer [masked bearer token]");
    assertThat(mask.text("Authorization: Basic dXNlcjpwYXNz")).endsWith("[masked password]");
    assertThat(mask.text("x-api-key: abcdef0123456789")).isEqualTo("x-api-key: [masked api key]");
    assertThat(mask.text("it is " + jwt)).isEqualTo("it is [masked jwt]");
    assertThat(mask.text("origin https://me:hunter2@example.com/x.git (fetch)"))
        .isEqualTo("origin https://me:[masked password]@example.com/x.git (fetch)");
    assertThat(mask.text("https://0123456789abcdef0123@example.com"))
        .isEqualTo("https://[masked token]@example.com");
    assertThat(mask.fileText(jwt)).isEqualTo(jwt);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "task-force-of-the-highest-order",
        "sk-learn-and-other-things-like-that",
        "https://example.com/a@b:c",
        "git@github.com:a/b.git",
        "https://me:$PASSWORD@example.com",
        "AKIA is a prefix, ghp_ another",
        "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
        "the bearer of good news is here",
        "a[masked THE_KEY]b"
      })
  void ordinary_text_stays_as_it_is(String text) {
    assertThat(mask.text(text)).isEqualTo(text);
  }

  @Test
  void a_private_key_is_masked_whole_and_its_lines_stay_counted() {
    assertThat(mask.fileText("a\n" + PEM + "b\n")).isEqualTo("a\n[masked private key]\n\n\n\nb\n");
    assertThat(mask.text(PEM.replace("\n", "\\n"))).isEqualTo("[masked private key]\\n");
    String cut = PEM.substring(0, PEM.indexOf("-----END") - 12);
    assertThat(mask.text(cut)).doesNotContain("planted");
  }

  @Test
  void masking_twice_is_masking_once() {
    String text = "%s %s https://a:b@c/ Bearer abcdef0123456789xyz".formatted(VALUE, PEM);

    assertThat(mask.text(mask.text(text))).isEqualTo(mask.text(text));
  }

  @Test
  void text_in_pieces_is_masked_as_the_whole_wherever_it_is_cut() {
    String text =
        "start %s then Authorization: Bearer abcdef0123456789 and%n%s%nhttps://me:hunter2@h/ ghp_0123456789abcdefghijABCDEFGHIJ012345"
            .formatted(VALUE, PEM);
    String whole = mask.text(text);
    for (int first = 0; first < text.length(); first++) {
      MaskedStream stream = mask.stream();
      String shown =
          stream.add(text.substring(0, first)) + stream.add(text.substring(first)) + stream.end();
      assertThat(shown).as("cut at %d", first).isEqualTo(whole);
    }
    MaskedStream stream = mask.stream();
    StringBuilder shown = new StringBuilder();
    text.chars().forEach(c -> shown.append(stream.add(String.valueOf((char) c))));
    assertThat(shown + stream.end()).isEqualTo(whole);
  }

  @Test
  void what_is_no_secret_is_shown_as_soon_as_its_word_is_whole() {
    MaskedStream stream = mask.stream();

    assertThat(stream.add("one tw")).isEqualTo("one ");
    assertThat(stream.add("o\n")).isEqualTo("two\n");
  }

  @Test
  void bytes_that_are_no_text_pass_unharmed() {
    byte[] bytes = new byte[10_000];
    new Random(1).nextBytes(bytes);
    MaskedStream stream = mask.stream();
    byte[] first = stream.add(bytes);
    byte[] rest = stream.endOfBytes();
    byte[] all = new byte[first.length + rest.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);

    assertThat(all).isEqualTo(bytes);
    MaskedStream other = mask.stream();
    other.add(("a " + VALUE).getBytes(StandardCharsets.UTF_8));
    assertThat(new String(other.endOfBytes(), StandardCharsets.UTF_8))
        .isEqualTo("[masked THE_KEY]");
  }

  @Test
  void whoever_writes_a_mark_that_is_not_there_means_the_secret() {
    assertThat(Mask.mark("a [masked X_KEY] b", "")).contains("[masked X_KEY]");
    assertThat(Mask.mark("a [masked X_KEY] b", "c [masked X_KEY]")).isEmpty();
    assertThat(Mask.mark("[masked without an end", "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-",
        "eyJ",
        "eyJaaaaaaaaaaaaaaa.",
        "-----BEGIN ",
        "-----BEGIN RSA PRIVATE KEY-----",
        "://",
        "://a@",
        "Bearer ",
        "[masked ",
        "a",
        "AKIA"
      })
  void a_megabyte_of_beginnings_does_not_hold_anybody_up(String beginning) {
    String text = beginning.repeat((1 << 20) / beginning.length());

    assertThat(mask.text(text)).isNotEmpty();
    assertThat(Mask.mark(text, "")).isEmpty();
  }
}
