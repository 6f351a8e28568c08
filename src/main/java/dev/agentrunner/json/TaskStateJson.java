package dev.agentrunner.json;

import dev.agentrunner.core.run.Approval;
import dev.agentrunner.core.run.Conversation;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Lessons;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.ToolCalled;
import dev.agentrunner.core.run.Session;
import dev.agentrunner.core.run.Setback;
import dev.agentrunner.core.run.Stage;
import dev.agentrunner.core.run.TaskCheckpoints;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.HookId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One task within the state of a run. */
final class TaskStateJson {

  private static final Words<TaskStatus> STATUSES = new Words<>(TaskStatus.values());
  private static final Words<Decision> DECISIONS = new Words<>(Decision.values());
  private static final Words<Stage.Delivering.Delivered> DELIVERED =
      new Words<>(Stage.Delivering.Delivered.values());

  private static final Words<TaskCheckpoints.Moment> MOMENTS =
      new Words<>(TaskCheckpoints.Moment.values());

  private TaskStateJson() {}

  static void task(JsonWriter out, TaskState task) throws IOException {
    out.object("planned", task.planned(), RunJson::planned)
        .text("status", STATUSES.word(task.status()))
        .number("attempts", task.attempts())
        .number("granted", task.granted())
        .object("usage", task.usage(), ChatJson::usage)
        .text("remark", task.remark())
        .flag("verified", task.verified())
        .timeIfAny("started_at", task.work().started())
        .timeIfAny("ended_at", task.work().ended())
        .durationIfAny("idle", Optional.of(task.work().idle()).filter(Duration::isPositive))
        .number("calls", task.work().calls())
        .object("checkpoints", task.checkpoints(), TaskStateJson::checkpoints)
        .object("lessons", task.lessons(), LessonsJson::lessons)
        .objectIfAny("stage", task.stage(), TaskStateJson::stage)
        .objectIfAny("session", task.session(), TaskStateJson::session)
        .objectIfAny("worktree", task.worktree(), WorktreeJson::worktree);
  }

  static TaskState task(JsonObject in) {
    return new TaskState(
        in.object("planned", RunJson::planned),
        in.word("status", STATUSES),
        in.integer("attempts"),
        in.integer("granted"),
        in.object("usage", ChatJson::usage),
        in.text("remark"),
        in.flag("verified"),
        new TaskState.Work(
            in.timeIfAny("started_at"),
            in.timeIfAny("ended_at"),
            in.durationIfAny("idle").orElse(Duration.ZERO),
            in.integer("calls")),
        in.objectIfAny("checkpoints", TaskStateJson::checkpoints).orElse(TaskCheckpoints.NONE),
        in.objectIfAny("lessons", LessonsJson::lessons).orElse(Lessons.NONE),
        in.objectIfAny("stage", TaskStateJson::stage),
        in.objectIfAny("session", TaskStateJson::session),
        in.objectIfAny("worktree", WorktreeJson::worktree));
  }

  private static void session(JsonWriter out, Session session) throws IOException {
    out.text("provider", session.provider())
        .text("model", session.model())
        .object("echo", session.echo(), ChatJson::echo);
  }

  private static Session session(JsonObject in) {
    return new Session(in.text("provider"), in.text("model"), in.object("echo", ChatJson::echo));
  }

  private static void checkpoints(JsonWriter out, TaskCheckpoints kept) throws IOException {
    out.textIfAny("first", kept.first().map(TreeId::hex))
        .objectIfAny("last", kept.last(), TaskStateJson::taken)
        .textIfAny("after", kept.after().map(TreeId::hex))
        .flag("restored", kept.restored())
        .object("guarded", kept.guarded(), TaskStateJson::guarded);
  }

  private static TaskCheckpoints checkpoints(JsonObject in) {
    return new TaskCheckpoints(
        in.idIfAny("first", TreeId::new),
        in.objectIfAny("last", TaskStateJson::taken),
        in.idIfAny("after", TreeId::new),
        in.flag("restored"),
        in.objectIfAny("guarded", TaskStateJson::guarded).orElse(TaskCheckpoints.Guarded.NOTHING));
  }

  private static void guarded(JsonWriter out, TaskCheckpoints.Guarded guarded) throws IOException {
    out.number("attempts", guarded.attempts())
        .objectIfAny("found", guarded.found(), TaskStateJson::placed);
  }

  private static TaskCheckpoints.Guarded guarded(JsonObject in) {
    return new TaskCheckpoints.Guarded(
        in.integer("attempts"),
        in.objectIfAny("found", found -> EventData.tamperFound(found, found)));
  }

  private static void taken(JsonWriter out, TaskCheckpoints.Taken taken) throws IOException {
    out.number("attempt", taken.attempt()).text("when", MOMENTS.word(taken.when()));
  }

  private static TaskCheckpoints.Taken taken(JsonObject in) {
    return new TaskCheckpoints.Taken(in.integer("attempt"), in.word("when", MOMENTS));
  }

