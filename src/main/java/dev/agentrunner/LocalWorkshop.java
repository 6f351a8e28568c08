package dev.agentrunner;

import dev.agentrunner.adapter.yaml.Loaded;
import dev.agentrunner.adapter.yaml.Origin;
import dev.agentrunner.adapter.yaml.WorkflowFile;
import dev.agentrunner.cli.Workbench.Sources;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.core.queue.WorkflowInput;
import dev.agentrunner.core.task.ProviderCard;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.server.Fault;
import dev.agentrunner.server.Workshop;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Task lists, workflows and settings, as they are read on this machine. */
final class LocalWorkshop implements Workshop {

  private final LocalWorkbench workbench;
  private final LocalSites sites;

  LocalWorkshop(LocalWorkbench workbench, LocalSites sites) {
    this.workbench = workbench;
    this.sites = sites;
  }

  @Override
  public List<Fault> check(Project project, RunOrder order) {
    String member = order.workflow().isPresent() ? "/workflow" : "/tasks";
    try {
      List<dev.agentrunner.adapter.yaml.Fault> faults =
          workbench.faults(LocalSites.sources(project, order), order.list(), order.listName());
      if (!faults.isEmpty()) {
        return shown(faults, member);
      }
      LocalSites.meant(sites.prepared(project, order), order);
      return List.of();
    } catch (UsageException | EnvironmentException e) {
      return List.of(new Fault(member, String.valueOf(e.getMessage()), 0, 0));
    }
  }

  @Override
  public Made make(Workflow workflow, Map<String, Object> inputs) {
    return switch (WorkflowFile.read(workflow.source(), workflow.name())) {
      case Loaded.Bad<WorkflowFile>(var faults, _) -> new Made.Faulty(shown(faults, "/workflow"));
      case Loaded.Good<WorkflowFile>(WorkflowFile file, _) ->
          switch (file.taskList(inputs)) {
            case WorkflowFile.Made.List(String json) -> new Made.List(json);
            case WorkflowFile.Made.Refused(Map<String, String> wrong) ->
                new Made.Faulty(
                    wrong.entrySet().stream()
                        .map(
                            entry -> new Fault("/inputs/" + entry.getKey(), entry.getValue(), 0, 0))
                        .toList());
          };
    };
  }

  @Override
  public List<WorkflowInput> inputs(Workflow workflow) {
    return switch (WorkflowFile.read(workflow.source(), workflow.name())) {
      case Loaded.Bad<WorkflowFile> _ -> List.of();
      case Loaded.Good<WorkflowFile>(WorkflowFile file, _) -> file.inputs();
    };
  }

  @Override
  public Verdict checkWorkflow(String source) {
    return switch (WorkflowFile.read(source, "workflow")) {
      case Loaded.Good<WorkflowFile> _ -> Verdict.sound();
      case Loaded.Bad<WorkflowFile>(var faults, _) -> new Verdict(true, shown(faults, "/source"));
    };
  }

  private static List<Fault> shown(
      List<dev.agentrunner.adapter.yaml.Fault> faults, String pointer) {
    return faults.stream()
        .map(fault ->
            fault.at() instanceof Origin.InFile at
                ? new Fault(pointer, text(fault), at.line(), at.column())
                : new Fault(pointer, text(fault), 0, 0))
        .toList();
  }

  private static String text(dev.agentrunner.adapter.yaml.Fault fault) {
    return fault.message() + "; " + fault.cure();
  }

  @Override
  public List<ProviderCard> providers() {
    return workbench.providers(
        workbench.prepare(
            new Sources(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty())));
  }
}
