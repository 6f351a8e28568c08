package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.adapter.http.ApiKey;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Probe;
import dev.agentrunner.adapter.http.Probe.Outcome;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.Checkup;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.ByteString;

/** Asks for the server's version, and for what the model can do. */
public final class OllamaCheckup implements Checkup {

  private final OllamaSettings settings;
  private final ApiKey key;
  private final ProviderHttp http;
  private final Duration longestWait;
  private final InstantSource clock;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
   */
  public OllamaCheckup(
      ProviderSettings settings,
      Function<String, Optional<String>> environment,
      ProviderHttp http,
      Duration longestWait,
      InstantSource clock) {
    this.settings = OllamaSettings.from(settings, environment);
    this.key = ApiKey.from(settings.key(), OllamaModel.USUAL_KEY, environment);
    this.http = http;
    this.longestWait = longestWait;
    this.clock = clock;
  }

  @Override
  public List<Finding> examine(String model, StopSignal stop) {
    String host = ProviderHttp.shown(settings.base());
    OllamaFailures failures =
        new OllamaFailures(
            new ProviderFailures(host, key.origin(), model, longestWait, clock.instant()));
    Probe probe =
        new Probe(
            http,
            key,
            (request, secret) -> request.header("Authorization", "Bearer " + secret),
            failures::ofStatus,
            failures.whenUnreachable());
    if (settings.cloud() && key.read() instanceof ApiKey.Absent(String why)) {
      return probe.withoutKey(why);
    }
    Outcome version = probe.ask(Probe.get(settings.endpoint("version")), stop);
    if (version instanceof Outcome.Lost) {
      return probe.findings(version, host, _ -> Finding.ok("model", model));
    }
    String asked = JsonTree.write(JsonNodeFactory.instance.objectNode().put("model", model));
    Outcome card =
        probe.ask(
            Probe.get(settings.endpoint("show"))
                .post(
                    RequestBody.create(
                        ByteString.encodeUtf8(asked), MediaType.get("application/json"))),
            stop);
    List<Finding> findings =
        new ArrayList<>(probe.findings(card, host, json -> able(model, ModelCard.read(json))));
    if (version instanceof Outcome.Told(var json)
        && findings.getFirst().verdict() == Finding.Verdict.OK) {
      findings.set(
          0,
          Finding.ok(
              "server", "%s answers, Ollama %s".formatted(host, json.path("version").asText("?"))));
    }
    return findings;
  }

  private static Finding able(String model, ModelCard card) {
    if (card.lacks("tools")) {
      return Finding.problem(
          "model", model + " cannot call tools", "Ask another model; ollama show NAME tells.");
    }
    return Finding.ok(
        "model",
        card.contextTokensMax().isPresent()
            ? "%s, has room for %d tokens".formatted(model, card.contextTokensMax().getAsInt())
            : model);
  }
}
