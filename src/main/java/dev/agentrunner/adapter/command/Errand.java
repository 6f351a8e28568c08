package dev.agentrunner.adapter.command;

import java.util.Optional;

/**
 * What an agent is sent out for.
 *
 * @param folder where it works, an absolute path
 * @param model empty for the agent's own choice
 * @param preamble how to work; for agents that tell it from the prompt
 * @param prompt what to do, without the preamble
 * @param session to go on with; empty for a new one
 * @param name for a new session, where the agent lets it be named
 */
record Errand(
    String folder,
    Optional<String> model,
    String preamble,
    String prompt,
    Optional<String> session,
    String name) {

  /** The same from the beginning. */
  Errand afresh(String whole) {
    return new Errand(folder, model, preamble, whole, Optional.empty(), name);
  }

  /** For agents that are told everything in one piece. */
  String inOnePiece() {
    return session.isPresent() ? prompt : preamble + "\n\n" + prompt;
  }
}
