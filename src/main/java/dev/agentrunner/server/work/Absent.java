package dev.agentrunner.server.work;

import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.Ruling;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.port.People;
import dev.agentrunner.port.StopSignal;
import java.util.Optional;

/**
 * Nobody sits beside a worker: tasks that need a person are set aside, and the answer comes as a
 * command.
 */
final class Absent implements People {

  @Override
  public Optional<Ruling> decide(Escalation escalation, StopSignal stop) {
    return Optional.of(Ruling.of(Decision.PARK));
  }

  @Override
  public Optional<String> tell(Escalation question, StopSignal stop) {
    return Optional.empty();
  }

  @Override
  public Optional<Consent> approve(ApprovalRequested request, StopSignal stop) {
    return Optional.empty();
  }
}
