package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.JsonWriter;
import dev.agentrunner.port.Registry;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The keys to the API themselves: made, replaced, revoked. Each secret is told once. */
final class KeyRing implements Resource {

  private final Registry registry;
  private final Keys keys;
  private final InstantSource clock;

  KeyRing(Registry registry, Keys keys, InstantSource clock) {
    this.registry = registry;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/api-keys", Scope.ADMIN, this::list),
        Route.post("/api-keys", Scope.ADMIN, this::add).creating(),
        Route.post("/api-keys/{id}/rotate", Scope.ADMIN, this::rotate).creating(),
        Route.delete("/api-keys/{id}", Scope.ADMIN, this::revoke));
  }

  private Answer list(Call call) {
    return Answer.json(
        200, registry.keys(), (out, all) -> out.objects("api_keys", all, Shown::key));
  }

  private Answer add(Call call) {
    Sent sent = call.sent();
    String name = sent.required("name", Names.MAX, text -> !text.isBlank(), "must say whose it is");
    Set<Scope> scopes = scopes(sent);
    Optional<Instant> expiresAt = expiresAt(sent);
    if (!keys.exist() && !scopes.contains(Scope.ADMIN)) {
      sent.wrong(
          "scopes", "must have admin for the first key: from then on nobody is let in without");
    }
    sent.end();
    return told(keys.add(name, scopes, clock.instant(), expiresAt));
  }

  private static Set<Scope> scopes(Sent sent) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String word : sent.texts("scopes", 3, 10)) {
      try {
        scopes.add(Scope.valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        sent.wrong("scopes", "may hold read, write and admin");
      }
    }
    if (scopes.isEmpty()) {
      sent.wrong("scopes", "must hold one of read, write and admin");
    }
    return scopes;
  }

  private Optional<Instant> expiresAt(Sent sent) {
    Optional<String> text = sent.text("expires_at", 40);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Instant at = Instant.parse(text.get());
      if (at.isAfter(clock.instant())) {
        return Optional.of(at);
      }
    } catch (DateTimeException e) {
      // Told below.
    }
    sent.wrong("expires_at", "must be a time to come, such as 2027-01-31T00:00:00Z");
    return Optional.empty();
  }

  /** Another key in the place of one: of the same name, for the same, until the same time. */
  private Answer rotate(Call call) {
    call.sent().end();
    ApiKey old = key(call);
    if (!Keys.isLive(old, clock.instant())) {
      throw new ProblemException(
          Problem.conflict("key-revoked", "The key opens nothing any more; make a new one."));
    }
    Keys.Told told = keys.add(old.name(), old.scopes(), clock.instant(), old.expiresAt());
    registry.revokeKey(old.id(), clock.instant());
    return told(told);
  }

  private Answer revoke(Call call) {
    registry.revokeKey(key(call).id(), clock.instant());
    return Answer.empty(204);
  }

  private ApiKey key(Call call) {
    return registry.keys().stream()
        .filter(key -> key.id().equals(call.place("id")))
        .findFirst()
        .orElseThrow(() -> new ProblemException(Problem.notFound("There is no key of that id.")));
  }

  private static Answer told(Keys.Told told) {
    Answer.Whole answer =
        Answer.json(
            201,
            told,
            (out, made) -> {
              Shown.key(out, made.key());
              out.text("secret", made.secret());
            });
    return answer
        .repeatedAs(JsonWriter.bytes(told.key(), Shown::key, Bodies.INLINE))
        .with("Location", Routes.PREFIX + "/api-keys");
  }
}
