package dev.agentrunner.server;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.engine.HandTools.Told;
import dev.agentrunner.port.Workspace;
import java.util.List;

/** The agent's tools in projects, for whoever calls them by hand: under the same rules. */
public interface ProjectTools {

  /**
   * The files of a project, confined as an agent is.
   *
   * @throws dev.agentrunner.port.UsageException if its folder is not there
   */
  Workspace files(Project project);

  /** What can be called, by the project's settings. */
  List<ToolSpec> tools(Project project);

  /**
   * Makes one call; what needs a person's leave is refused, for nobody is asked.
   *
   * @throws dev.agentrunner.port.UsageException if the project's settings cannot be read
   */
  Told call(Project project, ToolCall call);
}
