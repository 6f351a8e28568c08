package dev.agentrunner.json;

import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.limit.TokenRates;
import dev.agentrunner.core.task.ProviderCard;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Providers as scripts read them: {@code providers list} and {@code providers check}. */
public final class ProvidersJson {

  private static final int VERSION = 1;

  private ProvidersJson() {}

  /** What {@code list} shows. */
  public static byte[] cards(List<ProviderCard> cards) {
    return JsonWriter.bytes(
        cards,
        (out, all) -> out.number("v", VERSION).objects("providers", all, ProvidersJson::card),
        Bodies.INLINE);
  }

  /**
   * What {@code check} shows.
   *
   * @param findings by the provider's name
   */
  public static byte[] findings(Map<String, List<Finding>> findings) {
    return JsonWriter.bytes(
        findings,
        (out, all) ->
            out.number("v", VERSION).objects("providers", all.entrySet(), ProvidersJson::checked),
        Bodies.INLINE);
  }

  private static void card(JsonWriter out, ProviderCard card) throws IOException {
    out.text("name", card.name())
        .text("kind", card.kind())
        .flag("configured", card.configured())
        .text("model", card.model())
        .textIfAny("base_url", card.baseUrl())
        .textIfAny("credential", card.credential())
        .flag("credential_set", card.credentialSet())
        .textIfAny("missing", card.missing())
        .objectIfAny("price", card.price().map(price -> price.rates()), ProvidersJson::rates);
  }

  /** As text, so that no reader rounds them. */
  private static void rates(JsonWriter out, TokenRates rates) throws IOException {
    out.text("input", rates.input().toPlainString())
        .text("output", rates.output().toPlainString())
        .textIfAny("cache_read", rates.cacheRead().map(rate -> rate.toPlainString()))
        .textIfAny("cache_write", rates.cacheWrite().map(rate -> rate.toPlainString()));
  }

  private static void checked(JsonWriter out, Map.Entry<String, List<Finding>> checked)
      throws IOException {
    out.text("name", checked.getKey())
        .objects("findings", checked.getValue(), ProvidersJson::finding);
  }

  private static void finding(JsonWriter out, Finding finding) throws IOException {
    out.text("what", finding.what())
        .text("verdict", finding.verdict().name().toLowerCase(Locale.ROOT))
        .text("detail", finding.detail())
        .text("cure", finding.cure())
        .objectIfAny("usage", finding.spent(), ChatJson::usage);
  }
}
