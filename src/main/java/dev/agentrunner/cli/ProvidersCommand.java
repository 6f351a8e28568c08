package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.limit.ModelPrice;
import dev.agentrunner.core.task.ProviderCard;
import dev.agentrunner.json.ProvidersJson;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code providers}. */
@Command(
    name = "providers",
    mixinStandardHelpOptions = true,
    description = "Look at the providers that tasks can be given to.")
final class ProvidersCommand implements Runnable {

  /** How they are shown. */
  enum Output {
    plain,
    json
  }

  private final Tools tools;

  @Spec private CommandSpec spec;

  ProvidersCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private Prepared prepare(Place place) {
    Prepared prepared = tools.workbench().prepare(place.sources(Optional.empty()));
    prepared.warnings().forEach(tools.screen().err()::println);
    return prepared;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Show every provider: its model, where it is, whether its key is set, what is missing, and what it costs.",
        "",
        "Asks nobody; uses no network."
      })
  int list(
      @Option(
              names = {"-o", "--output"},
              paramLabel = "HOW",
              description = "plain or json. Default: ${DEFAULT-VALUE}.",
              defaultValue = "plain")
          Output output,
      @Mixin Place place) {
    List<ProviderCard> cards = tools.workbench().providers(prepare(place));
    if (output == Output.json) {
      json(ProvidersJson.cards(cards));
    } else {
      cards.forEach(this::print);
    }
    return ExitCode.DONE.number();
  }

  private void print(ProviderCard card) {
    PrintStream out = tools.screen().out();
    out.println(
        tools.screen().bold(card.name())
            + (card.configured() ? "" : tools.screen().dim("  (built in)")));
    field("kind", card.kind());
    field("model", card.model());
    card.baseUrl().ifPresent(address -> field("address", address));
    card.credential()
        .ifPresent(key -> field("key", key + (card.credentialSet() ? ", set" : ", not set")));
    field("price", card.price().map(ProvidersCommand::shown).orElse("unknown"));
    card.missing().ifPresent(why -> field("missing", tools.screen().yellow(why)));
  }

  private static String shown(ModelPrice price) {
    return price.equals(ModelPrice.FREE)
        ? "free"
        : "$%s in, $%s out per million tokens"
            .formatted(
                price.rates().input().toPlainString(), price.rates().output().toPlainString());
  }

  private void field(String name, String value) {
    tools.screen().out().printf("  %-9s%s%n", name, Screen.harmless(value));
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "See whether providers answer, take the key and have the model.",
        "",
        "An agent's command line is asked for its version and whether somebody is logged in. Spends no tokens, unless --spend is given. Exit code 5 if something is wrong with one of them."
      })
  int check(
      @Parameters(
              paramLabel = "NAME",
              arity = "0..*",
              description =
                  "Providers. Default: those that the configuration has, and the one in use.")
          @Nullable List<String> names,
      @Option(names = "--spend", description = "Ask each a tiny question, and show what it cost.")
          boolean spend,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "HOW",
              description = "plain or json. Default: ${DEFAULT-VALUE}.",
              defaultValue = "plain")
          Output output,
      @Mixin Place place) {
    Prepared prepared = prepare(place);
    Map<String, List<Finding>> findings = new LinkedHashMap<>();
    for (String name : meant(names, prepared)) {
      List<Finding> found = tools.workbench().check(prepared, name, spend);
      findings.put(name, found);
      if (output == Output.plain) {
        print(name, found);
      }
    }
    if (output == Output.json) {
      json(ProvidersJson.findings(findings));
    }
    boolean wrong =
        findings.values().stream()
            .flatMap(List::stream)
            .anyMatch(finding -> finding.verdict() == Finding.Verdict.PROBLEM);
    return (wrong ? ExitCode.ENVIRONMENT : ExitCode.DONE).number();
  }

  private List<String> meant(@Nullable List<String> names, Prepared prepared) {
    return names == null || names.isEmpty()
        ? tools.workbench().providers(prepared).stream()
            .filter(ProviderCard::configured)
            .map(ProviderCard::name)
            .toList()
        : names;
  }

  private void print(String name, List<Finding> findings) {
    Screen screen = tools.screen();
    screen.out().println(screen.bold(name));
    for (Finding finding : findings) {
      String verdict =
          switch (finding.verdict()) {
            case OK -> screen.green("ok     ");
            case PROBLEM -> screen.red("problem");
            case UNKNOWN -> screen.dim("unknown");
          };
      String told =
          finding.detail()
              + finding.spent().map(usage -> ", " + Words.spent(usage)).orElse("")
              + (finding.cure().isEmpty() ? "" : ". " + finding.cure());
      screen
          .out()
          .println(
              "  %-9s%s  %s"
                  .formatted(finding.what(), verdict, Screen.harmless(told))
                  .stripTrailing());
    }
  }

  private void json(byte[] json) {
    tools.screen().out().write(json, 0, json.length);
    tools.screen().out().println();
  }
}
