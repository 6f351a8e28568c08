package dev.agentrunner;

import dev.agentrunner.adapter.command.CommandCheckup;
import dev.agentrunner.adapter.command.CommandModel;
import dev.agentrunner.adapter.process.SystemProcesses;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.Payer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Those providers that are other agents' command lines. */
final class LocalAgents {

  private final Path project;
  private final Map<String, String> environment;
  private final Function<Task, String> folders;
  private final InstantSource clock;
  private Optional<SystemProcesses> processes = Optional.empty();

  /**
   * @param environment the runner's own
   * @param folders where the agent of a task works, as an absolute path
   */
  LocalAgents(
      Path project,
      Map<String, String> environment,
      Function<Task, String> folders,
      InstantSource clock) {
    this.project = project;
    this.environment = environment;
    this.folders = folders;
    this.clock = clock;
  }

  /** Made for each task anew: it works in the task's folder, and holds nothing open. */
  ChatModel model(ProviderSettings provider, Task task) {
    return model(provider, folders.apply(task));
  }

  /** One that works in the project's own folder, for a question that is about no task. */
  ChatModel model(ProviderSettings provider) {
    return model(provider, project.toString());
  }

  private ChatModel model(ProviderSettings provider, String folder) {
    return CommandModel.of(provider, project, environment, folder, processes(), clock);
  }

  Payer payer(ProviderSettings provider, String model) {
    return CommandModel.payer(provider, project, environment, model);
  }

  CommandCheckup checkup(ProviderSettings provider) {
    return new CommandCheckup(provider, project, environment, processes());
  }

  /** Apart from those of hooks, whose environment they do not share. */
  private synchronized SystemProcesses processes() {
    SystemProcesses made =
        processes.orElseGet(() -> new SystemProcesses(LocalSession.GRACE, environment));
    processes = Optional.of(made);
    return made;
  }

  /** Ends every agent at once, without asking. Callable from any thread. */
  void endAll() {
    Optional<SystemProcesses> made;
    synchronized (this) {
      made = processes;
    }
    made.ifPresent(SystemProcesses::endAll);
  }
}
