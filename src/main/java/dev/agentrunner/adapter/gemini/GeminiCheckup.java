package dev.agentrunner.adapter.gemini;

import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.Probe;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.Checkup;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.HttpUrl;

/** Asks for the card of the model. */
public final class GeminiCheckup implements Checkup {

  private final GeminiSettings settings;
  private final ApiKey key;
  private final ProviderHttp http;
  private final Duration longestWait;
  private final InstantSource clock;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   */
  public GeminiCheckup(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock) {
    this.settings = GeminiSettings.from(settings);
    this.key = GeminiModel.key(settings.key(), environment);
    this.http = http;
    this.longestWait = longestWait;
    this.clock = clock;
  }

  @Override
  public List<Finding> examine(String model, StopSignal stop) {
    String host = ProviderHttp.shown(settings.base());
    Probe probe =
        new Probe(
            http,
            key,
            (request, secret) -> {
              switch (settings.auth()) {
                case KEY -> request.header("x-goog-api-key", secret);
                case BEARER -> request.header("Authorization", "Bearer " + secret);
              }
            },
            refusal ->
                new GeminiFailures(
                        new ProviderFailures(
                            host, key.origin(), model, longestWait, clock.instant()))
                    .ofStatus(refusal),
            "Check the network and base_url.");
    if (settings.official() && key.read() instanceof ApiKey.Absent(String why)) {
      return probe.withoutKey(why);
    }
    HttpUrl card =
        settings
            .base()
            .newBuilder()
            .addPathSegments(model.contains("/") ? model : "models/" + model)
            .build();
    return probe.findings(
        probe.ask(Probe.get(card), stop),
        host,
        json -> Probe.found(model, json.path("inputTokenLimit")));
  }
}
