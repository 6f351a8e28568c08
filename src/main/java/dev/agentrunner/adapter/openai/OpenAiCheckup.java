package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.adapter.http.Probe;
import dev.agentrunner.adapter.http.Probe.Outcome;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.Checkup;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.HttpUrl;

/** Asks OpenAI about the model, and any other server for the list of those it has. */
public final class OpenAiCheckup implements Checkup {

  private static final int NAMES_SHOWN_MAX = 5;

  private final OpenAiSettings settings;
  private final ApiKey key;
  private final ProviderHttp http;
  private final Duration longestWait;
  private final InstantSource clock;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   */
  public OpenAiCheckup(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock) {
    this.settings = OpenAiSettings.from(settings);
    this.key = ApiKey.from(settings.key(), OpenAiModel.USUAL_KEY, environment);
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
            (request, secret) -> request.header("Authorization", "Bearer " + secret),
            refusal ->
                new OpenAiFailures(
                        new ProviderFailures(
                            host, key.origin(), model, longestWait, clock.instant()))
                    .ofStatus(refusal),
            "Check the network and base_url.");
    HttpUrl models = settings.base().newBuilder().addPathSegment("models").build();
    if (settings.official()) {
      return key.read() instanceof ApiKey.Absent(String why)
          ? probe.withoutKey(why)
          : probe.findings(
              probe.ask(Probe.get(models.newBuilder().addPathSegment(model).build()), stop),
              host,
              json -> Finding.ok("model", model));
    }
    Outcome outcome = probe.ask(Probe.get(models), stop);
    return switch (outcome) {
      case Outcome.Told(var json) ->
          // Many servers tell their models to anybody.
          List.of(Probe.answers(host), keyUnproven(), among(json, model));
      case Outcome.Refused(int status, ModelFailure _) when status == 404 || status == 405 ->
          List.of(
              Probe.answers(host),
              keyUnproven(),
              Finding.unknown("model", "the server does not tell which models it has"));
      case Outcome.Refused _, Outcome.Lost _ ->
          probe.findings(outcome, host, json -> among(json, model));
    };
  }

  private Finding keyUnproven() {
    return key.read() instanceof ApiKey.Present
        ? Finding.unknown("key", "sent, from " + key.origin() + "; a call would prove it")
        : Finding.unknown("key", "none is set; a call would show whether one is needed");
  }

  private static Finding among(JsonNode list, String model) {
    List<String> names = new ArrayList<>();
    list.path("data").forEach(entry -> names.add(entry.path("id").asText()));
    if (names.contains(model)) {
      return Finding.ok("model", model);
    }
    return names.isEmpty()
        ? Finding.unknown("model", "the server does not tell which models it has")
        : Finding.problem(
            "model",
            "%s is none of the %d there; among them: %s"
                .formatted(
                    model,
                    names.size(),
                    Excerpt.of(
                        String.join(", ", names.stream().limit(NAMES_SHOWN_MAX).toList()), 200)),
            "Name one that is there, or have the server load it.");
  }
}
