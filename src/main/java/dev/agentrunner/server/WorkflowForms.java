package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.core.queue.WorkflowInput;
import dev.agentrunner.json.JsonWriter;
import dev.agentrunner.port.Registry;
import java.io.IOException;
import java.util.List;

/** What revisions of workflows ask for, so that a form can be made of it. */
final class WorkflowForms implements Resource {

  private final Registry registry;
  private final Workshop workshop;

  WorkflowForms(Registry registry, Workshop workshop) {
    this.registry = registry;
    this.workshop = workshop;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/workflows/{name}/revisions/{revision}/inputs", Scope.READ, this::inputs));
  }

  private Answer inputs(Call call) {
    Workflow workflow =
        registry.revisions(call.place("name")).stream()
            .filter(one -> String.valueOf(one.revision()).equals(call.place("revision")))
            .findFirst()
            .orElseThrow(() ->
                new ProblemException(Problem.notFound("There is no such workflow or revision.")));
    return Answer.json(
        200,
        workshop.inputs(workflow),
        (out, all) ->
            out.number("revision", workflow.revision())
                .objects("inputs", all, WorkflowForms::input));
  }

  private static void input(JsonWriter out, WorkflowInput input) throws IOException {
    out.text("name", input.name())
        .text("description", input.description())
        .text("type", input.type())
        .texts("choices", input.choices())
        .textIfAny("default", input.standard());
  }
}
