package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.port.Registry;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.port.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of projects, as an agent may see and change them. Nothing is changed while a run works
 * in the project.
 */
final class ProjectFiles implements Resource {

  private static final int LISTED_MAX = 10_000;
  private static final int FOUND_MAX = 1_000;

  private final Registry registry;
  private final RunStore store;
  private final ProjectTools tools;

  ProjectFiles(Registry registry, RunStore store, ProjectTools tools) {
    this.registry = registry;
    this.store = store;
    this.tools = tools;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/projects/{name}/files", Scope.READ, this::list)
            .knowing("under", "glob", "limit"),
        Route.get("/projects/{name}/files/{path+}", Scope.READ, this::read).producing(Route.ANY),
        Route.sending("PUT", "/projects/{name}/files/{path+}", Scope.WRITE, this::write)
            .alsoTaking("application/octet-stream", "text/plain"),
        Route.delete("/projects/{name}/files/{path+}", Scope.WRITE, this::delete),
        Route.post("/projects/{name}/search", Scope.READ, this::search));
  }

  static Project project(Registry registry, Call call) {
    return registry
        .project(call.place("name"))
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("There is no project of that name.")));
  }

  private Workspace files(Call call) {
    return tools.files(project(registry, call));
  }

  private Answer list(Call call) {
    int limit = (int) call.number("limit", 1_000, 1, LISTED_MAX);
    Workspace.Listing listing =
        files(call).list(call.query("under").orElse(""), call.query("glob"), limit);
    listing.refused().ifPresent(ProjectFiles::refuse);
    return Answer.json(
        200, listing, (out, found) -> out.texts("files", found.paths()).flag("more", found.more()));
  }

  private Answer search(Call call) {
    Sent sent = call.sent();
    String pattern =
        sent.required("pattern", 1_000, text -> !text.isEmpty(), "must be a regular expression");
    Optional<String> glob = sent.text("glob", 1_000);
    int limit = Math.min(sent.integer("limit").orElse(100), FOUND_MAX);
    sent.end();
    Workspace.Matches matches = files(call).search(pattern, glob, limit);
    if (matches.found().isEmpty()) {
      matches.refused().ifPresent(ProjectFiles::refuse);
    }
    return Answer.json(
        200,
        matches,
        (out, all) ->
            out.objects(
                    "matches",
                    all.found(),
                    (one, match) ->
                        one.text("path", match.path())
                            .number("line", match.line())
                            .text("text", match.text()))
                .flag("more", all.more()));
  }

  private Answer read(Call call) {
    byte[] bytes = content(files(call), call.place("path"));
    String tag = tag(bytes);
    return Versions.isKnown(call, tag)
        ? Answer.empty(304).with("ETag", tag)
        : Answer.whole(200, "application/octet-stream", bytes).with("ETag", tag);
  }

  private static byte[] content(Workspace files, String path) {
    return switch (files.read(path)) {
      case Workspace.Content.Bytes(byte[] bytes) -> bytes;
      case Workspace.Content.Missing() ->
          throw new ProblemException(Problem.notFound("There is no such file."));
      case Workspace.Content.Refused(String reason) -> throw refused(reason);
    };
  }

  private Answer write(Call call) {
    checkIdle(call);
    Workspace files = files(call);
    String path = call.place("path");
    Optional<String> before =
        switch (files.read(path)) {
          case Workspace.Content.Bytes(byte[] bytes) -> Optional.of(digest(bytes));
          case Workspace.Content.Missing() -> Optional.empty();
          case Workspace.Content.Refused(String reason) -> throw refused(reason);
        };
    checkSeen(call, before);
    files.write(path, call.body(), before).ifPresent(ProjectFiles::refuse);
    return Answer.empty(before.isPresent() ? 204 : 201).with("ETag", tag(call.body()));
  }

  private Answer delete(Call call) {
    checkIdle(call);
    Workspace files = files(call);
    String before = digest(content(files, call.place("path")));
    checkSeen(call, Optional.of(before));
    files.delete(call.place("path"), before).ifPresent(ProjectFiles::refuse);
    return Answer.empty(204);
  }

  /** Nobody's change is lost to somebody who has not seen it. */
  private static void checkSeen(Call call, Optional<String> now) {
    Optional<String> seen = call.header("if-match");
    if (now.isPresent() && call.header("if-none-match").isPresent()) {
      throw Versions.changed();
    }
    if (now.isPresent() && seen.isEmpty()) {
      throw new ProblemException(
          Problem.of(
              428,
              "precondition-required",
              "The file is there already",
              "Send If-Match with the ETag it was read with."));
    }
    if (seen.isPresent() && !seen.get().equals("\"" + now.orElse("") + "\"")) {
      throw Versions.changed();
    }
  }

  private void checkIdle(Call call) {
    checkIdle(store, call.place("name"));
  }

  /** Refuses to change what a run works on. */
  static void checkIdle(RunStore store, String project) {
    var working =
        new RunFilter(
            Set.of(RunStatus.RUNNING), Set.of(), Map.of(), Optional.of(project), Optional.empty());
    store.runs(working, Optional.empty(), 200).items().stream()
        .filter(run -> run.held().isPresent())
        .map(RunRecord::id)
        .findFirst()
        .ifPresent(run -> {
          throw new ProblemException(
              Problem.conflict("project-in-use", "Run %s works in the project.".formatted(run)));
        });
  }

  private static String digest(byte[] bytes) {
    return EventJson.digest(bytes, 0, bytes.length);
  }

  private static String tag(byte[] bytes) {
    return "\"" + digest(bytes) + "\"";
  }

  private static void refuse(String reason) {
    throw refused(reason);
  }

  private static ProblemException refused(String reason) {
    return new ProblemException(
        Problem.of(403, "refused", "The project does not allow it", reason));
  }
}
