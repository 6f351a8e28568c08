package dev.agentrunner.adapter.openai;

import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.HttpModel;
import dev.agentrunner.adapter.http.JsonReplyReader;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.http.ReplyReader;
import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.Request;

/** OpenAI, and every server that speaks one of its APIs. */
public final class OpenAiModel implements HttpModel, AutoCloseable {

  static final String USUAL_KEY = "OPENAI_API_KEY";

  private final OpenAiSettings settings;
  private final RequestWriter writer;
  private final ApiKey key;
  private final ProviderHttp http;
  private final Duration longestWait;
  private final InstantSource clock;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   * @throws dev.agentrunner.port.UsageException if the settings ask for what cannot be
   */
  public OpenAiModel(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock) {
    this.settings = OpenAiSettings.from(settings);
    this.writer =
        switch (this.settings.api()) {
          case RESPONSES -> new ResponsesWriter(this.settings);
          case CHAT -> new ChatWriter(this.settings);
        };
    this.key = ApiKey.from(settings.key(), USUAL_KEY, environment);
    this.http = http;
    this.longestWait = longestWait;
    this.clock = clock;
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
  public boolean lacksTools() {
    return !settings.tools();
  }

  @Override
  public Answer ask(ChatRequest request, Watcher watcher, StopSignal stop) {
    Request.Builder post = ProviderHttp.post(settings.endpoint(), writer.body(request));
    Function<Liveness, ReplyReader> reader = liveness -> reader(request.model(), liveness);
    return key.asking(
        "OpenAI",
        settings.official(),
        secret -> {
          secret.ifPresent(key -> post.header("Authorization", "Bearer " + key));
          return http.ask(post.build(), reader, watcher, stop);
        });
  }

  private ReplyReader reader(String model, Liveness liveness) {
    Supplier<ProviderFailures> common =
        () ->
            new ProviderFailures(
                ProviderHttp.shown(settings.base()),
                key.origin(),
                model,
                longestWait,
                clock.instant());
    Supplier<OpenAiFailures> failures = () -> new OpenAiFailures(common.get());
    JsonReplyReader.Growth growth =
        switch (settings.api()) {
          case RESPONSES -> new ResponsesReply(model, liveness, failures);
          case CHAT -> new ChatReply(model, liveness, failures);
        };
    return new JsonReplyReader(
        growth,
        settings.api().shown(),
        common,
        headers -> RateLimits.readings(headers, clock.instant()));
  }

  @Override
  public void close() {
    http.close();
  }
}
