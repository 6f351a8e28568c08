package dev.agentrunner.adapter.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.HttpModel;
import dev.agentrunner.adapter.http.JsonReplyReader;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.Request;

/** Gemini, by the Gemini API's streamGenerateContent and whatever else speaks it. */
public final class GeminiModel implements HttpModel, AutoCloseable {

  /** The older name of the usual variable, which many have set still. */
  public static final String OLDER_KEY = "GOOGLE_API_KEY";

  static final String USUAL_KEY = "GEMINI_API_KEY";

  private final GeminiSettings settings;
  private final ContentsWriter writer;
  private final ApiKey key;
  private final ProviderHttp http;
  private final Duration longestWait;
  private final InstantSource clock;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   * @throws dev.agentrunner.port.UsageException if the settings ask for what Gemini cannot do
   */
  public GeminiModel(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock) {
    this.settings = GeminiSettings.from(settings);
    this.writer = new ContentsWriter(this.settings);
    this.key = key(settings.key(), environment);
    this.http = http;
    this.longestWait = longestWait;
    this.clock = clock;
  }

  static ApiKey key(
      Optional<KeySource> configured, Function<String, Optional<String>> environment) {
    KeySource usual = new KeySource.Variable(USUAL_KEY);
    boolean older =
        configured.orElse(usual).equals(usual)
            && environment.apply(USUAL_KEY).filter(key -> !key.isBlank()).isEmpty()
            && environment.apply(OLDER_KEY).filter(key -> !key.isBlank()).isPresent();
    return older
        ? ApiKey.from(Optional.empty(), OLDER_KEY, environment)
        : ApiKey.from(configured, USUAL_KEY, environment);
  }

  /**
   * Why no call can succeed, as far as one can tell without making one; empty if nothing is known
   * against it.
   */
  @Override
  public Optional<String> missing() {
    return key.missing(settings.official());
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    return key.asking("Gemini", settings.official(), secret -> ask(secret, request, watcher, stop));
  }

  private Answer ask(
      Optional<String> secret, ChatRequest request, Watcher watcher, StopSignal stop) {
    return http.ask(
        post(request, secret),
        liveness -> {
          var growth = new CandidateGrowth(request, liveness);
          return new JsonReplyReader(growth, "Gemini API", () -> growth.failures().common());
        },
        watcher,
        stop);
  }

  private Request post(ChatRequest request, Optional<String> secret) {
    Request.Builder post =
        ProviderHttp.post(settings.endpoint(request.model()), writer.body(request));
    secret.ifPresent(key -> {
      switch (settings.auth()) {
        case KEY -> post.header("x-goog-api-key", key);
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
  private final class CandidateGrowth implements JsonReplyReader.Growth {
    private final String model;
    private final CandidateReply reply;

    CandidateGrowth(ChatRequest request, Liveness liveness) {
      this.model = request.model();
      this.reply = new CandidateReply(request, liveness);
    }

    @Override
    public Optional<Answer> take(String name, JsonNode chunk, Headers headers) {
      Optional<GeminiError> error = GeminiError.in(chunk);
      if (error.isPresent()) {
        return Optional.of(broken(failures().ofError(error.get(), headers)));
      }
      if (chunk.isArray()) {
        chunk.forEach(reply::take);
      } else {
        reply.take(chunk);
      }
      // Not before the end: older models tell one with each chunk.
      return Optional.empty();
    }

    @Override
    public Optional<Answer> takeWhole(JsonNode reply, Headers headers) {
      Iterable<JsonNode> chunks = reply.isArray() ? reply : List.of(reply);
      for (JsonNode chunk : chunks) {
        Optional<Answer> failed = take("", chunk, headers);
        if (failed.isPresent()) {
          return failed;
        }
      }
      return atEnd(JsonReplyReader.End.QUIET);
    }

    @Override
    public Optional<Answer> atEnd(JsonReplyReader.End end) {
      if (!reply.ended() || end == JsonReplyReader.End.TORN) {
        return Optional.empty();
      }
      return Optional.of(
          reply.garbled()
              ? broken(failures().ofGarbledCall(reply.reason()))
              : new Answer.Replied(reply.whole()));
    }

    @Override
    public boolean ended() {
      return reply.ended();
    }

    private Answer broken(ModelFailure failure) {
      return new Answer.Failed(failure, reply.counted());
    }

    @Override
    public ModelFailure refused(Refusal refusal) {
      return failures().ofStatus(refusal);
    }

    @Override
    public Usage counted() {
      return reply.counted();
    }

    private GeminiFailures failures() {
      return new GeminiFailures(
          new ProviderFailures(
              ProviderHttp.shown(settings.base()),
              key.origin(),
              model,
              longestWait,
              clock.instant()));
    }
  }
}
