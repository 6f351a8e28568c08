package dev.agentrunner.adapter.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.HttpModel;
import dev.agentrunner.adapter.http.JsonReplyReader;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.Request;

/** Claude, by the Anthropic Messages API and whatever else speaks it. */
public final class ClaudeModel implements HttpModel, AutoCloseable {

  static final String USUAL_KEY = "ANTHROPIC_API_KEY";
  static final String API_VERSION = "2023-06-01";

  private final ClaudeSettings settings;
  private final MessagesWriter writer;
  private final ApiKey key;
  private final ProviderHttp http;
  private final Duration longestWait;
  private final InstantSource clock;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   * @throws dev.agentrunner.port.UsageException if the settings ask for what Claude cannot do
   */
  public ClaudeModel(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock) {
    this.settings = ClaudeSettings.from(settings);
    this.writer = new MessagesWriter(this.settings);
    this.key = ApiKey.from(settings.key(), USUAL_KEY, environment);
    this.http = http;
    this.longestWait = longestWait;
    this.clock = clock;
  }

  /**
   * Why asking would be in vain, as far as it shows without asking; empty if nothing is missing.
   */
  @Override
  public Optional<String> missing() {
    return key.missing(settings.official());
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    if (settings.thinking() instanceof ClaudeSettings.Thinking.Budget(int tokens)
        && tokens >= request.outputTokensMax()) {
      return failed(
          new ModelFailure.Unusable(
              "A thinking budget of %d tokens leaves no room in a reply of %d: lower thinking, or raise the output limit."
                  .formatted(tokens, request.outputTokensMax())));
    }
    return key.asking("Claude", settings.official(), secret -> ask(secret, request, watcher, stop));
  }

  private static Answer failed(ModelFailure failure) {
    return new Answer.Failed(failure, Usage.NONE);
  }

  private Answer ask(
      Optional<String> secret, ChatRequest request, Watcher watcher, StopSignal stop) {
    return http.ask(
        post(request, secret),
        liveness -> {
          var growth = new MessagesGrowth(request.model(), liveness);
          return new JsonReplyReader(
              growth, "Messages API", () -> growth.failures().common(), RateLimits::readings);
        },
        watcher,
        stop);
  }

  private Request post(ChatRequest request, Optional<String> secret) {
    Request.Builder post =
        ProviderHttp.post(settings.endpoint(), writer.body(request))
            .header("anthropic-version", API_VERSION);
    secret.ifPresent(key -> {
      switch (settings.auth()) {
        case KEY -> post.header("x-api-key", key);
        case BEARER -> post.header("Authorization", "Bearer " + key);
      }
    });
    return post.build();
  }

  @Override
  public void close() {
    http.close();
  }

  /** The answer to one question. */
  private final class MessagesGrowth implements JsonReplyReader.Growth {
    private final String model;
    private final MessagesReply reply;

    MessagesGrowth(String model, Liveness liveness) {
      this.model = model;
      this.reply = new MessagesReply(model, liveness);
    }

    @Override
    public Optional<Answer> take(String name, JsonNode data, Headers headers) {
      String kind = data.path("type").asText(name);
      if (kind.equals("error")) {
        return Optional.of(new Answer.Failed(failures().ofEvent(data, headers), counted()));
      }
      return reply.take(kind, data)
          ? Optional.of(new Answer.Replied(reply.whole()))
          : Optional.empty();
    }

    @Override
    public Optional<Answer> takeWhole(JsonNode message, Headers headers) {
      if (message.path("content").isArray()) {
        reply.takeWhole(message);
        return Optional.of(new Answer.Replied(reply.whole()));
      }
      return message.has("error")
          ? Optional.of(new Answer.Failed(failures().ofEvent(message, headers), counted()))
          : Optional.empty();
    }

    @Override
    public Optional<Answer> atEnd(JsonReplyReader.End end) {
      // Only message_stop makes a reply whole.
      return Optional.empty();
    }

    @Override
    public boolean ended() {
      return false;
    }

    @Override
    public ModelFailure refused(Refusal refusal) {
      return failures().ofStatus(refusal);
    }

    @Override
    public Usage counted() {
      return reply.counted();
    }

    private ClaudeFailures failures() {
      return new ClaudeFailures(
          ProviderHttp.shown(settings.endpoint()),
          key.origin(),
          model,
          longestWait,
          clock.instant());
    }
  }
}
