package dev.agentrunner.core.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KnownSecretsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ANTHROPIC_API_KEY",
        "GITHUB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "PGPASSWORD",
        "npm_config__auth",
        "DEPLOY_KEY"
      })
  void a_variable_with_the_name_of_a_secret_is_one(String name) {
    assertThat(KnownSecrets.of(Map.of(name, "planted-value")))
        .containsExactly(new Secret(name, "planted-value"));
  }

  @Test
  void other_variables_and_short_values_are_none() {
    assertThat(
            KnownSecrets.of(
                Map.of(
                    "PATH", "/usr/bin:/bin",
                    "MAX_OUTPUT_TOKENS", "100000000",
                    "USE_TOKEN", "true",
                    "KEYBOARD", "querty-layout",
                    "SSL_KEY", "/etc/ssl/private/server.pem")))
        .isEmpty();
  }

  @Test
  void a_password_in_an_address_is_one() {
    assertThat(KnownSecrets.of(Map.of("DATABASE_URL", "postgres://me:correct-horse@db/x")))
        .containsExactly(new Secret("DATABASE_URL", "correct-horse"));
  }

  @Test
  void a_secret_does_not_tell_itself() {
    assertThat(new Secret("A", "planted-value")).hasToString("Secret[A]");
  }
}
