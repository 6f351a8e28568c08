package dev.agentrunner.port;

import static dev.agentrunner.testing.Orders.ANN;
import static dev.agentrunner.testing.Orders.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.port.Registry.Answer;
import dev.agentrunner.port.Registry.Reserved;
import dev.agentrunner.testing.Orders;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for every registry. */
public abstract class RegistryContract extends ServerStoreContract {

  private static final Instant AT = Instant.parse("2026-11-21T10:15:30.123Z");

  private Registry registry;

  @BeforeEach
  void open() {
    registry = kept.registry();
  }

  @Test
  void projects_are_kept_by_name() {
    Project shop = registry.addProject("shop", "/srv/shop").orElseThrow();
    Project blog = registry.addProject("blog", "/srv/blog").orElseThrow();

    assertThat(shop).isEqualTo(new Project("shop", "/srv/shop", 1, kept.runs().now()));
    assertThat(registry.addProject("shop", "/elsewhere")).isEmpty();
    assertThat(registry.projects()).containsExactly(blog, shop);
    assertThat(registry.project("shop")).contains(shop);
    assertThat(registry.project("none")).isEmpty();
  }

  @Test
  void a_project_with_open_runs_stays() {
    registry.addProject("shop", "/srv/shop");
    kept.runs().submit(id(1), Orders.of("shop"));

    assertThat(registry.removeProject("shop", 1)).isFalse();
    kept.runs().command(id(1), new Wish.Cancel("", false), "me");
    assertThat(registry.removeProject("shop", 2)).isFalse();
    assertThat(registry.removeProject("shop", 1)).isTrue();
    assertThat(registry.removeProject("shop", 1)).isFalse();
    assertThat(kept.runs().claim(id(1), ANN, Orders.LEASE)).isEmpty();
  }

  @Test
  void revisions_follow_each_other() {
    assertThat(registry.addRevision("nightly", 1, "a: 1")).isEmpty();
    Workflow first = registry.addRevision("nightly", 0, "a: 1\n").orElseThrow();
    Workflow second = registry.addRevision("nightly", 1, "a: 2 # naïve 👩‍🚀\n").orElseThrow();
    Workflow other = registry.addRevision("daily", 0, "b: 1\n").orElseThrow();

    assertThat(registry.addRevision("nightly", 0, "late")).isEmpty();
    assertThat(registry.addRevision("nightly", 1, "late")).isEmpty();
    assertThat(second.revision()).isEqualTo(2);
    assertThat(registry.revisions("nightly")).containsExactly(second, first);
    assertThat(registry.revisions("none")).isEmpty();
    assertThat(registry.workflows()).containsExactly(other, second);
  }

  @Test
  void keys_are_found_by_their_digest() {
    ApiKey key =
        new ApiKey(
            "k1",
            "build server",
            "ab".repeat(32),
            Set.of(Scope.READ, Scope.WRITE),
            AT,
            Optional.of(AT.plusSeconds(60)),
            Optional.empty(),
            Optional.empty());
    registry.addKey(key);

    assertThat(registry.keyOfDigest("ab".repeat(32))).contains(key);
    assertThat(registry.keyOfDigest("cd".repeat(32))).isEmpty();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> registry.addKey(key));

    registry.usedKey("k1", AT.plusSeconds(1));
    assertThat(registry.revokeKey("k1", AT.plusSeconds(2))).isTrue();
    assertThat(registry.revokeKey("k1", AT.plusSeconds(3))).isFalse();
    assertThat(registry.revokeKey("none", AT)).isFalse();
    ApiKey after = registry.keys().getFirst();
    assertThat(after.usedAt()).contains(AT.plusSeconds(1));
    assertThat(after.revokedAt()).contains(AT.plusSeconds(2));
    assertThat(after.scopes()).isEqualTo(key.scopes());
    assertThat(after.expiresAt()).isEqualTo(key.expiresAt());
  }

  @Test
  void the_same_request_gets_the_same_answer() {
    var answer = new Answer(201, "/v1/runs/1", "{\"id\":\"1 é\"}");

    assertThat(registry.reserve("ann", "k", "d")).isEqualTo(new Reserved.Fresh());
    assertThat(registry.reserve("ann", "k", "d")).isEqualTo(new Reserved.UnderWay());
    assertThat(registry.reserve("ann", "k", "other")).isEqualTo(new Reserved.Taken());
    registry.answered("ann", "k", answer);

    assertThat(registry.reserve("ann", "k", "d")).isEqualTo(new Reserved.Answered(answer));
    assertThat(registry.reserve("ann", "k", "other")).isEqualTo(new Reserved.Taken());
    assertThat(registry.reserve("ben", "k", "other")).isEqualTo(new Reserved.Fresh());
    kept.pass(java.time.Duration.ofHours(24));
    assertThat(registry.reserve("ann", "k", "d")).isEqualTo(new Reserved.Answered(answer));
  }

  @Test
  void a_reservation_that_is_given_up_is_free() {
    registry.reserve("ann", "k", "d");

    registry.free("ann", "k");

    assertThat(registry.reserve("ann", "k", "other")).isEqualTo(new Reserved.Fresh());
  }
}