  private static void stage(JsonWriter out, Stage stage) throws IOException {
    switch (stage) {
      case Stage.Preparing(var passed, var open, var failed) ->
          out.text("kind", "preparing")
              .number("passed", passed)
              .textIfAny("open", open.map(HookId::value))
              .objectIfAny("failed", failed, RunJson::hookResult);
      case Stage.Ready(var setback) ->
          out.text("kind", "ready").objectIfAny("setback", setback, TaskStateJson::setback);
      case Stage.Talking(var conversation) ->
          out.text("kind", "talking")
              .object("conversation", conversation, TaskStateJson::conversation);
      case Stage.Judging judging -> {
        out.text("kind", "judging");
        judging(out, judging);
      }
      case Stage.Delivering(var judged, var at, var branch) ->
          out.text("kind", "delivering")
              .object("judged", judged, TaskStateJson::judging)
              .text("at", DELIVERED.word(at))
              .text("branch", branch);
      case Stage.Asking(var escalation, var answer, var back) ->
          out.text("kind", "asking")
              .object("escalation", escalation, RunJson::escalation)
              .textIfAny("answer", answer.map(DECISIONS::word))
              .object("back", back, TaskStateJson::stage);
    }
  }

  private static Stage stage(JsonObject in) {
    String kind = in.text("kind");
    return switch (kind) {
      case "preparing" ->
          new Stage.Preparing(
              in.integer("passed"),
              in.idIfAny("open", HookId::new),
              in.objectIfAny("failed", RunJson::hookResult));
      case "ready" -> new Stage.Ready(in.objectIfAny("setback", TaskStateJson::setback));
      case "talking" -> new Stage.Talking(in.object("conversation", TaskStateJson::conversation));
      case "judging" -> judging(in);
      case "delivering" ->
          new Stage.Delivering(
              in.object("judged", TaskStateJson::judging),
              in.word("at", DELIVERED),
              in.text("branch"));
      case "asking" ->
          new Stage.Asking(
              in.object("escalation", RunJson::escalation),
              in.wordIfAny("answer", DECISIONS),
              in.object("back", TaskStateJson::stage));
      default -> throw in.unknown("kind", kind);
    };
  }

  private static void judging(JsonWriter out, Stage.Judging judging) throws IOException {
    out.text("summary", judging.summary())
        .number("passed", judging.passed())
        .textIfAny("open", judging.open().map(HookId::value))
        .objectIfAny("failed", judging.failed(), RunJson::hookResult);
  }

  private static Stage.Judging judging(JsonObject in) {
    return new Stage.Judging(
        in.text("summary"),
        in.integer("passed"),
        in.idIfAny("open", HookId::new),
        in.objectIfAny("failed", RunJson::hookResult));
  }

  private static void setback(JsonWriter out, Setback setback) throws IOException {
    out.text("reason", setback.reason())
        .text("detail", setback.detail())
        .text("diagnosis", setback.diagnosis());
  }

  private static Setback setback(JsonObject in) {
    return new Setback(in.text("reason"), in.text("detail"), in.textIfAny("diagnosis").orElse(""));
  }

  private static void conversation(JsonWriter out, Conversation talk) throws IOException {
    out.text("provider", talk.provider())
        .text("model", talk.model())
        .objects("messages", talk.messages(), ChatJson::message)
        .number("replies", talk.replies())
        .number("tokens", talk.tokens())
        .objects("results", talk.results(), ChatJson::toolResult)
        .objectIfAny("begun", talk.begun(), TaskStateJson::begun)
        .objectIfAny("approval", talk.approval(), TaskStateJson::approval)
        .flag("asked", talk.asked())
        .object("troubles", talk.troubles(), TaskStateJson::troubles)
        .time("since", talk.since());
  }

  private static Conversation conversation(JsonObject in) {
    return new Conversation(
        in.text("provider"),
        in.text("model"),
        in.objects("messages", ChatJson::message),
        in.integer("replies"),
        in.number("tokens"),
        in.objects("results", ChatJson::toolResult),
        in.objectIfAny("begun", TaskStateJson::begun),
        in.objectIfAny("approval", TaskStateJson::approval),
        in.flag("asked"),
        in.object("troubles", TaskStateJson::troubles),
        in.time("since"));
  }

  private static void begun(JsonWriter out, ToolCalled begun) throws IOException {
    EventJson.place(out, begun);
    EventData.write(out, begun);
  }

  private static ToolCalled begun(JsonObject in) {
    return EventData.toolCalled(in, in);
  }

  private static void approval(JsonWriter out, Approval approval) throws IOException {
    out.object("requested", approval.requested(), TaskStateJson::placed)
        .objectIfAny("given", approval.given(), TaskStateJson::placed)
        .time("since", approval.since());
  }

  private static Approval approval(JsonObject in) {
    return new Approval(
        in.object("requested", requested -> EventData.approvalRequested(requested, requested)),
        in.objectIfAny("given", given -> EventData.approvalGiven(given, given)),
        in.time("since"));
  }

  private static void placed(JsonWriter out, RunEvent event) throws IOException {
    EventJson.place(out, event);
    EventData.write(out, event);
  }

  private static void troubles(JsonWriter out, Conversation.Troubles troubles) throws IOException {
    out.number("count", troubles.count())
        .objectIfAny("last", troubles.last(), ChatJson::failure)
        .timeIfAny("retry_at", troubles.retryAt());
  }

  private static Conversation.Troubles troubles(JsonObject in) {
    return new Conversation.Troubles(
        in.integer("count"), in.objectIfAny("last", ChatJson::failure), in.timeIfAny("retry_at"));
  }
}
