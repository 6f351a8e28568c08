package dev.agentrunner.core.chat;

/**
 * A reply in the provider's own form, to be sent back untouched when the same wire and model go on
 * with the conversation: thinking blocks with signatures (Anthropic), reasoning items (OpenAI
 * Responses), thought signatures (Gemini). To any other wire or model the turn is rebuilt from
 * {@link Reply#parts}.
 *
 * @param wire the wire format, such as {@code anthropic-messages}
 * @param model as it was asked for; the provider may call it by a more exact name
 * @param json the assistant turn: a JSON value whose shape only the adapter knows
 * @param whole whether it stands for the whole conversation up to here, which the other side
 *     remembers: an agent's command line and its session id
 */
public record Echo(String wire, String model, String json, boolean whole) {

  /** Of one turn. */
  public Echo(String wire, String model, String json) {
    this(wire, model, json, false);
  }
}
