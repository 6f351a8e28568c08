package dev.agentrunner.adapter.command;

import dev.agentrunner.core.chat.Usage;
import java.util.Optional;

/**
 * What an agent is sent out for.
 *
 * @param folder where it works, an absolute path
 * @param model empty for the agent's own choice
 * @param preamble how to work; for agents that tell it from the prompt
 * @param prompt what to do, without the preamble
 * @param session to go on with; empty for a new one
 * @param counted what that session has been counted for so far; nothing for a new one
 * @param name for a new session, where the agent lets it be named
 */
record Errand(
    String folder,
    Optional<String> model,
    String preamble,
    String prompt,
    Optional<String> session,
    Usage counted,
    String name) {

  /** The same from the beginning. */
  Errand afresh(String whole) {
    return new Errand(folder, model, preamble, whole, Optional.empty(), Usage.NONE, name);
  }

  /** For agents that are told everything in one piece. */
  String inOnePiece() {
    return session.isPresent() ? prompt : preamble + "\n\n" + prompt;
  }
}
