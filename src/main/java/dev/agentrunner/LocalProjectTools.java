package dev.agentrunner;

import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Sources;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.Ruling;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.engine.AgentTools;
import dev.agentrunner.engine.GitTools;
import dev.agentrunner.engine.HandTools.Told;
import dev.agentrunner.port.People;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.server.ProjectTools;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The agent's tools in projects that lie on this machine. */
final class LocalProjectTools implements ProjectTools {

  private final LocalWorkbench workbench;

  LocalProjectTools(LocalWorkbench workbench) {
    this.workbench = workbench;
  }

  @Override
  public Workspace files(Project project) {
    return workbench.workspace(project.folder());
  }

  @Override
  public List<ToolSpec> tools(Project project) {
    List<ToolSpec> tools = new ArrayList<>(AgentTools.specs());
    tools.addAll(GitTools.specs(prepared(project).settings().git().agent()));
    return tools;
  }

  @Override
  public Told call(Project project, ToolCall call) {
    return workbench
        .handTools(prepared(project), new Nobody())
        .call(call, files(project), project.folder(), new StopSignal());
  }

  private Prepared prepared(Project project) {
    return workbench.prepare(
        new Sources(
            Optional.of(project.folder()),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty()));
  }

  /** Whoever calls sits elsewhere. */
  private static final class Nobody implements People {

    @Override
    public Optional<Ruling> decide(Escalation escalation, StopSignal stop) {
      return Optional.empty();
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
}
