package dev.agentrunner.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.port.ChatModel.Watcher;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.BufferedSource;

/** Puts questions that cost nothing to a provider, to see whether it can be asked. */
public final class Probe {

  private final ProviderHttp http;
  private final ApiKey key;
  private final BiConsumer<Request.Builder, String> sign;
  private final Function<Refusal, ModelFailure> classes;
  private final String whenUnreachable;

  /**
   * @param sign puts the secret into a request
   * @param classes what a refusal means
   * @param whenUnreachable what people can do when nobody listens at the other end
   */
  public Probe(
      ProviderHttp http,
      ApiKey key,
      BiConsumer<Request.Builder, String> sign,
      Function<Refusal, ModelFailure> classes,
      String whenUnreachable) {
    this.http = http;
    this.key = key;
    this.sign = sign;
    this.classes = classes;
    this.whenUnreachable = whenUnreachable;
  }

  /** What came of a question. */
  public sealed interface Outcome {

    /**
     * @param json missing if what came was none
     */
    record Told(JsonNode json) implements Outcome {}

    record Refused(int status, ModelFailure failure) implements Outcome {}

    /** Nobody answered. */
    record Lost(ModelFailure failure) implements Outcome {}
  }

  public static Request.Builder get(HttpUrl url) {
    return new Request.Builder().url(url).header("user-agent", "agent-runner");
  }

  public Outcome ask(Request.Builder question, StopSignal stop) {
    if (key.read() instanceof ApiKey.Present present) {
      sign.accept(question, present.secret());
    }
    Reader reader = new Reader();
    Answer answer = http.ask(question.build(), _ -> reader, SILENT, stop);
    if (key.read() instanceof ApiKey.Present present) {
      answer = present.hiddenIn(answer);
    }
    return switch (answer) {
      case Answer.Replied _ -> new Outcome.Told(reader.told);
      case Answer.Failed(var failure, _, _) ->
          reader
              .refused
              .<Outcome>map(status -> new Outcome.Refused(status, failure))
              .orElseGet(() -> new Outcome.Lost(failure));
    };
  }

  /** Where a key that is needed is missing, nobody need be asked. */
  public List<Finding> withoutKey(String why) {
    return List.of(
        Finding.problem("key", why, "Set the variable, or name another with api_key_env."),
        Finding.unknown("server", "not asked without a key"),
        Finding.unknown("model", ""));
  }

  /**
   * What a question about {@code model} has shown of server, key and model.
   *
   * @param model what the answer says of it
   */
  public List<Finding> findings(Outcome outcome, String host, Function<JsonNode, Finding> model) {
    return switch (outcome) {
      case Outcome.Lost(var failure) ->
          List.of(
              Finding.problem("server", failure.message(), ""),
              Finding.unknown("key", ""),
              Finding.unknown("model", ""));
      case Outcome.Told(var json) -> List.of(answers(host), keyAccepted(), model.apply(json));
      case Outcome.Refused(int status, var failure) -> refused(status, failure, host);
    };
  }

  private List<Finding> refused(int status, ModelFailure failure, String host) {
    String why = failure.message();
    return switch (failure) {
      case ModelFailure.Denied _ when status == 404 ->
          List.of(answers(host), keyAccepted(), Finding.problem("model", why, ""));
      case ModelFailure.Denied _ when status >= 300 && status < 400 ->
          List.of(
              Finding.problem("server", why, ""),
              Finding.unknown("key", ""),
              Finding.unknown("model", ""));
      case ModelFailure.Denied _ ->
          List.of(answers(host), Finding.problem("key", why, ""), Finding.unknown("model", ""));
      case ModelFailure.Window _ ->
          List.of(
              answers(host),
              keyAccepted(),
              Finding.problem("quota", why, "Wait until it is back, or ask another provider."),
              Finding.unknown("model", ""));
      case ModelFailure.Transient _, ModelFailure.Unusable _, ModelFailure.Canceled _ ->
          List.of(
              Finding.unknown("server", why),
              Finding.unknown("key", ""),
              Finding.unknown("model", ""));
    };
  }

  public static Finding answers(String host) {
    return Finding.ok("server", host + " answers");
  }

  private Finding keyAccepted() {
    return key.read() instanceof ApiKey.Present
        ? Finding.ok("key", "accepted, from " + key.origin())
        : Finding.ok("key", "none is asked for");
  }

  /** A model of which the provider may say how much it can read. */
  public static Finding found(String model, JsonNode tokensMax) {
    return Finding.ok(
        "model",
        tokensMax.canConvertToLong()
            ? "%s, reads %d tokens".formatted(model, tokensMax.asLong())
            : model);
  }

  private static final Watcher SILENT =
      new Watcher() {
        @Override
        public void text(String delta) {}

        @Override
        public void thinking(String delta) {}

        @Override
        public void call(String name) {}

        @Override
        public void silence(Duration since) {}
      };

  private final class Reader implements ReplyReader {
    private JsonNode told = JsonNodeFactory.instance.missingNode();
    private Optional<Integer> refused = Optional.empty();

    @Override
    public Answer read(Headers headers, BufferedSource body) throws IOException {
      try {
        told = JsonTree.read(body.readUtf8());
      } catch (JsonProcessingException _) {
        // That it answered is known all the same.
      }
      return new Answer.Replied(
          new Reply("", List.of(), Stop.END, "", Usage.NONE, Optional.empty()));
    }

    @Override
    public ModelFailure refused(Refusal refusal) {
      refused = Optional.of(refusal.status());
      return classes.apply(refusal);
    }

    @Override
    public Usage counted() {
      return Usage.NONE;
    }

    @Override
    public String whenUnreachable() {
      return whenUnreachable;
    }
  }
}
