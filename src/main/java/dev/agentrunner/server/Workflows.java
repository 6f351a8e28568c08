package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.port.Registry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Workflows and their revisions. A source is sent as {@code application/yaml}, its name in the
 * address, or as a member of a JSON object.
 */
final class Workflows implements Resource {

  private final Registry registry;
  private final Workshop workshop;

  Workflows(Registry registry, Workshop workshop) {
    this.registry = registry;
    this.workshop = workshop;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/workflows", Scope.READ, this::list),
        Route.post("/workflows", Scope.WRITE, this::add)
            .alsoTaking(Media.YAML)
            .knowing("name")
            .creating(),
        Route.post("/workflows/validate", Scope.READ, this::validate).alsoTaking(Media.YAML),
        Route.get("/workflows/{name}", Scope.READ, this::newest),
        Route.sending("PUT", "/workflows/{name}", Scope.WRITE, this::revise).alsoTaking(Media.YAML),
        Route.get("/workflows/{name}/revisions", Scope.READ, this::revisions),
        Route.get("/workflows/{name}/revisions/{revision}", Scope.READ, this::revision));
  }

  private Answer list(Call call) {
    return Answer.json(
        200,
        registry.workflows(),
        (out, all) -> out.objects("workflows", all, Shown::workflowHead));
  }

  /**
   * A source that was sent.
   *
   * @param member of the body it stood in; empty if it was the body
   */
  private record Source(String text, String member) {}

  private Answer add(Call call) {
    String name;
    Source source;
    if (isYaml(call)) {
      name = call.query("name").orElse("");
      source = source(call, Sent.of(Map.of()));
      checkSource(source);
      if (!Names.isPlain(name)) {
        throw new ProblemException(
            Problem.badRequest("name says in the address what the workflow is to be called."));
      }
    } else {
      Sent sent = call.sent();
      name =
          sent.required(
              "name", Names.MAX, Names::isPlain, "must be 1 to 64 of letters, digits, . _ and -");
      source = source(call, sent);
      checkSource(source);
    }
    Workflow added =
        registry
            .addRevision(name, 0, source.text())
            .orElseThrow(() ->
                new ProblemException(
                    Problem.conflict(
                        "workflow-exists",
                        "There is a workflow of that name; PUT makes a new revision of it.")));
    return shown(201, added).with("Location", Routes.PREFIX + "/workflows/" + name);
  }

  private Answer revise(Call call) {
    Workflow before = newestOf(call);
    int after = (int) Versions.seen(call, before.revision());
    Source source = source(call, isYaml(call) ? Sent.of(Map.of()) : call.sent());
    checkSource(source);
    return shown(
        200,
        registry.addRevision(before.name(), after, source.text()).orElseThrow(Versions::changed));
  }

  private Answer validate(Call call) {
    Source source = source(call, isYaml(call) ? Sent.of(Map.of()) : call.sent());
    List<Fault> faults = workshop.checkWorkflow(source.text()).faults();
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalidContent(in(source, faults)));
    }
    return Answer.json(200, true, (out, sound) -> out.flag("ok", sound));
  }

  private static boolean isYaml(Call call) {
    return !call.header("content-type").map(Media::isJson).orElse(true);
  }

  private static Source source(Call call, Sent sent) {
    if (!isYaml(call)) {
      String text =
          sent.required(
              "source", Limits.BODY_BYTES_MAX, given -> !given.isBlank(), "must be the workflow");
      sent.end();
      return new Source(text, Sent.pointer("source"));
    }
    try {
      return new Source(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(call.body())).toString(), "");
    } catch (CharacterCodingException e) {
      throw new ProblemException(Problem.badRequest("The body is no UTF-8."));
    }
  }

  /**
   * @throws ProblemException if it is no workflow: as a body of its own that cannot be read it is
   *     no request, else one that cannot be done
   */
  private void checkSource(Source source) {
    Workshop.Verdict verdict = workshop.checkWorkflow(source.text());
    if (verdict.faults().isEmpty()) {
      return;
    }
    List<Fault> faults = in(source, verdict.faults());
    throw new ProblemException(
        source.member().isEmpty() && !verdict.readable()
            ? Problem.invalidBody(faults)
            : Problem.invalidContent(faults));
  }

  private static List<Fault> in(Source source, List<Fault> faults) {
    return faults.stream()
        .map(fault -> new Fault(source.member(), fault.detail(), fault.line(), fault.column()))
        .toList();
  }

  private Answer newest(Call call) {
    return shown(200, newestOf(call));
  }

  private Workflow newestOf(Call call) {
    return all(call).getFirst();
  }

  private List<Workflow> all(Call call) {
    List<Workflow> revisions = registry.revisions(call.place("name"));
    if (revisions.isEmpty()) {
      throw new ProblemException(Problem.notFound("There is no workflow of that name."));
    }
    return revisions;
  }

  private Answer revisions(Call call) {
    return Answer.json(
        200, all(call), (out, all) -> out.objects("revisions", all, Shown::workflowHead));
  }

  private Answer revision(Call call) {
    Optional<Workflow> found =
        all(call).stream()
            .filter(one -> String.valueOf(one.revision()).equals(call.place("revision")))
            .findFirst();
    return shown(
        200,
        found.orElseThrow(
            () -> new ProblemException(Problem.notFound("There is no such revision of it."))));
  }

  private static Answer shown(int status, Workflow workflow) {
    return Answer.json(status, workflow, Shown::workflow)
        .with("ETag", Versions.tag(workflow.revision()));
  }
}
