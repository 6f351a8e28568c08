package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.port.Registry;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The folders that runs work in. */
final class Projects implements Resource {

  private final Registry registry;

  Projects(Registry registry) {
    this.registry = registry;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/projects", Scope.READ, this::list),
        Route.post("/projects", Scope.ADMIN, this::add).creating(),
        Route.get("/projects/{name}", Scope.READ, call -> shown(200, project(call))),
        Route.delete("/projects/{name}", Scope.ADMIN, this::remove));
  }

  private Answer list(Call call) {
    return Answer.json(
        200, registry.projects(), (out, all) -> out.objects("projects", all, Shown::project));
  }

  private Answer add(Call call) {
    Sent sent = call.sent();
    String name =
        sent.required(
            "name", Names.MAX, Names::isPlain, "must be 1 to 64 of letters, digits, . _ and -");
    String folder =
        sent.required("folder", 4_096, Projects::isAbsolute, "must be an absolute path");
    sent.end();
    Project added =
        registry
            .addProject(name, folder)
            .orElseThrow(() ->
                new ProblemException(
                    Problem.conflict("project-exists", "There is a project of that name.")));
    return shown(201, added).with("Location", Routes.PREFIX + "/projects/" + name);
  }

  private static boolean isAbsolute(String folder) {
    try {
      return Path.of(folder).isAbsolute();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private Project project(Call call) {
    return registry
        .project(call.place("name"))
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("There is no project of that name.")));
  }

  private static Answer shown(int status, Project project) {
    return Answer.json(status, project, Shown::project)
        .with("ETag", Versions.tag(project.version()));
  }

  private Answer remove(Call call) {
    Project project = project(call);
    long version = Versions.seen(call, project.version());
    if (!registry.removeProject(project.name(), version)) {
      Optional<Project> now = registry.project(project.name());
      if (now.isPresent() && now.get().version() != version) {
        throw Versions.changed();
      }
      throw new ProblemException(
          Problem.conflict("project-in-use", "Runs of the project are not over yet."));
    }
    return Answer.empty(204);
  }
}
