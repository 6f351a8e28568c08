package dev.agentrunner.port;

import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.Ruling;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import java.util.Optional;

/** Whoever sits in front of the terminal. */
public interface People {

  /** Asks and waits for the answer; empty at once if nobody is there. */
  Optional<Ruling> decide(Escalation escalation, StopSignal stop);

  /**
   * Asks what the agent wants to know and waits for the answer; empty at once if nobody is there,
   * or whoever is does not know yet.
   */
  Optional<String> tell(Escalation question, StopSignal stop);

  /** Asks for leave and waits for the answer; empty at once if nobody is there. */
  Optional<Consent> approve(ApprovalRequested request, StopSignal stop);
}
