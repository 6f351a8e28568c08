package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.UsageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AccessTest {

  private final ServedApi api = new ServedApi();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void on_this_machine_anybody_is_let_in_until_there_is_a_key() {
    assertThat(api.get("/runs").status()).isEqualTo(200);
    assertThat(api.get("/status").json().path("open").asBoolean()).isTrue();

    ServedApi.Got made = api.post("/api-keys", "{\"name\":\"me\",\"scopes\":[\"admin\"]}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);

    ServedApi.Got refused = api.get("/runs");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("www-authenticate")).startsWith("Bearer");
    api.key = made.json().path("secret").asText();
    assertThat(api.get("/runs").status()).isEqualTo(200);
  }

  @Test
  void the_first_key_must_be_one_that_can_make_others() {
    assertThat(api.post("/api-keys", "{\"name\":\"me\",\"scopes\":[\"read\"]}").status())
        .isEqualTo(400);
    assertThat(api.get("/runs").status()).isEqualTo(200);
  }

  @Test
  void where_others_reach_it_the_server_does_not_listen_without_a_key() {
    var everywhere = new Listening("0.0.0.0", 0, Set.of(), Set.of(), ServedApi.QUICK);

    assertThatThrownBy(() -> new ServedApi(everywhere))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("0.0.0.0")
        .hasMessageContaining("API key");
    api.as(Scope.ADMIN);
    api.keys.checkListening(everywhere, api.clock.instant());
  }

  @Test
  void behind_a_proxy_nobody_is_let_in_without_a_key_either() {
    var proxied = new Listening("127.0.0.1", 0, Set.of("runs.example"), Set.of(), ServedApi.QUICK);

    assertThatThrownBy(() -> new ServedApi(proxied)).isInstanceOf(UsageException.class);
  }

  @Test
  void a_key_does_what_its_scope_allows_and_no_more() {
    RunId run = api.run();
    api.as(Scope.READ);
    assertThat(api.get("/runs").status()).isEqualTo(200);
    assertThat(api.post("/runs", "{\"goal\":\"x\"}").status()).isEqualTo(403);
    assertThat(api.post("/runs/" + run + "/cancel", null).status()).isEqualTo(403);
    assertThat(api.get("/api-keys").status()).isEqualTo(403);

    api.as(Scope.WRITE);
    assertThat(api.post("/runs", "{\"goal\":\"x\"}").status()).isEqualTo(201);
    assertThat(api.post("/projects", "{\"name\":\"a\",\"folder\":\"/a\"}").status()).isEqualTo(403);

    api.as(Scope.ADMIN);
    assertThat(api.post("/projects", "{\"name\":\"a\",\"folder\":\"/a\"}").status()).isEqualTo(201);
  }

  @Test
  void a_key_that_is_over_opens_nothing() {
    String key =
        api.keys
            .add(
                "short",
                Set.of(Scope.ADMIN),
                api.clock.instant(),
                Optional.of(api.clock.instant().plusSeconds(60)))
            .secret();
    api.key = key;
    assertThat(api.get("/runs").status()).isEqualTo(200);
    api.clock.advance(Duration.ofMinutes(2));
    assertThat(api.get("/runs").status()).isEqualTo(401);
  }

  @Test
  void a_revoked_key_opens_nothing_and_does_not_open_the_server() {
    api.as(Scope.ADMIN);
    String id = api.registry.keys().getFirst().id();

    assertThat(api.send("DELETE", "/api-keys/" + id, null).status()).isEqualTo(204);

    assertThat(api.get("/runs").status()).isEqualTo(401);
    api.key = "";
    assertThat(api.get("/runs").status()).isEqualTo(401);
  }

  @Test
  void a_rotated_key_is_replaced_by_one_like_it() {
    api.as(Scope.ADMIN);
    String old = api.key;
    String id = api.registry.keys().getFirst().id();

    ServedApi.Got rotated = api.post("/api-keys/" + id + "/rotate", null);

    assertThat(rotated.status()).isEqualTo(201);
    assertThat(api.get("/runs").status()).isEqualTo(401);
    api.key = rotated.json().path("secret").asText();
    assertThat(api.key).isNotEqualTo(old);
    assertThat(api.get("/api-keys").status()).isEqualTo(200);
  }

  @Test
  void a_secret_is_told_once_and_kept_nowhere() {
    String body = "{\"name\":\"me\",\"scopes\":[\"admin\"]}";
    ServedApi.Got made = api.post("/api-keys", body, "Idempotency-Key", "k");
    String secret = made.json().path("secret").asText();
    assertThat(secret).matches("ar_[a-z0-9]{10}_[A-Za-z0-9_-]{43}");
    api.key = secret;

    JsonNode listed = api.get("/api-keys").json();

    assertThat(listed.toString()).doesNotContain(secret).doesNotContain("digest");
    assertThat(api.registry.keys().toString()).doesNotContain(secret);
    assertThat(
            api.registry.reserve("local", "k", Keys.digest("POST /api-keys\n" + body)).toString())
        .doesNotContain(secret);
  }

  @Test
  void a_key_in_an_address_is_refused_even_where_none_is_needed() {
    for (String name : List.of("api_key", "token", "access_token", "KEY")) {
      assertThat(api.get("/runs?" + name + "=x").status()).isEqualTo(401);
    }
  }

  @Test
  void whoever_guesses_keys_is_told_to_wait_and_who_has_one_is_not() {
    api.as(Scope.READ);
    String right = api.key;
    int status = 0;
    for (int i = 0; i < 25; i++) {
      api.key = "ar_0000000000_" + "x".repeat(43);
      ServedApi.Got refused = api.get("/runs");
      status = refused.status();
      assertThat(status == 401 || !refused.header("retry-after").isEmpty()).isTrue();
    }
    assertThat(status).isEqualTo(429);

    api.key = right;
    assertThat(api.get("/runs").status()).isEqualTo(200);
    api.clock.advance(Duration.ofMinutes(2));
    api.key = "nonsense";
    assertThat(api.get("/runs").status()).isEqualTo(401);
  }

  @Test
  void a_name_that_is_not_ours_is_refused_on_loopback() {
    assertThat(api.get("/runs", "Host", "evil.test").status()).isEqualTo(400);
    assertThat(api.get("/runs", "Host", "localhost:8484").status()).isEqualTo(200);
    assertThat(api.get("/runs", "Host", "[::1]:8484").status()).isEqualTo(200);
  }

  @Test
  void web_pages_of_others_may_neither_change_nor_read_anything() {
    RunId run = api.run();
    String cancel = "/runs/" + run + "/cancel";

    assertThat(api.post(cancel, null, "Origin", "https://evil.test").status()).isEqualTo(403);
    assertThat(api.post(cancel, null, "Origin", "null").status()).isEqualTo(403);
    assertThat(api.post(cancel, null, "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
    assertThat(api.get("/runs", "Origin", "https://evil.test").headers())
        .doesNotContainKey("access-control-allow-origin");
    assertThat(api.post(cancel, null, "Origin", "http://127.0.0.1:" + api.server.port()).status())
        .isEqualTo(200);
  }

  @Test
  void web_pages_that_were_allowed_may() {
    ServedApi.Got preflight =
        api.send(
            "OPTIONS",
            "/runs",
            null,
            "Origin",
            "https://friend.test",
            "Access-Control-Request-Method",
            "POST");
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("access-control-allow-origin")).isEqualTo("https://friend.test");
    assertThat(preflight.header("access-control-allow-methods")).contains("POST");
    assertThat(preflight.headers()).doesNotContainKey("access-control-allow-credentials");
    assertThat(api.post("/runs", "{\"goal\":\"x\"}", "Origin", "https://friend.test").status())
        .isEqualTo(201);
  }
}
