package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.engine.Planned.Said;
import dev.agentrunner.port.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tools the agent is given, by name. */
public final class AgentTools {

  private static final ToolSpec FINISH =
      new ToolSpec(
          "finish",
          "Call this once the task is done and you have checked it. The post-hooks then decide whether it is.",
          new Parameters()
              .need("summary", "string", "What you did and why, in a few sentences.")
              .may(
                  "question",
                  "string",
                  "Only if you cannot go on before a person has decided something: what, and the choices. You will be told the answer.")
              .schema());

  private static final List<Tool> TOOLS =
      List.of(
          new ReadingTools.ReadFile(),
          new ReadingTools.ListFiles(),
          new ReadingTools.SearchText(),
          new WritingTools.WriteFile(),
          new WritingTools.EditFile(),
          new RunningTools.RunCommand());

  /** A tool of the agent's. */
  interface Tool {

    ToolSpec spec();

    /**
     * What the call is going to do.
     *
     * @throws Arguments.Unfit if its arguments make no sense
     */
    Planned plan(Arguments arguments, Reach reach);
  }

  /** What the model is told of them. */
  public static List<ToolSpec> specs() {
    List<ToolSpec> specs = new ArrayList<>(TOOLS.stream().map(Tool::spec).toList());
    specs.add(FINISH);
    return specs;
  }

  Planned plan(ToolCall call, Reach reach) {
    Optional<Tool> tool =
        TOOLS.stream().filter(one -> one.spec().name().equals(call.name())).findFirst();
    try {
      Arguments arguments = Arguments.of(call);
      return tool.map(one -> one.plan(arguments, reach)).orElseGet(() -> unknown(call));
    } catch (Arguments.Unfit unfit) {
      return says(String.valueOf(unfit.getMessage()));
    }
  }

  private static Planned unknown(ToolCall call) {
    return says(
        "There is no tool '%s'. There are: %s."
            .formatted(
                call.name(),
                specs().stream().map(ToolSpec::name).collect(Collectors.joining(", "))));
  }

  private static Planned says(String wrong) {
    return new Planned.Reads(() -> Said.wrong(wrong));
  }

  /** Whether the files hold what {@code changes} were to leave in them. */
  boolean stands(List<FileChange> changes, Workspace workspace) {
    return changes.stream()
        .allMatch(change ->
            switch (workspace.read(change.path())) {
              case Workspace.Content.Bytes(byte[] bytes) ->
                  change.after().equals(Optional.of(Digest.of(bytes)));
              case Workspace.Content.Missing() -> change.after().isEmpty();
              case Workspace.Content.Refused(String reason) -> false;
            });
  }
}
