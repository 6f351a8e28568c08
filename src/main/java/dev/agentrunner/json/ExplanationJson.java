package dev.agentrunner.json;

import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.report.Explanation;
import dev.agentrunner.core.report.Explanation.TaskFiles;
import dev.agentrunner.core.report.Question;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.report.TaskReport;
import dev.agentrunner.core.report.TaskReport.HookRun;
import dev.agentrunner.core.run.RunEvent.StepInterrupted;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.TaskId;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Why a run is where it is, as scripts read it: {@code explain --output json}. */
public final class ExplanationJson {

  private ExplanationJson() {}

  /** One object: all that {@code status} has, and why, what is safe and what comes next. */
  public static byte[] write(Explanation explanation) {
    return JsonWriter.bytes(explanation, ExplanationJson::explanation, Bodies.INLINE);
  }

  private static void explanation(JsonWriter out, Explanation told) throws IOException {
    RunState state = told.report().state();
    ReportJson.status(out, state);
    out.text("standing", word(told.standing()));
    if (told.standing() instanceof Standing.GoingOn(String holder)) {
      out.text("holder", holder);
    }
    out.objects("under_way", told.underWay(), ExplanationJson::step)
        .objectIfAny("question", told.question(), ExplanationJson::question)
        .number("resumed", told.report().stops())
        .duration("at_work", told.report().atWork())
        .duration("stood_still", told.report().stoodStill())
        .objects("providers", told.report().providers().entrySet(), ExplanationJson::provider)
        .objects(
            "failures",
            told.report().tasks().stream().filter(ExplanationJson::isFailure).toList(),
            ExplanationJson::failure)
        .objects("files", told.files().entrySet(), ExplanationJson::files)
        .objects(
            "commits",
            told.report().tasks().stream().flatMap(task -> task.git().commits().stream()).toList(),
            (to, commit) ->
                to.text("task", commit.task().value())
                    .text("commit", commit.commit())
                    .text("branch", commit.branch()))
        .objects(
            "pushes",
            told.report().tasks().stream().flatMap(task -> task.git().pushes().stream()).toList(),
            (to, push) ->
                to.text("task", push.task().value())
                    .text("remote", push.remote())
                    .text("branch", push.branch()))
        .objects(
            "next",
            told.next(),
            (to, next) -> to.text("when", next.when()).text("command", next.command()));
  }

  private static String word(Standing standing) {
    return switch (standing) {
      case Standing.Over _ -> "over";
      case Standing.Paused _ -> "paused";
      case Standing.GoingOn _ -> "going_on";
      case Standing.CutOff _ -> "cut_off";
    };
  }

  private static void step(JsonWriter out, StepInterrupted step) throws IOException {
    out.text("task", step.task().value())
        .number("attempt", step.attempt())
        .text("step", step.step());
  }

  private static void question(JsonWriter out, Question question) throws IOException {
    out.text("task", question.task().value()).text("summary", question.summary());
  }

  private static void provider(JsonWriter out, Map.Entry<String, Usage> provider)
      throws IOException {
    out.text("name", provider.getKey()).object("usage", provider.getValue(), ReportJson::usage);
  }

  private static boolean isFailure(TaskReport task) {
    return task.state().status() == TaskStatus.FAILED || task.lastFailure().isPresent();
  }

  private static void failure(JsonWriter out, TaskReport task) throws IOException {
    out.text("task", task.state().id().value())
        .text("reason", task.state().remark())
        .objectIfAny("hook", task.lastFailure(), ExplanationJson::hook);
  }

  private static void hook(JsonWriter out, HookRun run) throws IOException {
    out.text("name", run.hook().value())
        .text("stage", run.stage().name().toLowerCase(Locale.ROOT))
        .number("attempt", run.attempt())
        .text("verdict", run.result().verdict())
        .text("output", run.result().output());
  }

  private static void files(JsonWriter out, Map.Entry<TaskId, TaskFiles> files) throws IOException {
    TaskFiles changed = files.getValue();
    out.text("task", files.getKey().value())
        .flag("undoable", changed.undoable())
        .flag("restored", changed.restored());
    paths(out, "by_tools", changed.edited());
    paths(out, "by_others", changed.others());
    paths(out, "in_doubt", changed.inDoubt());
  }

  private static void paths(JsonWriter out, String name, List<String> paths) throws IOException {
    out.objects(name, paths, (to, path) -> to.text("path", path));
  }
}
