package dev.agentrunner.port;

/**
 * Who is charged for what a provider does.
 *
 * @param provider by its name in the settings
 * @param model as the provider spells it
 * @param credential where it comes from, such as the name of a variable or {@code login of codex};
 *     never the secret itself
 * @param metered whether each token is charged, rather than a fixed fee or nothing
 */
public record Payer(String provider, String model, String credential, boolean metered) {

  /** Such as {@code claude claude-sonnet-5-5: ANTHROPIC_API_KEY, metered}. */
  public String shown() {
    return "%s %s: %s, %s"
        .formatted(provider, model, credential, metered ? "metered" : "not metered");
  }
}
