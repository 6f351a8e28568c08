package dev.agentrunner.server;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.engine.HandTools.Told;
import dev.agentrunner.json.ArgumentsJson;
import dev.agentrunner.port.Registry;
import dev.agentrunner.port.RunStore;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The agent's tools, git's among them, called over HTTP under the rules that the agent has. */
final class Toolbox implements Resource {

  private final Registry registry;
  private final RunStore store;
  private final ProjectTools tools;

  Toolbox(Registry registry, RunStore store, ProjectTools tools) {
    this.registry = registry;
    this.store = store;
    this.tools = tools;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/projects/{name}/tools", Scope.READ, this::list),
        Route.post("/projects/{name}/tools/{tool}", Scope.WRITE, call -> call(call, "")),
        Route.post("/projects/{name}/git/{tool}", Scope.WRITE, call -> call(call, "git_")));
  }

  private Answer list(Call call) {
    return Answer.json(
        200,
        tools.tools(ProjectFiles.project(registry, call)),
        (out, all) ->
            out.objects(
                "tools",
                all,
                (one, tool) ->
                    one.text("name", tool.name())
                        .text("description", tool.description())
                        .values("parameters", tool.parameters())));
  }

  private Answer call(Call call, String prefix) {
    Project project = ProjectFiles.project(registry, call);
    String name = prefix + call.place("tool");
    if (tools.tools(project).stream().map(ToolSpec::name).noneMatch(name::equals)) {
      throw new ProblemException(
          Problem.notFound("The project has no tool %s; see its tools.".formatted(name)));
    }
    ProjectFiles.checkIdle(store, project.name());
    String arguments = new String(call.body(), StandardCharsets.UTF_8);
    Told told =
        tools.call(
            project,
            new ToolCall(
                call.trace(), name, ArgumentsJson.read(arguments.isBlank() ? "{}" : arguments)));
    return Answer.json(
        200, told, (out, said) -> out.flag("failed", said.failed()).text("text", said.text()));
  }
}
