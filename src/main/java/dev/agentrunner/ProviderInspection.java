package dev.agentrunner;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.ProviderCard;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks at providers outside of any run.
 *
 * @param environment the runner's own
 */
record ProviderInspection(Settings settings, Providers providers, Map<String, String> environment) {

  /**
   * Each provider, none of them asked.
   *
   * @param configured whether somebody wrote something about a provider of that name
   */
  List<ProviderCard> cards(Predicate<String> configured) {
    return settings.providers().values().stream()
        .sorted(Comparator.comparing(ProviderSettings::name))
        .map(provider -> card(provider, configured.test(provider.name())))
        .toList();
  }

  private ProviderCard card(ProviderSettings provider, boolean configured) {
    return new ProviderCard(
        provider.name(),
        provider.kind(),
        configured,
        providers.modelOf(provider),
        provider.baseUrl(),
        provider.key().map(ProviderInspection::source),
        provider.key().filter(this::isSet).isPresent(),
        providers.missing(provider),
        providers.price(provider));
  }

  private static String source(KeySource key) {
    return switch (key) {
      case KeySource.Variable(String name) -> name;
      case KeySource.Plain _ -> "the configuration";
    };
  }

  private boolean isSet(KeySource key) {
    return switch (key) {
      case KeySource.Variable(String name) -> !environment.getOrDefault(name, "").isBlank();
      case KeySource.Plain _ -> true;
    };
  }

  /**
   * Looks whether a provider can be asked.
   *
   * @param spend whether to ask it something small as well, which costs a little
   * @throws UsageException if there is no provider of that name
   */
  List<Finding> check(String name, boolean spend) {
    ProviderSettings provider = providers.settings(name);
    List<Finding> findings = new ArrayList<>();
    try {
      findings.addAll(providers.examine(provider));
      if (spend
          && providers.asksOthers(provider)
          && findings.stream().noneMatch(ProviderInspection::isProblem)) {
        findings.add(call(provider, providers.outsideOfTasks(provider)));
      }
    } catch (UsageException | EnvironmentException wrong) {
      findings.add(Finding.problem("settings", String.valueOf(wrong.getMessage()), ""));
    }
    return findings;
  }

  private static boolean isProblem(Finding finding) {
    return finding.verdict() == Finding.Verdict.PROBLEM;
  }

  private Finding call(ProviderSettings provider, ChatModel model) {
    ChatRequest tiny =
        new ChatRequest(
            new ChatRequest.CallId("check", 1, 1),
            providers.modelOf(provider),
            "Answer with one word.",
            List.of(new Message.User("Say OK. Do nothing else.")),
            List.of(),
            settings.outputTokensMax());
    return switch (model.ask(tiny, new Unwatched(), new StopSignal())) {
      case Answer.Replied(Reply reply) ->
          new Finding(
              "call",
              Finding.Verdict.OK,
              "answered",
              "",
              Optional.of(priced(provider, tiny.model(), reply.usage())));
      case Answer.Failed(ModelFailure failure, Usage _, _) ->
          Finding.problem("call", failure.message(), "");
    };
  }

  private Usage priced(ProviderSettings provider, String model, Usage usage) {
    return usage.cost().equals(Cost.UNKNOWN)
        ? usage.costing(providers.cost(provider.name(), model, usage))
        : usage;
  }

  /** Nobody looks on. */
  private static final class Unwatched implements ChatModel.Watcher {
    @Override
    public void text(String delta) {}

    @Override
    public void thinking(String delta) {}

    @Override
    public void call(String name) {}

    @Override
    public void silence(Duration since) {}
  }
}
