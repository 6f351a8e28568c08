package dev.agentrunner.server;

import dev.agentrunner.json.EventJson;
import dev.agentrunner.port.Registry;
import dev.agentrunner.port.Registry.Reserved;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Does a request with an idempotency key once, however often it is sent. */
final class Repeats {

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private final Registry registry;

  Repeats(Registry registry) {
    this.registry = registry;
  }

  /**
   * The answer of {@code work}, or the one it gave before.
   *
   * @throws ProblemException if the key is no key, was used with another request, or with one that
   *     is still being answered
   */
  Answer once(Call call, Supplier<Answer> work) {
    Optional<String> key = call.header("idempotency-key");
    if (key.isEmpty()) {
      return work.get();
    }
    if (!KEY.matcher(key.get()).matches()) {
      throw new ProblemException(
          Problem.badRequest("An Idempotency-Key has 1 to 255 visible characters of ASCII."));
    }
    String owner = call.caller().owner();
    return switch (registry.reserve(owner, key.get(), digest(call))) {
      case Reserved.Fresh() -> fresh(owner, key.get(), work);
      case Reserved.UnderWay() ->
          throw new ProblemException(
              Problem.conflict(
                  "idempotency-under-way",
                  "The request that came with this Idempotency-Key is still being answered."));
      case Reserved.Taken() ->
          throw new ProblemException(
              Problem.of(
                  422,
                  "idempotency-key-reused",
                  "The Idempotency-Key belongs to another request",
                  "It came with another path or body before; every request wants a key of its own."));
      case Reserved.Answered(Registry.Answer before) -> replayed(before);
    };
  }

  private Answer fresh(String owner, String key, Supplier<Answer> work) {
    boolean kept = false;
    try {
      Answer answer = work.get();
      if (answer instanceof Answer.Whole whole && whole.status() < 300) {
        registry.answered(
            owner,
            key,
            new Registry.Answer(
                whole.status(),
                whole.headers().getOrDefault("Location", ""),
                new String(whole.repeated(), StandardCharsets.UTF_8)));
        kept = true;
      }
      return answer;
    } finally {
      if (!kept) {
        registry.free(owner, key);
      }
    }
  }

  private static Answer replayed(Registry.Answer before) {
    Answer answer =
        Answer.whole(before.status(), Answer.JSON, before.body().getBytes(StandardCharsets.UTF_8))
            .with("Idempotency-Replayed", "true");
    return before.location().isEmpty() ? answer : answer.with("Location", before.location());
  }

  private static String digest(Call call) {
    var request = new ByteArrayOutputStream();
    request.writeBytes((call.method() + " " + call.path() + "\n").getBytes(StandardCharsets.UTF_8));
    request.writeBytes(call.body());
    return EventJson.digest(request.toByteArray(), 0, request.size());
  }
}
