package dev.agentrunner.adapter.http;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where a provider's key is found. The key itself is read for each call and kept nowhere. */
public final class ApiKey {

  private final String origin;
  private final Supplier<Optional<String>> source;

  private ApiKey(String origin, Supplier<Optional<String>> source) {
    this.origin = origin;
    this.source = source;
  }

  /**
   * @param configured empty for the provider's usual variable
   * @param environment looks up a variable; empty if it is not set
   */
  public static ApiKey from(
      Optional<KeySource> configured,
      String usualVariable,
      Function<String, Optional<String>> environment) {
    return switch (configured.orElse(new KeySource.Variable(usualVariable))) {
      case KeySource.Variable(String name) -> new ApiKey(name, () -> environment.apply(name));
      case KeySource.Plain(String secret) ->
          new ApiKey("the configuration", () -> Optional.of(secret));
    };
  }

  /** For messages: the name of the variable, or {@code the configuration}. */
  public String origin() {
    return origin;
  }

  public Reading read() {
    String key = source.get().orElse("").strip();
    if (key.isEmpty()) {
      return new Absent("there is no key: " + origin + " is not set or empty");
    }
    // The HTTP library would refuse such a header, and quote the key in doing so.
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      return new Absent(
          "the key in " + origin + " holds a blank or a character that no key has; copy it anew");
    }
    return new Present(key);
  }

  /**
   * Why no call can succeed, as far as one can tell without making one; empty if nothing is known
   * against it.
   *
   * @param needed whether nothing goes without a key
   */
  public Optional<String> missing(boolean needed) {
    return needed && read() instanceof Absent(String why) ? Optional.of(why) : Optional.empty();
  }

  /**
   * What comes of a question that is asked with the key, if there is one, and without it otherwise;
   * denied where one is needed. Should a failure quote the key, it is hidden.
   *
   * @param provider its name, for messages
   * @param question asks, given the secret
   */
  public Answer asking(
      String provider, boolean needed, Function<Optional<String>, Answer> question) {
    return switch (read()) {
      case Present present -> present.hiddenIn(question.apply(Optional.of(present.secret())));
      case Absent(String why) when needed ->
          new Answer.Failed(
              new ModelFailure.Denied("%s cannot be asked: %s.".formatted(provider, why)),
              Usage.NONE);
      case Absent _ -> question.apply(Optional.empty());
    };
  }

  /** What was found. */
  public sealed interface Reading {}

  /** A key that can be sent. */
  public record Present(String secret) implements Reading {

    /** {@code answer}, should a failure quote the key, without it. */
    public Answer hiddenIn(Answer answer) {
      return switch (answer) {
        case Answer.Replied replied -> replied;
        case Answer.Failed(var failure, var usage, var session) ->
            new Answer.Failed(hiddenIn(failure), usage, session);
      };
    }

    private ModelFailure hiddenIn(ModelFailure failure) {
      String message = failure.message().replace(secret, "***");
      return switch (failure) {
        case ModelFailure.Transient f -> new ModelFailure.Transient(message, f.retryAfter());
        case ModelFailure.Window f -> new ModelFailure.Window(message, f.resetsAt());
        case ModelFailure.Denied _ -> new ModelFailure.Denied(message);
        case ModelFailure.Unusable _ -> new ModelFailure.Unusable(message);
        case ModelFailure.Canceled _ -> new ModelFailure.Canceled(message);
      };
    }

    @Override
    public String toString() {
      return "Present[***]";
    }
  }

  /**
   * Nothing that can be sent.
   *
   * @param why for people, without the key
   */
  public record Absent(String why) implements Reading {}
}
