package dev.agentrunner.adapter.claude;

import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.Probe;
import dev.agentrunner.adapter.http.Probe.Outcome;
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

/** Asks the Models API about the model. */
public final class ClaudeCheckup implements Checkup {

  private final ClaudeSettings settings;
  private final ApiKey key;
  private final ProviderHttp http;
  private final Duration longestWait;
  private final InstantSource clock;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   */
  public ClaudeCheckup(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock) {
    this.settings = ClaudeSettings.from(settings);
    this.key = ApiKey.from(settings.key(), ClaudeModel.USUAL_KEY, environment);
    this.http = http;
    this.longestWait = longestWait;
    this.clock = clock;
  }

  @Override
  public List<Finding> examine(String model, StopSignal stop) {
    String host = ProviderHttp.shown(settings.endpoint());
    Probe probe =
        new Probe(
            http,
            key,
            (request, secret) -> {
              switch (settings.auth()) {
                case KEY -> request.header("x-api-key", secret);
                case BEARER -> request.header("Authorization", "Bearer " + secret);
              }
            },
            refusal ->
                new ClaudeFailures(host, key.origin(), model, longestWait, clock.instant())
                    .ofStatus(refusal),
            "Check the network and base_url.");
    if (settings.official() && key.read() instanceof ApiKey.Absent(String why)) {
      return probe.withoutKey(why);
    }
    int last = settings.endpoint().pathSize() - 1;
    HttpUrl card =
        settings
            .endpoint()
            .newBuilder()
            .setPathSegment(last, "models")
            .addPathSegment(model)
            .build();
    Outcome outcome =
        probe.ask(Probe.get(card).header("anthropic-version", ClaudeModel.API_VERSION), stop);
    if (outcome instanceof Outcome.Refused(int status, var _)
        && status == 404
        && !settings.official()) {
      return List.of(
          Probe.answers(host),
          Finding.unknown("key", "not looked at"),
          Finding.unknown("model", "the server does not tell which models it has"));
    }
    return probe.findings(outcome, host, json -> Probe.found(model, json.path("max_input_tokens")));
  }
}
